import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { processTerminal } from '../bridge-server/cli/terminal';
import { alignFace, createFaceFinder, faceMask } from '../bridge-server/faces';
import type { FaceFinder } from '../bridge-server/faces';
import { isPictureName } from '../protocol/pictureFiles';
import { readImage } from '../bridge-server/image/readImage';
import { createOnnxEngine } from '../bridge-server/inference/onnxEngine';
import type { Face } from '../protocol/face';
import { changeInMask } from './changeInMask';
import { pasteFace } from './pasteFace';

/** Mean change in 8-bit grey levels that a crop pasted back may make inside its mask. */
const limit = 2;
const areas = ['face', 'head', 'crop'] as const;

/**
 * `npm run check:photos -- FOLDER`: finds the faces of every photograph and pastes each aligned crop,
 * at the resolution that the face has in the picture, back to where it came from. Fails when a
 * photograph shows no usable face or one changes by more than the limit.
 */
async function main(folder: string): Promise<number> {
  const terminal = processTerminal();
  const report = { provider: 'cpu', device: 'CPU', passedOver: [] };
  const engine = createOnnxEngine({ provider: 'cpu', report });
  const finder = createFaceFinder(engine);
  const names = (await readdir(folder)).filter(isPictureName);
  let failures = 0;
  terminal.out(['photograph'.padEnd(28), 'face', 'side', 'yaw', ...areas].join('\t'));
  for (const name of names.sort()) {
    const rows = await checkPhoto(finder, join(folder, name));
    if (rows.length === 0) failures++;
    if (rows.length === 0) terminal.out(`${name.padEnd(28)}\tno usable face`);
    for (const { face, side, changes } of rows) {
      if (Math.max(...changes) >= limit) failures++;
      const numbers = [side.toFixed(0), face.yaw.toFixed(2), ...changes.map((c) => c.toFixed(2))];
      terminal.out([name.padEnd(28), face.score.toFixed(2), ...numbers].join('\t'));
    }
  }
  await engine.close();
  terminal.out(failures === 0 ? `\nAll of ${names.length} pass.` : `\n${failures} failed.`);
  return failures === 0 ? 0 : 1;
}

interface Row {
  readonly face: Face;
  /** Of the crop, in the picture's pixels. */
  readonly side: number;
  /** For every mask area, mean change in grey levels. */
  readonly changes: readonly number[];
}

async function checkPhoto(finder: FaceFinder, path: string): Promise<readonly Row[]> {
  const raster = await readImage(path);
  const faces = await finder.find(raster);
  return faces
    .filter(({ refusal }) => refusal === null)
    .map((face) => {
      const [topLeft, topRight] = face.quad;
      const side = Math.hypot(topRight.x - topLeft.x, topRight.y - topLeft.y);
      const aligned = alignFace(raster, face.quad, Math.ceil(1.5 * side));
      const options = { matchColour: false, matchGrain: false, seed: 0 };
      const changes = areas.map((area) => {
        const mask = faceMask(face, face.quad, aligned.size, area);
        return changeInMask(raster, pasteFace(raster, face.quad, aligned, mask, options));
      });
      return { face, side, changes };
    });
}

const folder = process.argv[2];
if (folder === undefined) throw new Error('Give the folder of photographs to check.');
void main(folder).then((code) => (process.exitCode = code));
