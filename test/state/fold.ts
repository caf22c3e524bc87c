import { type EventDraft, emptyState, reduce, type State } from '../../src/state/index.ts';
import { numbered } from './story.ts';

/** The state after these facts, the first of which is event 1. */
export const stateOf = (...drafts: readonly EventDraft[]): State => numbered(drafts).reduce(reduce, emptyState);
