import type { Command } from 'commander';
import { pictureFormats } from '../../protocol/pictureFiles';
import { readImage } from '../image/readImage';
import type { CommandContext } from './context';

export function addFacesCommand(program: Command, context: CommandContext): void {
  program
    .command('faces')
    .argument('<input>', `a ${pictureFormats} file`)
    .description('List the faces of a picture: crop, landmarks, score')
    .option('--json', 'print everything as JSON')
    .action(async (input: string, options: { json?: true }) => {
      const pixels = await readImage(input);
      const faces = await (await context.processor()).findFaces(pixels);
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
