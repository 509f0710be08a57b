import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePsd, type Layer, type PixelData, type Psd } from 'ag-psd';

/** Writes the corpus's documents that ag-psd makes: `node dist/test/psd/corpus/agPsd.js FOLDER`. */

const width = 48;
const height = 40;

function picture(w: number, h: number, seed: number): PixelData {
  const data = new Uint8ClampedArray(w * h * 4);
  for (let i = 0; i < w * h; i++) {
    const x = i % w;
    const y = Math.floor(i / w);
    const pixel = [x * 5 + seed * 40, y * 6, ((x * y * seed) >> 2) % 256, 255 - ((x * seed) % 64)];
    data.set(pixel, i * 4);
  }
  return { width: w, height: h, data };
}

function opaque(w: number, h: number, seed: number): PixelData {
  const { data, ...size } = picture(w, h, seed);
  for (let i = 3; i < data.length; i += 4) data[i] = 255;
  return { ...size, data };
}

const background: Layer = {
  name: 'Hintergrund',
  imageData: opaque(width, height, 1),
  transparencyProtected: true,
};
const mask = { left: 8, top: 6, defaultColor: 255, imageData: picture(10, 8, 4) };

const documents: Record<string, Psd> = {
  'ag-psd-groups': document([
    background,
    {
      name: '外側 ✓',
      opened: true,
      opacity: 0.8,
      children: [
        {
          name: 'inner',
          opened: false,
          children: [{ name: 'masked', left: 4, top: 5, mask, imageData: picture(20, 18, 2) }],
        },
        { name: '', left: -10, top: 30, hidden: true, imageData: picture(30, 30, 3) },
        { name: 'empty' },
      ],
    },
  ]),
  'ag-psd-clipping': document([
    background,
    { name: 'base', left: 5, top: 5, imageData: picture(20, 20, 2) },
    { name: 'clipped 1', left: 8, top: 8, clipping: true, imageData: picture(12, 12, 3) },
    {
      name: 'clipped 2',
      left: 2,
      top: 2,
      clipping: true,
      blendMode: 'multiply',
      imageData: picture(9, 9, 5),
    },
    { name: 'free', left: 30, top: 2, imageData: picture(9, 9, 6) },
  ]),
  'ag-psd-adjustments': document([
    background,
    {
      name: 'face',
      left: 10,
      top: 4,
      imageData: picture(24, 24, 2),
      protected: { transparency: true, position: true },
    },
    {
      name: 'Levels',
      adjustment: {
        type: 'levels',
        rgb: {
          shadowInput: 10,
          highlightInput: 240,
          shadowOutput: 0,
          highlightOutput: 255,
          midtoneInput: 1,
        },
      },
    },
    { name: 'fill', hidden: true, vectorFill: { type: 'color', color: { r: 200, g: 20, b: 60 } } },
  ]),
  'ag-psd-effects': document([
    background,
    {
      name: 'shadowed',
      left: 3,
      top: 3,
      imageData: picture(16, 16, 3),
      effects: {
        dropShadow: [
          {
            enabled: true,
            size: { units: 'Pixels', value: 4 },
            distance: { units: 'Pixels', value: 3 },
            angle: 120,
            color: { r: 0, g: 0, b: 0 },
            opacity: 0.6,
          },
        ],
      },
    },
    smartObject(),
  ]),
  'ag-psd-resources': {
    ...document([
      background,
      { name: 'face', left: 10, top: 4, imageData: picture(24, 24, 2) },
      { name: 'linked', linkGroup: 3, imageData: picture(9, 9, 4) },
    ]),
    imageResources: {
      layerState: 2,
      versionInfo: {
        hasRealMergedData: true,
        writerName: 'ag-psd',
        readerName: 'ag-psd',
        fileVersion: 1,
      },
    },
  },
  'ag-psd-unreal-preview': {
    ...document([background]),
    imageResources: {
      versionInfo: {
        hasRealMergedData: false,
        writerName: 'ag-psd',
        readerName: 'ag-psd',
        fileVersion: 1,
      },
    },
  },
};

function document(children: Layer[]): Psd {
  return { width, height, children, imageData: opaque(width, height, 1) };
}

function smartObject(): Layer {
  const id = '20953ddb-9391-11ec-b4f1-c15674f50bc4';
  return {
    name: 'smart',
    left: 26,
    top: 20,
    imageData: picture(8, 8, 5),
    placedLayer: {
      id,
      type: 'raster',
      transform: [26, 20, 34, 20, 34, 28, 26, 28],
      width: 8,
      height: 8,
    },
  };
}

const folder = process.argv[2] ?? '.';
for (const [name, psd] of Object.entries(documents)) {
  for (const psb of [false, true]) {
    const bytes = writePsd(psd, { psb, noBackground: true });
    writeFileSync(join(folder, `${name}.${psb ? 'psb' : 'psd'}`), Buffer.from(bytes));
  }
}
