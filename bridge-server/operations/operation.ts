import type { OperationDeclaration } from '../../protocol/operation';
import type { Latents } from '../../protocol/latents';
import type { ParameterDeclaration, ValuesOf } from '../../protocol/parameter';
import type { FaceParts, MaskArea, Pose } from '../faces';
import { trueSide, type FitWish } from '../likeness';
import type { ModelPackage } from '../models/modelStore';

/** What the encoder looks at: the aligned face, or the whole layer fitted into a square. */
export interface EncoderSource {
  /** Side of what the model's encoder takes: 256 for pSp. */
  readonly size: number;
  /** Planes R, G, B, [3, size, size], 0..1, transparent pixels blended over white or grey by the caller. */
  readonly rgb: Float32Array;
  /** [size, size], 0..1: what is to be filled in; `null` without a hole. */
  readonly hole: Float32Array | null;
}

/** What an edit can look at while it works: codes as the generator shows them. */
export interface Mirror {
  /** `null` where no face is seen. */
  pose(codes: Latents): Promise<Pose | null>;
}

/** One operation: its declaration, and what makes it differ from plain inversion. */
export interface Operation<
  P extends readonly ParameterDeclaration[] = readonly ParameterDeclaration[],
> {
  readonly declaration: OperationDeclaration<P>;
  /** Models made for one of these operations can serve it. */
  readonly servedBy: readonly string[];
  /** What the encoder is given, [C, size, size]. @throws PspError BAD_INPUT when the source cannot be read so. */
  encoderInput(source: EncoderSource, parameters: ValuesOf<P>): Float32Array;
  /** What an encoder of photographs is given in place of the operation's own input, [3, size, size] in −1..1. */
  photographInput?(source: EncoderSource): Float32Array;
  /** That input made of the parts of the face that was drawn from it: codes are corrected by what came out otherwise. */
  drawnInput?(parts: FaceParts, size: number): Float32Array;
  /** What of the source the codes are fitted to; without it they stay the encoder's. */
  fit?(source: EncoderSource, parameters: ValuesOf<P>): FitWish;
  /** What is drawn anew, where the area is chosen by that; the face unless told, `null` for nothing. */
  changes?(parameters: ValuesOf<P>): MaskArea | null;
  /** Whether a head that is turned far is replaced, all but its hair, where the area is chosen by what changes. */
  readonly replacesTurnedHead?: boolean;
  /** Whether hair gets the colour that the edit gives it, hair by hair, instead of being drawn anew. */
  recoloursHair?(parameters: ValuesOf<P>): boolean;
  /** Whether only colours change: then nothing moves, and the eyes stay the photograph's. */
  still?(parameters: ValuesOf<P>): boolean;
  /** The same values without what only changes the light: that is shown on the photograph itself. `null` where nothing does. */
  withoutLight?(parameters: ValuesOf<P>): ValuesOf<P> | null;
  /** The encoded codes changed, as new ones: the given are kept for the next call. Without it they are decoded as they are. */
  edit?(
    codes: Latents,
    parameters: ValuesOf<P>,
    model: ModelPackage,
    mirror: Mirror,
  ): Latents | Promise<Latents>;
}

/** An operation whose functions see the values of its own parameters, typed from their declarations. */
export function defineOperation<const P extends readonly ParameterDeclaration[]>(
  operation: Operation<P>,
): Operation {
  return operation;
}

/** All of the source, at what it tells apart. */
export const wholeSource = ({ rgb, size }: EncoderSource): FitWish => ({
  known: null,
  resolution: trueSide({ rgb, size }),
  person: true,
});

/** RGB planes 0..1 → −1..1, the range that pSp's RGB encoders were trained on. */
export function toSigned(rgb: Float32Array): Float32Array {
  const signed = new Float32Array(rgb.length);
  for (let i = 0; i < signed.length; i++) signed[i] = rgb[i]! * 2 - 1;
  return signed;
}
