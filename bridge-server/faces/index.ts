export { alignFace, type AlignedFace } from './alignFace';
export { chooseFaces, requireUsable, type ChosenFace } from './chooseFaces';
export { faceMask, type MaskArea } from './faceMask';
export { createFaceFinder, maxYaw, minQuadSide, type FaceFinder, type FindOptions } from './finder';
export { createIdentity, type Identity } from './identity';
export { pasteFace, type PastedFace, type PasteOptions } from './pasteFace';
export type { FacePlanes } from './planes';
