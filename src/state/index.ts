export { reduce, reduceAll } from './fold.ts';
export { type AppEvent, type EventDraft, emptyState, eventSchemas, type State, stateSchema } from './model.ts';
