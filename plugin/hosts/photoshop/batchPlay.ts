import { PspError } from '../../../protocol/errors';
import type { Bounds } from '../../../protocol/geometry';
import type { Descriptor, PhotoshopApi } from './api';

/** batchPlay resolves even when a command failed: its answer is then an error descriptor. */
export async function play(
  api: PhotoshopApi,
  commands: readonly Descriptor[],
): Promise<readonly Descriptor[]> {
  const answers = await api.action.batchPlay([...commands], {});
  for (const [index, answer] of answers.entries()) {
    if (answer._obj === 'error') {
      throw new PspError(
        'INTERNAL',
        `Photoshop refused "${commands[index]?._obj}": ${String(answer['message'])}`,
      );
    }
  }
  return answers;
}

const layer = (id: number): object => ({ _ref: 'layer', _id: id });

/** Makes exactly these layers of the active document the selected ones, hidden ones staying hidden. */
export function selectLayers(ids: readonly number[]): readonly Descriptor[] {
  if (ids.length === 0) {
    const none = { _ref: 'layer', _enum: 'ordinal', _value: 'targetEnum' };
    return [{ _obj: 'selectNoLayers', _target: [none] }];
  }
  return ids.map((id, index) => ({
    _obj: 'select',
    _target: [layer(id)],
    makeVisible: false,
    ...(index === 0
      ? {}
      : {
          selectionModifier: {
            _enum: 'selectionModifierType',
            _value: 'addToSelection',
          },
        }),
  }));
}

/** A white layer mask on the one selected layer; `revealAll` leaves the document's selection out of it. */
export const makeMask: Descriptor = {
  _obj: 'make',
  new: { _class: 'channel' },
  at: { _ref: 'channel', _enum: 'channel', _value: 'mask' },
  using: { _enum: 'userMaskEnabled', _value: 'revealAll' },
};

/**
 * Opens a file without asking about missing fonts, profiles or raw settings, which would stop an
 * unattended run; `app.open` has no such option. The document becomes the active one.
 */
export const openSilently = (sessionToken: string): Descriptor => ({
  _obj: 'open',
  null: { _path: sessionToken, _kind: 'local' },
  _options: { dialogOptions: 'dontDisplay' },
});

export const getHasMask = (documentId: number, layerId: number): Descriptor => ({
  _obj: 'get',
  _target: [{ _property: 'hasUserMask' }, layer(layerId), { _ref: 'document', _id: documentId }],
});

/** For the self-check: the marching ants around `bounds`, in pixels. */
export function selectRectangle(bounds: Bounds): Descriptor {
  const pixels = (value: number): object => ({ _unit: 'pixelsUnit', _value: value });
  return {
    _obj: 'set',
    _target: [{ _ref: 'channel', _property: 'selection' }],
    to: {
      _obj: 'rectangle',
      left: pixels(bounds.left),
      top: pixels(bounds.top),
      right: pixels(bounds.right),
      bottom: pixels(bounds.bottom),
    },
  };
}
