export { alignFace, alignReduced, type AlignedFace } from './alignFace';
export { cubicTaps, filterPlane, filterRows } from './cubic';
export { createFaceFinder, maxYaw, type FaceFinder, type FindOptions } from './finder';
export { createIdentity, likeness, type Embedding, type Identity } from './identity';
export { defaultFeather, faceMask, linearSteps, type MaskArea } from './faceMask';
export { frameOfQuad, frameSide, invertFrame, mapPoint, type Frame } from './frame';
export { partPalette, type PartName } from '../../protocol/partPalette';
export { paintParts } from './paintParts';
export {
  createPartsReader,
  partLabels,
  partShare,
  partsSide,
  type FaceParts,
  type PartsReader,
} from './parts';
export {
  clamp01,
  fadeToBorder,
  opaqueRaster,
  resizePlanes,
  shrinkPlane,
  smoothstep,
  type FacePlanes,
} from './planes';
export { keptWith, seenPlanes, seenSide } from './seenPlanes';
export { sampleCubic, type PixelLine, type Pixels } from './sampleCubic';
export { sampleQuad } from './sampleQuad';
export { asItIs, quadIn, reduceAround, type ReducedPicture } from './reducedPicture';
export { readPose, type Pose } from './pose';
export { outlineOf, yawOf, type Mesh, type Outline } from './landmarks';
