export { createServices } from './createServices';
export { orderFor } from './orders';
export { Panel } from './Panel';
export type { ChosenCheckpoint, PanelPlatform, PanelServices, SelfCheckReport } from './services';
