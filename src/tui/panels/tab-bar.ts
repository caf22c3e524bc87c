import { tabBarRect, tabLabels } from '../tabs/tab-labels.ts';
import { type Piece, paintPieces } from '../widgets/pieces.ts';
import type { Panel } from './panel.ts';

type Props = { readonly pieces: readonly Piece[] };

/** The views with their numbers, in the rule above the command line. */
export const tabBarPanel: Panel<Props> = {
  id: 'tab-bar',
  z: 3,
  rect: tabBarRect,
  select: (model) => ({ pieces: tabLabels(model).flatMap(({ pieces }) => pieces) }),
  lines: ({ pieces }) => [paintPieces(pieces)],
};
