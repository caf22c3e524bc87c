import { Text } from 'ink';
import { needsOf } from '../../attention/needs.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import { shortTabTitle, TAB_IDS, type TabId, tabTitle } from '../tabs/tab-ids.ts';
import { type Piece, paintPieces, widthOf } from '../widgets/pieces.ts';
import type { Panel } from './panel.ts';

type Props = { readonly pieces: readonly Piece[] };

/** How many things in a view a person should see while another view is open. */
const countOf = (id: TabId, { state }: ScreenModel): number => (id === 'alerts' ? needsOf(state).needs.length : 0);

type Naming = 'long' | 'short' | 'numbers';

const nameIn = (naming: Naming, id: TabId, chosen: boolean): string => {
  if (naming === 'long') return ` ${tabTitle(id)}`;
  return naming === 'short' || chosen ? ` ${shortTabTitle(id)}` : '';
};

/** The views with a blank on both sides, where they are close together on one only. */
const label = (model: ScreenModel, naming: Naming) =>
  TAB_IDS.flatMap((id, i): Piece[] => {
    const chosen = model.screen.tabs.open === id;
    const count = countOf(id, model);
    const end = naming === 'short' ? '' : ' ';
    return [
      {
        text: ` ${i + 1}${nameIn(naming, id, chosen)}${end}`,
        ...(chosen ? { inverse: true, bold: true } : { dim: true }),
      },
      ...(count > 0
        ? [{ text: naming === 'short' ? `·${count}` : `${count} `, color: 'yellow', bold: true } as const]
        : []),
    ];
  });

const piecesOf = (model: ScreenModel, width: number): readonly Piece[] =>
  (['long', 'short'] as const).map((naming) => label(model, naming)).find((pieces) => widthOf(pieces) <= width) ??
  label(model, 'numbers');

/** The cells on both sides that stay the rule. */
const MARGIN = 2;

/** The views with their numbers, in the rule above the command line. */
export const tabBarPanel: Panel<Props> = {
  id: 'tab-bar',
  z: 3,
  rect: (model) => {
    const { prompt } = model.layout;
    if (prompt.height < 4) return null;
    const width = widthOf(piecesOf(model, prompt.width - 2 * MARGIN));
    return width > prompt.width - MARGIN ? null : { x: prompt.x + MARGIN, y: prompt.y, width, height: 1 };
  },
  select: (model) => ({ pieces: piecesOf(model, model.layout.prompt.width - 2 * MARGIN) }),
  View: ({ pieces }) => <Text>{paintPieces(pieces)}</Text>,
};
