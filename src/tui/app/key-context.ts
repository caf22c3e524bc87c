import { stepBesides, stepNow } from '../../attention/attention.ts';
import type { KeyContext } from '../control/key.ts';
import type { Page } from '../model/screen-state.ts';
import { pageRoom, pageRows, questionRoom, suggestionBoundsOf } from '../control/page-content.ts';
import { type makePaneDrawing, type PaneParts, paneBoundsOf } from '../panes/pane-drawing.ts';
import { tabBoundsOf } from '../tabs/tab-labels.ts';
import type { ModelSource } from './model-source.ts';
import type { TuiOptions } from './options.ts';

type ContextParts = Pick<PaneParts, 'typingHost'> & {
  /** The time as it passes. */
  readonly clock: () => number;
  readonly source: ModelSource;
  readonly panes: Pick<ReturnType<typeof makePaneDrawing>, 'scrollRoom'>;
};

/**
 * Says what the meaning of a key depends on now; what was said of an earlier key does not hold any more. Each part is found when
 * somebody asks: a character of the command line needs none of them, and among sixty agents to find where all of them stand takes
 * longer than to draw the character.
 */
export const makeKeyContext = (
  { complete, hint, client }: Pick<TuiOptions, 'complete' | 'hint' | 'client'>,
  { typingHost, clock, source, panes }: ContextParts,
): (() => KeyContext) => {
  let found: ReturnType<ModelSource['current']> | undefined;
  let now = 0;
  const model = (): ReturnType<ModelSource['current']> => {
    found ??= source.current();
    return found;
  };
  // One for all keys: to make so many getters takes as long as the rest of a key.
  const context: KeyContext = {
    ...{ complete, hint, openIn: source.openIn },
    get state() {
      return client.state;
    },
    get now() {
      return now;
    },
    get ids() {
      return model().ids;
    },
    get columns() {
      return model().layout.tiles.columns;
    },
    get perPage() {
      return model().layout.tiles.perPage;
    },
    get pages() {
      const { layout, ids } = model();
      return layout.shape === 'tiles' ? Math.ceil(ids.length / Math.max(1, layout.tiles.perPage)) : 1;
    },
    get shape() {
      return model().layout.shape;
    },
    get page() {
      const { screen, layout } = model();
      const { dialog, page } = screen.overlays;
      return dialog ? questionRoom(dialog, layout) : pageRoom(page, layout);
    },
    get pageRows() {
      const { layout } = model();
      return (page: Page) => pageRows(page, layout);
    },
    get queue() {
      return model().queue;
    },
    get scroll() {
      return panes.scrollRoom(model());
    },
    get bounds() {
      return paneBoundsOf(model());
    },
    get tabBounds() {
      return tabBoundsOf(model());
    },
    get suggestionBounds() {
      const { screen, layout } = model();
      const { page, answering } = screen.overlays;
      return page && !answering ? suggestionBoundsOf(page, layout) : [];
    },
    get mouseWanted() {
      return typingHost.mouse !== 'none';
    },
    get suggestion() {
      const { attention, screen } = model();
      return stepNow(attention, screen.panes.selected) ?? null;
    },
    get example() {
      const { attention, screen } = model();
      return stepBesides(attention, screen.panes.selected)?.command ?? null;
    },
    get questions() {
      return model().questions;
    },
    get maySay() {
      return model().attention.maySay;
    },
  };
  return () => {
    found = undefined;
    now = clock();
    return context;
  };
};
