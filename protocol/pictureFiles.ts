/** How the names of pictures end that page, batch and command line open. */
export const pictureEndings = [
  '.png',
  '.jpg',
  '.jpeg',
  '.tif',
  '.tiff',
  '.webp',
  '.avif',
  '.gif',
] as const;

/** The same for people. */
export const pictureFormats = 'PNG, JPEG, TIFF, WebP, AVIF or GIF';

const endings = new RegExp(`(${pictureEndings.map((ending) => `\\${ending}`).join('|')})$`, 'i');

export const isPictureName = (name: string): boolean => endings.test(name);
