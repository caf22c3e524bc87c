import type { Rect } from '../compositor/layers.ts';
import type { Layout } from '../model/layout.ts';
import type { Page, ScreenState } from '../model/view-state.ts';
import { PROMPT_HELP } from '../prompt/prompt-keys.ts';
import { tabOf } from '../tabs/index.ts';
import type { TabId } from '../tabs/tab.ts';
import { TAB_HELP, VIEW_HELP } from '../tabs/tab-view.ts';
import type { Piece } from '../widgets/line.ts';
import { wrapLines } from './page-lines.ts';
import { PANE_KEYS } from './pane-keys.ts';

type Screen = Pick<Layout, 'screen' | 'prompt'>;

const NARROW = 72;
/** The frame and a blank on each side. */
const AROUND = 4;

/** How wide a box before everything else is; narrow ones are easier to read where the text is ours. */
export const boxWidth = (columns: number, narrow: boolean): number => {
  const most = columns >= NARROW + AROUND ? columns - AROUND : columns;
  return Math.max(1, narrow ? Math.min(most, NARROW) : most);
};

/** How many cells of a line a page shows without wrapping it. */
export const pageTextWidth = (columns: number): number => Math.max(1, boxWidth(columns, false) - AROUND);

/** Lines that a box has room for above the prompt. */
export const boxRoom = ({ screen, prompt }: Screen): number => Math.max(1, screen.height - prompt.height - 2);

/** Cells of a key's name, the blanks around it included. */
const KEY = 14;

const keyLines = (width: number, of: TabId): readonly (readonly Piece[])[] => {
  const list = (title: string, keys: readonly { readonly label: string; readonly help: string }[]) => [
    [{ text: title, dim: true }],
    ...keys.flatMap(({ label, help }) =>
      wrapLines([help], width - KEY).map((line, i): Piece[] => [
        { text: i === 0 ? `  ${label.padEnd(KEY - 2)}` : ' '.repeat(KEY), bold: true },
        { text: line },
      ]),
    ),
  ];
  const tab = tabOf(of);
  const own = tab ? [...list(tab.title, [...tab.keys, ...TAB_HELP]), []] : [];
  return [
    ...own,
    ...list('Views', VIEW_HELP),
    [],
    ...list('Agents', PANE_KEYS),
    [],
    ...list('Command line', PROMPT_HELP),
  ];
};

/** All lines of a page as they are laid out on this screen. */
export const pageLines = (page: Page, { screen }: Screen): readonly (readonly Piece[])[] =>
  page.lines === null
    ? keyLines(boxWidth(screen.width, true) - AROUND, page.keysOf ?? 'agents')
    : wrapLines(page.lines, pageTextWidth(screen.width)).map((text) => [{ text }]);

/** How far a page can be scrolled: how many of its lines are above the screen at most, and how many on it. */
export type PageRoom = { readonly most: number; readonly height: number };

export const pageRoom = ({ page }: Pick<ScreenState, 'page'>, screen: Screen): PageRoom => {
  const height = boxRoom(screen);
  return { height, most: page ? Math.max(0, pageLines(page, screen).length - height) : 0 };
};

/** A box of this size in the middle of what is above the prompt. */
export const centred = ({ screen, prompt }: Screen, width: number, lines: number): Rect => {
  const height = Math.min(lines, boxRoom({ screen, prompt } as Screen)) + 2;
  return {
    x: Math.floor((screen.width - width) / 2),
    y: Math.max(0, Math.floor((screen.height - prompt.height - height) / 2)),
    width,
    height,
  };
};
