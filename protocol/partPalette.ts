/**
 * The 19 parts of a face: the classes of CelebAMask-HQ in the order of the official label maps, with its
 * published colours. Left and right are the viewer's.
 */
export const partPalette = [
  { name: 'background', rgb: [0, 0, 0] },
  { name: 'skin', rgb: [204, 0, 0] },
  { name: 'nose', rgb: [76, 153, 0] },
  { name: 'glasses', rgb: [204, 204, 0] },
  { name: 'left eye', rgb: [51, 51, 255] },
  { name: 'right eye', rgb: [204, 0, 204] },
  { name: 'left brow', rgb: [0, 255, 255] },
  { name: 'right brow', rgb: [255, 204, 204] },
  { name: 'left ear', rgb: [102, 51, 0] },
  { name: 'right ear', rgb: [255, 0, 0] },
  { name: 'mouth', rgb: [102, 204, 0] },
  { name: 'upper lip', rgb: [255, 255, 0] },
  { name: 'lower lip', rgb: [0, 0, 153] },
  { name: 'hair', rgb: [0, 0, 204] },
  { name: 'hat', rgb: [255, 51, 153] },
  { name: 'earring', rgb: [0, 204, 204] },
  { name: 'necklace', rgb: [0, 51, 0] },
  { name: 'neck', rgb: [255, 153, 51] },
  { name: 'clothing', rgb: [0, 204, 0] },
] as const;

export type PartName = (typeof partPalette)[number]['name'];
