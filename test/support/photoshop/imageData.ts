import type { ColourSpace, PhotoshopImageData, Samples } from '../../../plugin/hosts/photoshop/api';

const live = new WeakMap<PhotoshopImageData, { samples: Samples | null; fullRange: boolean }>();

export interface ImageDataOptions {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly colorSpace: ColourSpace;
  readonly colorProfile: string;
}

const bitsOf = (samples: Samples): 8 | 16 | 32 =>
  samples.BYTES_PER_ELEMENT === 1 ? 8 : samples.BYTES_PER_ELEMENT === 2 ? 16 : 32;

/** Counts what JavaScript holds of Photoshop's memory: whatever is left at the end of a test is a leak. */
export class ImageDataPool {
  /** imaging.md, Performance considerations: "Plugin exceeds memory limit. Currently used memory 600." */
  limitBytes = 600 * 1024 * 1024;
  /** What Photoshop would warn of. */
  readonly warnings: string[] = [];
  private readonly waiting: (() => void)[] = [];
  private readonly open = new Map<
    PhotoshopImageData,
    { readonly what: string; readonly bytes: number }
  >();

  get undisposed(): readonly string[] {
    return [...this.open.values()].map(({ what }) => what);
  }

  /** For tests: pictures that are still on their way are given back once they are drawn. */
  emptied(): Promise<void> {
    if (this.open.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** @param copied bytes that JavaScript gets beside what Photoshop holds for it */
  private weigh(copied: number): void {
    const held = [...this.open.values()].reduce((sum, { bytes }) => sum + bytes, copied);
    if (held > this.limitBytes) {
      this.warnings.push(`Plugin exceeds memory limit. Currently used memory ${held} bytes.`);
    }
  }

  create(samples: Samples, options: ImageDataOptions, origin: string): PhotoshopImageData {
    const { width, height, components, colorSpace, colorProfile } = options;
    const componentSize = bitsOf(samples);
    const colours = colorSpace === 'Grayscale' ? 1 : 3;
    const held = { samples: samples as Samples | null, fullRange: false };
    const imageData: PhotoshopImageData = {
      width,
      height,
      components,
      componentSize,
      colorSpace,
      colorProfile,
      hasAlpha: components > colours,
      getData: async (request) => {
        if (held.samples === null) throw new Error('The image data has been disposed');
        this.weigh(held.samples.byteLength);
        const ordered =
          request.chunky === false ? planar(held.samples, components) : held.samples.slice();
        // 0..32768 is Photoshop's own 16 bit; fullRange stretches it.
        return componentSize === 16 && request.fullRange
          ? ordered.map((value) => Math.round((value * 65535) / 32768))
          : ordered;
      },
      dispose: () => {
        held.samples = null;
        this.open.delete(imageData);
        if (this.open.size === 0) for (const resolve of this.waiting.splice(0)) resolve();
      },
    };
    live.set(imageData, held);
    this.open.set(imageData, {
      what: `${origin}, ${width} x ${height}`,
      bytes: samples.byteLength,
    });
    this.weigh(0);
    return imageData;
  }
}

/** The samples behind image data, as Photoshop itself reads them. */
export function samplesOf(imageData: PhotoshopImageData): Samples {
  const held = live.get(imageData);
  if (held === undefined) throw new Error('Argument imageData is not a PhotoshopImageData');
  if (held.samples === null) throw new Error('The image data has been disposed');
  return held.samples;
}

function planar(samples: Samples, components: number): Samples {
  const pixels = samples.length / components;
  const ordered = samples.slice();
  samples.forEach((value, index) => {
    ordered[(index % components) * pixels + Math.floor(index / components)] = value;
  });
  return ordered;
}
