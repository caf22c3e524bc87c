import type { Step } from '../../../src/attention/step.ts';
import { emptyState } from '../../../src/state/index.ts';
import type { KeyContext } from '../../../src/tui/control/key.ts';

export const IDS = ['a-1', 'a-2', 'a-3', 'a-4', 'a-5'];

/** What the banner proposes about something that needs a person. */
export const stepTo = (command: string): Step => ({ kind: 'look', why: 'x', command, isPressing: true });

/** What keys depend on beside the view: five agents in tiles of two columns, and nobody who needs anything. */
export const keyContext = (changes: Partial<KeyContext> = {}): KeyContext => ({
  state: emptyState,
  ids: IDS,
  columns: 2,
  perPage: 4,
  pages: 2,
  shape: 'tiles',
  queue: [],
  scroll: { most: null, height: 10 },
  bounds: [],
  tabBounds: [],
  suggestionBounds: [],
  mouseWanted: false,
  now: 0,
  page: { most: 0, height: 10 },
  pageRows: () => [],
  openIn: () => null,
  suggestion: null,
  complete: () => [],
  hint: (text) => ({ kind: 'ok', says: text }),
  questions: new Map(),
  maySay: () => true,
  example: 'create task "…"',
  ...changes,
});
