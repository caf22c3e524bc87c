import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IBufferCell, Terminal } from '@xterm/headless';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { THEMES } from '../../src/tui/theme/themes.ts';
import { goldenAnswers, goldenScreens, goldenSwarm } from './golden-swarm.ts';
import { openView } from './open-view.ts';
import { rowsOf } from './screen.ts';

// How every view looks is written down in test/fixtures/tui. After a change that is meant, look at the difference and
// write it down anew: npm exec -- vitest run test/tui/golden.test.ts -u

/** What is photographed: the keys that lead there from the agents' panes, and a text that is there when it is drawn. */
const VIEWS: readonly (readonly [name: string, keys: string, ready: string])[] = [
  ['agents', '1', '■ rehearsal-2'],
  ['tasks', '2', 'x cancel'],
  ['tasks-graph', 'vv', 'x cancel'],
  ['tasks-timeline', 'v', '█'],
  ['worktrees', '3', '└─ 2.1 Read temperature'],
  ['messages', '4', 'Use metric units'],
  ['alerts', '5', 'restart instance rehearsal-5'],
  ['metrics', '6', 'passed the check'],
  ['log', '7', 'and one more'],
  ['help', '8', 'Everything that can be said'],
  ['keys', '?', 'Keys'],
];

const SIZES = [
  [80, 24],
  [120, 36],
  [200, 60],
  [300, 80],
] as const;

const PALETTES = {
  dark: { background: '1e1e/1e1e/1e1e' },
  light: { background: 'ffff/ffff/ffff' },
  'high-contrast': {
    background: '1e1e/1e1e/1e1e',
    looks: { theme: THEMES.get('high-contrast')!, ascii: false, calm: false },
  },
} as const;

beforeEach(() => void vi.stubEnv('TZ', 'UTC'));
afterEach(() => void vi.unstubAllEnvs());

const opened = async (more: object, columns: number, rows: number) => {
  const view = openView(goldenSwarm, { ask: goldenAnswers, ...more }, { columns, rows });
  for (const [id, text] of Object.entries(goldenScreens)) view.logs.print(id, text);
  await view.panes();
  return view;
};

type Opened = Awaited<ReturnType<typeof opened>>;

/** How a view is written down. */
type Written = { readonly file: (name: string) => string; readonly picture: () => string };

/** A second for what is written down to be there; longer than any picture waits for the next, for another one to stand still. */
const SOON = { timeout: 1000, interval: 20 };
const QUIET = { interval: 250 };

const isWrittenDown = (file: string, picture: string): boolean => {
  const path = join(import.meta.dirname, file);
  return existsSync(path) && readFileSync(path, 'utf8') === picture;
};

/** Goes to each view, and compares it when it stands still. */
const visit = async (view: Opened, { file, picture }: Written): Promise<void> => {
  for (const [name, keys, ready] of VIEWS) {
    view.type(keys);
    await view.see(ready);
    let before = 0;
    const hasWritten = (): boolean => {
      const last = before;
      before = view.tty.written.length;
      return last !== before;
    };
    const isThere = async (): Promise<boolean> => {
      if (hasWritten()) return false;
      await view.tty.read();
      return isWrittenDown(file(name), picture());
    };
    await vi.waitUntil(isThere, SOON).catch(() => vi.waitUntil(() => !hasWritten(), QUIET));
    await view.tty.read();
    await expect(picture()).toMatchFileSnapshot(file(name));
  }
};

test.each(SIZES)('every view looks as it is written down on %i columns and %i rows', async (columns, rows) => {
  const view = await opened({}, columns, rows);
  await visit(view, {
    file: (name) => `../fixtures/tui/${name}-${columns}x${rows}.txt`,
    picture: () => `${rowsOf(view.tty.terminal).join('\n')}\n`,
  });
});

const hex = (value: number): string => `#${value.toString(16).padStart(6, '0')}`;

const styleOf = (cell: IBufferCell): string =>
  [
    cell.isFgRGB() ? hex(cell.getFgColor()) : cell.isFgPalette() ? `colour ${cell.getFgColor()}` : '',
    cell.isBgRGB() ? `on ${hex(cell.getBgColor())}` : cell.isBgPalette() ? `on colour ${cell.getBgColor()}` : '',
    cell.isBold() ? 'bold' : '',
    cell.isDim() ? 'dim' : '',
    cell.isItalic() ? 'italic' : '',
    cell.isInverse() ? 'inverse' : '',
  ]
    .filter((word) => word !== '')
    .join(' ');

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** The rows of a screen, below each the style of every cell as a letter, and what the letters mean. */
const stylesOf = (terminal: Terminal): string => {
  const letters = new Map<string, string>();
  const letterOf = (style: string): string => {
    if (style === '') return ' ';
    const known = letters.get(style) ?? LETTERS[letters.size] ?? '!';
    letters.set(style, known);
    return known;
  };
  const rows = rowsOf(terminal).map((row, y) => {
    const line = terminal.buffer.active.getLine(y)!;
    const styles = Array.from({ length: terminal.cols }, (_, x) => {
      const cell = line.getCell(x)!;
      // What a blank looks like shows only where it has a background.
      const seen = cell.getChars().trim() !== '' || cell.isInverse() || !cell.isBgDefault();
      return cell.getWidth() === 0 ? '' : seen ? letterOf(styleOf(cell)) : ' ';
    });
    return `|${row}\n:${styles.join('').trimEnd()}`;
  });
  return [...rows, '', ...[...letters].map(([style, letter]) => `${letter} = ${style}`), ''].join('\n');
};

test.each(Object.entries(PALETTES))(
  'every view has the colours that are written down for the theme %s',
  async (palette, more) => {
    const view = await opened(more, 100, 30);
    await visit(view, {
      file: (name) => `../fixtures/tui/${name}.${palette}.txt`,
      picture: () => stylesOf(view.tty.terminal),
    });
  },
);
