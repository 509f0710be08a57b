/** What of a face can be asked for as a mask, in the order in which it is offered. */
export const faceParts = ['eyes', 'brows', 'mouth', 'face', 'skin', 'hair', 'glasses'] as const;
export type FacePart = (typeof faceParts)[number];
