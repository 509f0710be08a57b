export { orderFor } from './orders';
export { Panel } from './Panel';
export type { PanelPlatform, PanelServices } from './services';
