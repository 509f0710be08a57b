import { defineButtons } from './buttons';
import { defineDropdown } from './dropdown';
import { defineFields } from './fields';

/** Defines stand-ins for every Spectrum tag that the panel uses. */
export function defineSpectrum(): void {
  defineButtons();
  defineFields();
  defineDropdown();
}
