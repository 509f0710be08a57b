import { PspError } from '../../protocol/errors';
import { defineOperation, wholeSource } from './operation';
import { feather, likeness, matchGrain } from './parameters';

/** Below this share of known pixels nothing recognisable is left of the face. */
const minKnown = 0.2;

export const inpaint = defineOperation({
  declaration: {
    id: 'inpaint',
    label: 'Inpaint',
    summary: 'Fills the selected or transparent part of the face; the rest stays untouched.',
    input: 'face',
    composition: 'fill',
    mask: 'required',
    variants: false,
    // The membrane along the hole's rim matches the colours.
    parameters: [likeness, feather(0.03), matchGrain],
    modelHint: 'a checkpoint made by models/training (no official inpainting model was released)',
  },
  servedBy: ['inpaint'],
  encoderInput({ rgb, hole, size }) {
    if (!hole) {
      throw new PspError(
        'BAD_INPUT',
        'Inpaint needs to know what to fill. Select a part of the face, give a mask, or erase it.',
      );
    }
    const holeShare = hole.reduce((sum, value) => sum + value, 0) / hole.length;
    if (holeShare === 0) {
      throw new PspError(
        'BAD_INPUT',
        'The selection does not touch this face. Select the part of the face to fill.',
      );
    }
    if (holeShare > 1 - minKnown) {
      throw new PspError(
        'BAD_INPUT',
        `The selection covers ${(holeShare * 100).toFixed(0)} % of the face's crop; at most ${((1 - minKnown) * 100).toFixed(0)} % can be filled. Select less.`,
      );
    }
    // The hole is mid-grey, 0 in −1..1, as in training; a partly selected pixel counts as hole.
    const plane = size * size;
    return rgb.map((value, i) => (hole[i % plane]! > 0 ? 0 : value * 2 - 1));
  },
  fit: (source) => ({
    ...wholeSource(source),
    known: source.hole!.map((value) => (value > 0 ? 0 : 1)),
  }),
});
