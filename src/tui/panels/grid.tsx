import { Box, Text } from 'ink';
import { shownLine } from '../../lib/text.ts';
import type { Rect } from '../compositor/layers.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import { type PaneFrame, paneFrameOf } from '../panes/pane-frame.ts';
import { Frame } from '../widgets/frame.tsx';
import { type Piece, paintPieces, spread } from '../widgets/pieces.ts';
import { type Panel, shownRect } from './panel.ts';

type Lines = readonly (readonly Piece[])[];

type Props = {
  readonly tiles: readonly { readonly rect: Rect; readonly tile: PaneFrame }[];
  readonly below: readonly Piece[];
  /** What stands there while no pane does. */
  readonly instead: Lines;
  readonly width: number;
  readonly height: number;
};

/** The instances whose panes are on the screen, in the order of the tiles. */
export const shownInstances = ({ instances, layout }: Pick<ScreenModel, 'instances' | 'layout'>) => {
  const { perPage, tiles } = layout.tiles;
  const from = layout.page * perPage;
  return instances.slice(from, from + tiles.length);
};

/** Where a tile's terminal goes: inside of the frame, below the line about the task. */
export const paneRect = (tile: Rect): Rect => ({
  x: tile.x + 1,
  y: tile.y + 2,
  width: Math.max(0, tile.width - 2),
  height: Math.max(0, tile.height - 3),
});

const belowOf = ({ layout, instances }: ScreenModel): readonly Piece[] => {
  if (layout.more === 0) return [];
  const pages = Math.ceil(instances.length / layout.tiles.perPage);
  return [
    { text: ` +${layout.more} more`, bold: true },
    { text: `   page ${layout.page + 1} of ${pages}   PgUp PgDn`, dim: true },
  ];
};

const aside = (text: string): readonly Piece[] => [{ text, dim: true }];
const command = (text: string): readonly Piece[] => [{ text, color: 'cyan' }];
const bold = (text: string): readonly Piece[] => [{ text, bold: true }];

/** A trial costs nothing, but a plan of the repository is not for it: agents that only pretend would tick it. */
const trialLines: Lines = [
  aside('To see first how it works, in a copy that is thrown away: drover demo'),
  aside('or here, with agents that do no work:'),
  command('launch 3 instances agent=rehearsal'),
];

/** What stands in the middle while there is no agent, by what there is: an agent program, tasks, plans. */
const emptyLines = ({ state, attention, surroundings }: ScreenModel): Lines => {
  const hasTasks = Object.keys(state.tasks).length > 0;
  const head = [bold('No agent yet.'), []];
  const [next] = attention.work;
  if (surroundings?.agent === null)
    return [
      ...head,
      aside('No agent program is here. Install one that you use; drover doctor says which Drover knows.'),
      ...(hasTasks ? [] : [[], ...trialLines]),
    ];
  const title = surroundings?.agent?.title;
  if (next?.kind === 'launch' || next?.kind === 'try') {
    const starts = next.kind === 'launch' && title !== undefined ? `; it starts ${title}` : '';
    return [
      bold(`${next.why}.`),
      [],
      command(next.command),
      [],
      aside(`Ctrl-G writes it into the command line${starts}.`),
    ];
  }
  if (next?.kind === 'import')
    return [
      ...head,
      aside('A plan is here:'),
      ...(surroundings?.plans ?? []).slice(0, PLANS).map(command),
      [],
      ...trialLines,
    ];
  if (hasTasks) return [...head, command('list tasks')];
  return [...head, aside('Say what is to be done'), command('create task "…"'), [], ...trialLines];
};

/** How many plans are named. */
const PLANS = 4;

const unmatchedLines = (filter: string): Lines => [
  [{ text: `No agent has “${shownLine(filter)}” in its name, state or task.`, bold: true }],
  [],
  [{ text: 'Press / and then Esc to see all of them.', dim: true }],
];

const insteadOf = (model: ScreenModel): Lines => {
  const { filter } = model.screen.tabs.states.agents;
  return filter === '' ? emptyLines(model) : unmatchedLines(filter);
};

type Instead = { readonly width: number; readonly height: number; readonly lines: Lines };

/** What stands where no pane does. */
const Instead = ({ width, height, lines }: Instead) => (
  <Box width={width} height={height} flexDirection="column" justifyContent="center" alignItems="center">
    {lines.map((pieces, i) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list
      <Text key={i} wrap="truncate-end">
        {paintPieces(pieces) || ' '}
      </Text>
    ))}
  </Box>
);

/** The frames around the panes. Their insides are left blank: the compositor draws the terminals there. */
export const gridPanel: Panel<Props> = {
  id: 'grid',
  z: 1,
  rect: ({ layout, open }) => (open ? null : shownRect(layout.grid)),
  select: (model, { width, height }) => ({
    width,
    height,
    instead: insteadOf(model),
    below: belowOf(model),
    tiles: shownInstances(model).map((instance, i) => {
      const rect = model.layout.tiles.tiles[i]!;
      return { rect, tile: paneFrameOf(model, instance, rect.width) };
    }),
  }),
  View: ({ tiles, below, width, height, instead }) =>
    tiles.length === 0 ? (
      <Instead width={width} height={height} lines={instead} />
    ) : (
      <Box width={width} height={height}>
        {tiles.map(({ rect, tile }) => (
          <Box key={tile.id} position="absolute" top={rect.y} left={rect.x}>
            <Frame
              width={rect.width}
              height={rect.height}
              title={tile.title}
              note={tile.note}
              foot={tile.foot}
              style={tile.style}
              heavy={tile.selected}
              doubled={tile.typing}
            >
              <Text wrap="truncate-end">{spread(tile.left, tile.right, rect.width - 2)}</Text>
            </Frame>
          </Box>
        ))}
        {below.length > 0 && (
          <Box position="absolute" top={height - 1} left={0}>
            <Text>{spread(below, [], width)}</Text>
          </Box>
        )}
      </Box>
    ),
};
