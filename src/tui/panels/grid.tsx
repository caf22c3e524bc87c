import { Box, Text } from 'ink';
import { stepBesides, stepNow } from '../../attention/attention.ts';
import { welcomeOf } from '../../attention/welcome.ts';
import { isSameValue } from '../../lib/same-value.ts';
import { shownLine } from '../../lib/text.ts';
import { keyOfStep, keyToWrite } from '../answering/suggestion.ts';
import type { Rect } from '../compositor/layers.ts';
import type { ScreenModel } from '../model/screen-model.ts';
import { type PaneFrame, paneFrameOf } from '../panes/pane-frame.ts';
import { frameLines } from '../widgets/frame-lines.ts';
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

/** What stands in the middle while there is no agent, by what there is: a configuration, an agent program, plans, tasks. */
const welcomeLines = ({ state, attention, surroundings }: ScreenModel): Lines => {
  const { title, offers } = welcomeOf(state, attention, surroundings);
  const now = stepNow(attention, null);
  const besides = stepBesides(attention, null);
  const keys = new Map([
    ...(besides ? [[besides.command, keyToWrite('End', besides.command)] as const] : []),
    ...(now ? [[now.command, keyOfStep('Ctrl-G', now)] as const] : []),
  ]);
  const commandLine = (text: string, isForShell: boolean): readonly Piece[] => [
    { text: shownLine(text), ...(isForShell ? {} : { color: 'cyan' }) },
    { text: keys.has(text) ? `   ${keys.get(text)}` : '', dim: true },
  ];
  const lines = offers.flatMap(
    ({ why, commands, isForShell }): Lines => [
      [],
      ...(why === '' ? [] : [[{ text: shownLine(why), dim: true }]]),
      ...commands.map((text) => commandLine(text, isForShell)),
    ],
  );
  return [[{ text: shownLine(title), bold: true }], ...lines];
};

const unmatchedLines = (filter: string): Lines => [
  [{ text: `No agent has “${shownLine(filter)}” in its name, state or task.`, bold: true }],
  [],
  [{ text: 'Press / and then Esc to see all of them.', dim: true }],
];

const insteadOf = (model: ScreenModel): Lines => {
  const { filter } = model.screen.tabs.states.agents;
  return filter === '' ? welcomeLines(model) : unmatchedLines(filter);
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

type Tile = Props['tiles'][number];

const linesOf = ({ rect, tile }: Tile): readonly string[] => {
  const { title, note, foot, style, selected: heavy, typing: doubled } = tile;
  const first = spread(tile.left, tile.right, Math.max(0, rect.width - 2));
  return frameLines({ ...rect, title, note, foot, style, heavy, doubled }, first);
};

/** The same tiles again where they are what they were: of many agents few have changed at a time. */
const makeTileKeeper = () => {
  let known = new Map<string, Tile>();
  return (tiles: readonly Tile[]): readonly Tile[] => {
    const kept = tiles.map((one) => {
      const old = known.get(one.tile.id);
      return old && isSameValue(old, one) ? old : one;
    });
    known = new Map(kept.map((one) => [one.tile.id, one]));
    return kept;
  };
};
const keepTiles = makeTileKeeper();

/** The frames as they were drawn last. */
const drawnFrames = new WeakMap<Tile, readonly string[]>();

const framesOf = (tiles: readonly Tile[]): readonly (readonly string[])[] =>
  tiles.map((one) => {
    const lines = drawnFrames.get(one) ?? linesOf(one);
    drawnFrames.set(one, lines);
    return lines;
  });

/** The frames side by side, as wide and as high as the grid. */
const tileLines = ({ tiles, below, width, height }: Props): readonly string[] => {
  const sorted = tiles.toSorted((a, b) => a.rect.x - b.rect.x);
  const frames = framesOf(sorted);
  const drawn = sorted.map(({ rect }, i) => ({ rect, lines: frames[i]! }));
  const lines = Array.from({ length: height }, (_, y) => {
    let line = '';
    let x = 0;
    for (const { rect, lines: own } of drawn) {
      if (y < rect.y || y >= rect.y + rect.height) continue;
      line += ' '.repeat(Math.max(0, rect.x - x)) + own[y - rect.y];
      x = rect.x + rect.width;
    }
    return line;
  });
  return below.length > 0 ? [...lines.slice(0, -1), spread(below, [], width)] : lines;
};

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
    tiles: keepTiles(
      shownInstances(model).map((instance, i) => {
        const rect = model.layout.tiles.tiles[i]!;
        return { rect, tile: paneFrameOf(model, instance, rect.width) };
      }),
    ),
  }),
  lines: (props) => (props.tiles.length === 0 ? null : tileLines(props)),
  View: ({ width, height, instead }) => <Instead width={width} height={height} lines={instead} />,
};
