import { boxRoom, boxTextWidth } from '../model/box-layout.ts';
import type { Layout } from '../model/layout.ts';
import type { Dialog, Page } from '../model/screen-state.ts';
import { PROMPT_HELP } from '../prompt/prompt-keys.ts';
import { tabOf } from '../tabs/index.ts';
import { type TabId, tabTitle } from '../tabs/tab-ids.ts';
import { TAB_HELP, VIEW_HELP } from '../tabs/tab-keys.ts';
import type { Piece } from '../widgets/pieces.ts';
import { wrapLines } from '../widgets/wrap-lines.ts';
import type { PageRoom } from './key.ts';
import { PANE_KEYS } from './pane-keys.ts';

type Screen = Pick<Layout, 'screen' | 'prompt'>;

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
  const own = tab ? [...list(tabTitle(of), [...tab.keys, ...TAB_HELP]), []] : [];
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
    ? keyLines(boxTextWidth(screen.width, true), page.keysOf ?? 'agents')
    : wrapLines(page.lines, boxTextWidth(screen.width, false)).map((text) => [{ text }]);

/** The lines around the text of a question: a blank, and the buttons behind another one. */
const AROUND_QUESTION = 3;

/** The text of a question that has lines of its own, as it is laid out on this screen; undefined for any other. */
export const questionLines = ({ loses }: Dialog, { screen }: Screen): readonly string[] | undefined =>
  loses.includes('\n') ? wrapLines(loses.split('\n'), boxTextWidth(screen.width, false)) : undefined;

/** How far the text of a question can be scrolled on this screen. */
export const questionRoom = (dialog: Dialog, screen: Screen): PageRoom => {
  const height = Math.max(1, boxRoom(screen) - AROUND_QUESTION);
  return { height, most: Math.max(0, (questionLines(dialog, screen)?.length ?? 0) - height) };
};

/** How far this page can be scrolled on this screen. */
export const pageRoom = (page: Page | null, screen: Screen): PageRoom => {
  const height = boxRoom(screen);
  return { height, most: page ? Math.max(0, pageLines(page, screen).length - height) : 0 };
};
