/** The group's layers blend with what is below the group. */
export const passThrough = 'pass-through';

/** Photoshop's keys and what canvas calls the same blending (W3C Compositing and Blending, part 10). */
const canvasNames: Readonly<Record<string, string>> = {
  norm: 'source-over',
  'mul ': 'multiply',
  scrn: 'screen',
  over: 'overlay',
  dark: 'darken',
  lite: 'lighten',
  'div ': 'color-dodge',
  idiv: 'color-burn',
  hLit: 'hard-light',
  sLit: 'soft-light',
  diff: 'difference',
  smud: 'exclusion',
  'hue ': 'hue',
  'sat ': 'saturation',
  colr: 'color',
  'lum ': 'luminosity',
};

/** Modes that canvas lacks are shown as normal; the file keeps what it has. */
export const canvasBlendMode = (key: string): string => canvasNames[key] ?? 'source-over';
