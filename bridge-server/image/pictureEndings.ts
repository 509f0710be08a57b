import { extname } from 'node:path';

/** How the names of files end that `readImage` reads. */
export const pictureEndings = ['.png', '.jpg', '.jpeg', '.tif', '.tiff', '.webp'] as const;

const endings: ReadonlySet<string> = new Set(pictureEndings);

export const isPicture = (name: string): boolean => endings.has(extname(name).toLowerCase());
