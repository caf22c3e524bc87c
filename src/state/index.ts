export { reduce, reduceAll } from './fold.ts';
export {
  type AppEvent,
  type EventDraft,
  emptyState,
  eventSchemas,
  STATE_FORMAT,
  type State,
  stateSchema,
} from './model.ts';
