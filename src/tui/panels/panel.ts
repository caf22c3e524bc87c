import type { ReactElement } from 'react';
import type { Rect } from '../compositor/layers.ts';
import type { ScreenModel } from '../model/screen-model.ts';

/** A region of the screen, drawn by an Ink root of its own and only when what it selects has changed. */
export type Panel<Props extends object, Model = ScreenModel> = {
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
