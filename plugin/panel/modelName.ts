/** "psp_ffhq_toonify.pt" → "psp-ffhq-toonify": what the bridge takes as a name. */
export function modelNameOf(fileName: string): string {
  const plain = fileName
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return plain.slice(0, 64) || 'model';
}
