export { createFitNetwork, scaleSides } from './fitNetwork';
export type { Balance, FitAnswer, FitNetwork, FitQuestion } from './fitNetwork';
export { fitCodes } from './fitCodes';
export type { FitOptions, FitPlan, FitStep, FittedCodes } from './fitCodes';
export { fitSide, fitViews, type View } from './view';
export { trueSide } from './trueSide';
export { photographQuestion, plans, scalesFor, type FitWish } from './fitPlan';
