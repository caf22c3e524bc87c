import type { Size } from '../compositor/canvas.ts';
import { paneInstances } from '../model/instance-list.ts';
import { initialScreen, type ScreenState, withMessage } from '../model/screen-state.ts';
import { openReview } from '../tabs/open-view.ts';
import type { TuiOptions } from './options.ts';

/** The state of the screen as it changes. */
export type ScreenKeeper = {
  readonly screen: ScreenState;
  change(next: ScreenState): void;
  /** Takes good news away that stood long enough. */
  dropOldNews(): void;
};

/** How long good news stands below the command line, in milliseconds. */
const NEWS_MS = 15_000;

export const makeScreenKeeper = (first: ScreenState, now: () => number): ScreenKeeper => {
  let screen = first;
  let toldAt = 0;
  return {
    get screen() {
      return screen;
    },
    change: (next) => {
      const { message } = next.commands;
      if (message && message !== screen.commands.message) toldAt = now();
      screen = next;
    },
    dropOldNews: () => {
      // A failure, or a note that nobody asked for, stays until somebody does something about it.
      if (screen.commands.message?.tone === 'ok' && now() - toldAt > NEWS_MS) screen = withMessage(screen, null);
    },
  };
};

/** The screen as this person likes it, and as it was left the last time. */
export const firstScreen = ({ preferences, history, client, review }: TuiOptions): ScreenState => {
  const ids = paneInstances(client.state.instances).map(({ instance_id }) => instance_id);
  const initial = initialScreen(ids, history ?? client.state.swarm.commands.map(({ text }) => text));
  const screen = review === undefined ? initial : openReview(initial, review);
  if (!preferences) return screen;
  const { arrangement, mouse } = preferences;
  return { ...screen, panes: { ...screen.panes, arrangement }, mouse: { ...screen.mouse, isHeard: mouse } };
};

/** Tells whoever remembers it what the person has changed about how the screen is. */
export const makePreferenceWatch = ({ onPreferences }: Pick<TuiOptions, 'onPreferences'>, keeper: ScreenKeeper) => {
  let known = keeper.screen;
  return (): void => {
    const { panes, mouse } = keeper.screen;
    if (panes.arrangement !== known.panes.arrangement || mouse.isHeard !== known.mouse.isHeard)
      onPreferences?.({ arrangement: panes.arrangement, mouse: mouse.isHeard });
    known = keeper.screen;
  };
};

const isSameSize = (a: Size, b: Size): boolean => a.columns === b.columns && a.rows === b.rows;

/** Watches whether the screen is frozen, so that the person can select something from it. */
export const makeFreezeWatch = (size: () => Size, keeper: ScreenKeeper) => {
  let frozenAt: Size | null = null;
  /** `rest`: the screen stays as it is; `wake`: what changed meanwhile is to be drawn too. */
  return (): 'draw' | 'rest' | 'wake' => {
    const now = size();
    const wasFrozen = frozenAt !== null;
    // A selection does not outlive another size of the terminal.
    if (keeper.screen.isFrozen && frozenAt && !isSameSize(frozenAt, now))
      keeper.change({ ...keeper.screen, isFrozen: false });
    frozenAt = keeper.screen.isFrozen ? now : null;
    if (frozenAt) return wasFrozen ? 'rest' : 'draw';
    return wasFrozen ? 'wake' : 'draw';
  };
};
