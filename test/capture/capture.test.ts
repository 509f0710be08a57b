import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, type CaptureOrder, type CaptureSource } from '../../capture/capture';
import { isPspError } from '../../protocol/errors';
import type { Face, FaceRefusal } from '../../protocol/face';
import { boundsHeight, boundsWidth, type Bounds } from '../../protocol/geometry';
import type { SelectionUse } from '../../protocol/placing';
import type { OperationDeclaration } from '../../protocol/operation';

type Rectangle = readonly [left: number, top: number, right: number, bottom: number];
type CaseFace = readonly [
  left: number,
  top: number,
  side: number,
  refusal: FaceRefusal | null,
  yaw?: number,
];

interface Case {
  readonly name: string;
  readonly layer: Rectangle;
  readonly faces: readonly CaseFace[];
  readonly order: Pick<OperationDeclaration, 'input' | 'mask'> &
    Pick<CaptureOrder, 'faces' | 'hole'> & { readonly selection?: SelectionUse };
  readonly selected?: Rectangle;
  readonly erased?: Rectangle;
  readonly regions?: readonly (readonly [number | null, ...Rectangle])[];
  readonly error?: string;
}

const boundsOf = ([left, top, right, bottom]: Rectangle): Bounds => ({ left, top, right, bottom });

function faceOf([left, top, side, refusal, yaw = 0]: CaseFace): Face {
  const corner = { x: left, y: top };
  const at = (x: number, y: number) => ({ x: left + x * side, y: top + y * side });
  return {
    quad: [at(0, 0), at(1, 0), at(1, 1), at(0, 1)],
    bounds: boundsOf([left, top, left + side, top + side]),
    landmarks: { leftEye: corner, rightEye: corner, leftMouth: corner, rightMouth: corner },
    contour: [corner],
    score: 1,
    yaw,
    refusal,
  };
}

/** 1 for each pixel of `bounds` that lies in the rectangle. */
function inside(bounds: Bounds, rectangle: Rectangle | undefined): readonly boolean[] {
  const [left, top, right, bottom] = rectangle ?? [0, 0, 0, 0];
  const width = boundsWidth(bounds);
  return Array.from({ length: width * boundsHeight(bounds) }, (_, i) => {
    const x = bounds.left + (i % width);
    const y = bounds.top + Math.floor(i / width);
    return x >= left && x < right && y >= top && y < bottom;
  });
}

function sourceOf({ layer, faces, selected, erased }: Case): CaptureSource {
  return {
    where: 'the layer "Photo"',
    bounds: boundsOf(layer),
    findFaces: async () => faces.map(faceOf),
    async readPixels(bounds) {
      const data = Uint8Array.from(
        inside(bounds, erased).flatMap((clear) => [9, 9, 9, clear ? 0 : 255]),
      );
      return { width: boundsWidth(bounds), height: boundsHeight(bounds), data };
    },
    async readSelection(bounds) {
      if (!selected) return null;
      const data = Uint8Array.from(inside(bounds, selected), (chosen) => (chosen ? 255 : 0));
      return { width: boundsWidth(bounds), height: boundsHeight(bounds), data };
    },
  };
}

const { cases } = JSON.parse(readFileSync(join(__dirname, 'cases.json'), 'utf8')) as {
  readonly cases: readonly Case[];
};

test.each(cases)('$name', async (given) => {
  const { input, mask, selection, ...order } = given.order;
  const operation = { input, mask, parameters: selection ? [{ name: 'selection' }] : [] };
  const parameters = selection ? { selection } : {};
  const answer = await capture(sourceOf(given), { ...order, operation, parameters }).then(
    (regions) =>
      regions.map(({ faceNumber, bounds: { left, top, right, bottom } }) => [
        faceNumber,
        left,
        top,
        right,
        bottom,
      ]),
    (error: unknown) => (isPspError(error) ? error.code : error),
  );
  expect(answer).toEqual(given.regions ?? given.error);
});
