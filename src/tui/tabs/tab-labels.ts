import { needsOf } from '../../attention/needs.ts';
import type { Rect } from '../compositor/layers.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import { type Piece, widthOf } from '../widgets/pieces.ts';
import { shortTabTitle, TAB_IDS, type TabId, tabTitle } from './tab-ids.ts';

type Source = Pick<ScreenModel, 'state' | 'screen' | 'layout'>;
type Naming = 'long' | 'short' | 'numbers';
type TabLabel = { readonly id: TabId; readonly pieces: readonly Piece[] };

/** Where the name of a view is on the screen. */
export type TabBounds = { readonly id: TabId; readonly rect: Rect };

/** The cells on both sides that stay the rule. */
const MARGIN = 2;

/** How many things in a view a person should see while another view is open. */
const countOf = (id: TabId, { state }: Source): number => (id === 'alerts' ? needsOf(state).needs.length : 0);

const nameIn = (naming: Naming, id: TabId, chosen: boolean): string => {
  if (naming === 'long') return ` ${tabTitle(id)}`;
  return naming === 'short' || chosen ? ` ${shortTabTitle(id)}` : '';
};

/** The views with a blank on both sides, where they are close together on one only. */
const labelsIn = (model: Source, naming: Naming): readonly TabLabel[] =>
  TAB_IDS.map((id, i) => {
    const chosen = model.screen.tabs.open === id;
    const count = countOf(id, model);
    // Behind a number alone another one would be read as one with it.
    const isClose = naming === 'short' || (naming === 'numbers' && count > 0);
    const end = isClose ? '' : ' ';
    const name = {
      text: ` ${i + 1}${nameIn(naming, id, chosen)}${end}`,
      ...(chosen ? { inverse: true, bold: true } : { dim: true }),
    };
    const said = `${isClose ? '·' : ''}${count}${naming === 'short' ? '' : ' '}`;
    return { id, pieces: count > 0 ? [name, { text: said, color: 'yellow', bold: true }] : [name] };
  });

const widthOfAll = (labels: readonly TabLabel[]): number => widthOf(labels.flatMap(({ pieces }) => pieces));

/** The names of the views as they fit into the rule above the command line. */
export const tabLabels = (model: Source): readonly TabLabel[] => {
  const room = model.layout.prompt.width - 2 * MARGIN;
  const fitting = (['long', 'short'] as const).map((naming) => labelsIn(model, naming));
  return fitting.find((labels) => widthOfAll(labels) <= room) ?? labelsIn(model, 'numbers');
};

/** Where the names of the views stand; null where there is no room for them. */
export const tabBarRect = (model: Source): Rect | null => {
  const { prompt } = model.layout;
  if (prompt.height < 4) return null;
  const width = widthOfAll(tabLabels(model));
  return width > prompt.width - MARGIN ? null : { x: prompt.x + MARGIN, y: prompt.y, width, height: 1 };
};

/** Where the name of each view stands. */
export const tabBoundsOf = (model: Source): readonly TabBounds[] => {
  const bar = tabBarRect(model);
  if (!bar) return [];
  let { x } = bar;
  return tabLabels(model).map(({ id, pieces }) => {
    const width = widthOf(pieces);
    x += width;
    return { id, rect: { ...bar, x: x - width, width } };
  });
};
