import type { ReactElement } from 'react';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import type { Question } from '../answering/question.ts';
import type { Hint } from '../app/options.ts';
import type { Rect } from '../compositor/layers.ts';
import type { Need } from '../model/attention.ts';
import type { Layout } from '../model/layout.ts';
import type { ScreenState } from '../model/view-state.ts';
import type { Vitals } from '../model/vitals.ts';
import type { OpenTab } from '../tabs/open-tab.ts';

/** The first line on the screen, counted from 0, of all that an agent printed. */
export type Reading = { readonly id: string; readonly first: number; readonly lines: number };

/** Everything that a panel may show. */
export type Model = {
  readonly state: State;
  readonly connected: boolean;
  readonly repository: string;
  readonly instances: readonly Instance[];
  readonly view: ScreenState;
  readonly layout: Layout;
  /** What is known of the command being typed; null while there is none. */
  readonly hint: Hint | null;
  /** What the command would most likely go on with. */
  readonly ghost: string;
  /** What the agents ask that wait, by their names. */
  readonly questions: ReadonlyMap<string, Question>;
  /** The view that is open instead of the agents' panes. */
  readonly open: OpenTab | null;
  readonly now: number;
  /** What is read back in a pane; null while every pane is live. */
  readonly reading: Reading | null;
  /** What agents take and have changed, by their names. */
  readonly vitals: ReadonlyMap<string, Vitals>;
  /** Who needs a person, in the order in which they should be looked at. */
  readonly queue: readonly Need[];
};

/** A region of the screen, drawn by an Ink root of its own and only when what it selects has changed. */
export type Panel<Props extends object> = {
  readonly id: string;
  /** Higher ones cover lower ones; panes are at 10. */
  readonly z: number;
  /** Where it stands; null while it is not shown. */
  readonly rect: (model: Model) => Rect | null;
  /** Plain data only: it is compared by value. */
  readonly select: (model: Model, rect: Rect) => Props;
  readonly View: (props: Props) => ReactElement;
};

/** A part of the layout, or null where the screen has no room for it. */
export const shownRect = (rect: Rect): Rect | null => (rect.width > 0 && rect.height > 0 ? rect : null);
