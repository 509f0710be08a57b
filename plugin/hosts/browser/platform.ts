import type { PanelPlatform } from '../../panel';
import { semantics } from './semantics';

/** Hands a file to the user as a download. */
export function deliver(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has its own hold on the blob once it has begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export function createPlatform(): PanelPlatform {
  return {
    async imageUrl({ width, height, data }) {
      const canvas = document.createElement('canvas');
      canvas.width = width;
      canvas.height = height;
      const image = new ImageData(Uint8ClampedArray.from(data), width, height);
      canvas.getContext('2d')!.putImageData(image, 0, 0);
      return canvas.toDataURL('image/png');
    },
    async chooseCheckpoint() {
      const file = await chooseFile('.pt,.pth,.ckpt');
      return file && { name: file.name, content: new Uint8Array(await file.arrayBuffer()) };
    },
    selfCheck: null,
    notesLayers: true,
    async saveFile(name, content) {
      deliver(new Blob([typeof content === 'string' ? content : content.slice()]), name);
    },
    systemLanguage: navigator.language,
    semantics,
    randomSeed: () => crypto.getRandomValues(new Uint32Array(1))[0]!,
  };
}

function chooseFile(accept: string): Promise<File | null> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = accept;
    input.addEventListener('change', () => resolve(input.files?.[0] ?? null));
    input.addEventListener('cancel', () => resolve(null));
    input.click();
  });
}
