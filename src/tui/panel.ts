import type { ReactElement } from 'react';
import type { State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import type { Rect } from './compositor/layers.ts';
import type { Layout } from './layout.ts';
import type { Hint } from './options.ts';
import type { View } from './view-state.ts';

/** Everything that a panel may show. */
export type Model = {
  readonly state: State;
  readonly connected: boolean;
  readonly repository: string;
  readonly instances: readonly Instance[];
  readonly view: View;
  readonly layout: Layout;
  /** What is known of the command being typed; null while there is none. */
  readonly hint: Hint | null;
  readonly now: number;
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
