import { PspError } from '../../protocol/errors';
import { completeParameters } from '../../protocol/parameter';
import { placingNames } from '../../protocol/placing';
import type { Bands } from '../compose';
import { placingValues } from '../operations/parameters';
import { planPatch } from './placePatch';
import type { PlacingStore } from './placingStore';
import type { Processor } from './processor';

/** See `Processor.place`. */
export const createPlaceAgain =
  (placings: PlacingStore, bands: Bands): Processor['place'] =>
  async (placing, changes) => {
    const before = placings.find(placing);
    const { drawn, placement, declaration, said } = before;
    for (const name of Object.keys(changes)) {
      if (placingNames.includes(name)) continue;
      throw new PspError(
        'BAD_INPUT',
        `"${name}" needs the networks. Without them can be changed: ${placingNames.join(', ')}.`,
      );
    }
    const values = completeParameters(declaration, { ...before.parameters, ...changes });
    const planned = await planPatch(
      drawn,
      { ...placement, parameters: placingValues(values) },
      declaration.composition,
      bands,
    );
    return { ...(await planned.place(said.seed ?? 0)), ...said, placing };
  };
