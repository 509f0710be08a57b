/** Written by "npm run write:generated": every operation and its name in Photoshop's menus. */
export const operationLabels: Readonly<Record<string, string>> = {
  reconstruct: 'Reconstruct',
  frontalize: 'Frontalize',
  edit: 'Edit',
  'super-resolve': 'Super-resolve',
  inpaint: 'Inpaint',
  'resample-style': 'Resample style',
  'sketch-to-face': 'Sketch to face',
  'labels-to-face': 'Label map to face',
  toonify: 'Toonify or other domain',
};
