import type { KeyContext } from '../control/key.ts';
import type { ScreenState } from '../model/screen-state.ts';

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

/** Reads the selected pane back, or on; below its last line it is live again. */
export const scrollPane = (view: ScreenState, step: Step, { scroll: { most, height } }: KeyContext): ScreenState => {
  const id = view.selected;
  if (id === null || step === 'end') return { ...view, scroll: null };
  const from = view.scroll?.id === id ? view.scroll.above : 0;
  // How far one can go is not known before it was read.
  const above = Math.min(most ?? Number.MAX_SAFE_INTEGER, from) + linesOf(step, height);
  return { ...view, scroll: above <= 0 ? null : { id, above: Math.min(most ?? above, above) } };
};

/** The view after a key that reads back; undefined where it means something else. */
export const scrollByKey = (view: ScreenState, key: string, context: KeyContext): ScreenState | undefined => {
  const step = STEPS[key] ?? (view.scroll ? READING[key] : undefined);
  return step && scrollPane(view, step, context);
};
