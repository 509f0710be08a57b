import { text } from './decode';

/** A name that people read: of a layer, a model, a parameter. */
export const label = text(200);
export const sentence = text(2000);
