import type { Command } from 'commander';
import { PspError } from '../../protocol/errors';
import type { Face } from '../../protocol/face';
import { pictureFormats } from '../../protocol/pictureFiles';
import type { Raster } from '../../protocol/raster';
import { writeFileAtomically } from '../documents/writeFileAtomically';
import { paintParts } from '../faces';
import { readImage } from '../image/readImage';
import { encodePng } from '../image/writePng';
import type { CommandContext } from './context';
import { isFlat } from './writeResult';

interface FacesOptions {
  readonly json?: true;
  readonly parts?: string;
}

export function addFacesCommand(program: Command, context: CommandContext): void {
  program
    .command('faces')
    .argument('<input>', `a ${pictureFormats} file`)
    .description('List the faces of a picture: crop, landmarks, score')
    .option('--json', 'print everything as JSON')
    .option('--parts <file>', 'write their parts (hair, skin, lips, …) as a label map, a PNG')
    .action(async (input: string, options: FacesOptions) => {
      if (options.parts !== undefined && !isFlat(options.parts)) {
        throw new PspError('BAD_INPUT', `The label map ${options.parts} must end in .png.`);
      }
      const pixels = await readImage(input);
      const faces = await (await context.processor()).findFaces(pixels);
      if (options.parts !== undefined) await writeParts(context, options.parts, pixels, faces);
      if (options.json) {
        context.terminal.out(JSON.stringify({ input, faces }, null, 2));
        return;
      }
      if (faces.length === 0) context.terminal.log('No face was found.');
      faces.forEach((face, index) => {
        const { left, top, right, bottom } = face.bounds;
        const state = face.refusal === null ? '' : `, cannot be used: ${face.refusal}`;
        context.terminal.out(
          `face ${index + 1}: ${right - left} × ${bottom - top} at ${left}, ${top}, score ${face.score.toFixed(2)}, yaw ${face.yaw.toFixed(2)}${state}`,
        );
      });
    });
}

/** As large as the picture, transparent outside the faces' crops: a layer to lie above it. */
async function writeParts(
  { processor, signal, terminal }: CommandContext,
  output: string,
  pixels: Raster,
  faces: readonly Face[],
): Promise<void> {
  const quads = faces.map(({ quad }) => quad);
  const parts = await (await processor()).findParts(pixels, quads, signal);
  const png = await encodePng(paintParts(pixels, quads, parts));
  const { file } = await writeFileAtomically({ file: output, replaces: null }, (sink) =>
    sink.write(png),
  );
  terminal.log(`Label map: ${file}`);
}
