import type { CaptureOrder } from '../../capture/capture';
import { PspError } from '../../protocol/errors';
import type { Latents } from '../../protocol/latents';
import type { OperationDeclaration } from '../../protocol/operation';
import type { ParameterValues } from '../../protocol/parameter';
import type { Mask } from '../../protocol/raster';

/** What was asked for, whatever the file. */
export interface Application extends Omit<CaptureOrder, 'hole'> {
  readonly operation: OperationDeclaration;
  readonly model: string | null;
  readonly parameters: ParameterValues;
  /** Of the picture's or the document's size; `null` fills what is transparent. */
  readonly mask: Mask | null;
  readonly latents: Latents | null;
}

export const captureOrder = (application: Application): CaptureOrder => ({
  ...application,
  hole: application.mask ? 'selection' : 'transparency',
});

/** @throws PspError BAD_INPUT */
export function requireMaskSize(
  { mask }: Application,
  { width, height }: { readonly width: number; readonly height: number },
  what: string,
): void {
  if (!mask || (mask.width === width && mask.height === height)) return;
  throw new PspError(
    'BAD_INPUT',
    `The mask is ${mask.width} × ${mask.height} pixels and the ${what} ${width} × ${height}. Give a mask of the ${what}'s size.`,
  );
}
