export { rasterDepth, rasterMax, type Mask, type Raster } from '../../protocol/raster';
