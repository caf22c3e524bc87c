import type { ReactElement } from 'react';
import type { Rect } from '../compositor/layers.ts';
import type { ScreenModel } from '../model/screen-model.ts';

/** A region of the screen, drawn only when what it selects has changed: by an Ink root of its own, or by itself. */
export type Panel<Props extends object, Model = ScreenModel> = {
  readonly id: string;
  /** Panels with a higher number cover those with a lower one; the terminals of the panes are at 10. */
  readonly z: number;
  /** Whether what is typed into the command line can change the panel; no other is looked at for such a key. */
  readonly ofLine?: true;
  /** Where the panel stands; null while it is not shown. */
  readonly rect: (model: Model) => Rect | null;
  /** What the panel draws: plain data only, because it is compared by value. */
  readonly select: (model: Model, rect: Rect) => Props;
  readonly View?: (props: Props) => ReactElement;
  /**
   * The panel as lines of text, where it knows by itself what goes where; null where Ink has to lay it out, by `View`. Ink
   * takes milliseconds for one line, and a tenth of a second for a screen of frames, in which no key is heard.
   */
  readonly lines?: (props: Props) => readonly string[] | null;
};

/** A part of the layout, or null where the screen has no room for it. */
export const shownRect = (rect: Rect): Rect | null => (rect.width > 0 && rect.height > 0 ? rect : null);
