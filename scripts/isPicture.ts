/** Whether a file's name ends as one of the pictures that the product reads. */
export const isPicture = (name: string): boolean => /\.(png|jpe?g|tiff?|webp)$/i.test(name);
