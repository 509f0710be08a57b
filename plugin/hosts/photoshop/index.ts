export type { PhotoshopApi } from './api';
