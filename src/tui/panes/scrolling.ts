import type { ScrollRoom } from '../control/key.ts';
import type { PanesState } from '../model/screen-state.ts';

const WHEEL_LINES = 3;

type Step = 'page-up' | 'page-down' | 'wheel-up' | 'wheel-down' | 'top' | 'end';

const STEPS: Readonly<Record<string, Step>> = {
  'shift+pageup': 'page-up',
  'shift+pagedown': 'page-down',
};
/** Keys that have this meaning only while something is read back. */
const READING: Readonly<Record<string, Step>> = {
  pageup: 'page-up',
  pagedown: 'page-down',
  home: 'top',
  end: 'end',
};

const linesOf = (step: Step, height: number): number => {
  const page = Math.max(1, height - 1);
  if (step === 'page-up') return page;
  if (step === 'page-down') return -page;
  if (step === 'top') return Number.MAX_SAFE_INTEGER;
  return step === 'wheel-up' ? WHEEL_LINES : -WHEEL_LINES;
};

/** Reads the selected pane back, or on; below its last line the pane is live again. */
export const scrollPane = (panes: PanesState, step: Step, { most, height }: ScrollRoom): PanesState => {
  const { selected: id, scroll } = panes;
  if (id === null || step === 'end') return { ...panes, scroll: null };
  const from = scroll?.id === id ? scroll.above : 0;
  // How many lines there are is not known before the log was read.
  const above = Math.min(most ?? Number.MAX_SAFE_INTEGER, from) + linesOf(step, height);
  return { ...panes, scroll: above <= 0 ? null : { id, above: Math.min(most ?? above, above) } };
};

/** The panes after a key that reads back; undefined where the key means something else. */
export const scrollByKey = (panes: PanesState, key: string, room: ScrollRoom): PanesState | undefined => {
  const step = STEPS[key] ?? (panes.scroll ? READING[key] : undefined);
  return step && scrollPane(panes, step, room);
};
