import type { MaySay } from '../../attention/attention.ts';
import { shownLine } from '../../lib/text.ts';
import { type Action, isNamed, KEY_TABLE } from '../control/key-table.ts';
import { wrapLines } from '../widgets/wrap-lines.ts';
import type { Tab, TabColumn, TabLine } from './tab.ts';
import { columnWidths } from './tab-window.ts';

/** Two columns need so many cells; the shares of the language and of the keys. */
const WIDE = 120;
const WEIGHTS = [3, 2] as const;

/** The keys that stand beside the language. */
const SHOWN: readonly Action[] = [
  'views',
  'keys',
  'filter',
  'command',
  'next',
  'answer',
  'suggestion',
  'back',
  'leave',
];

/** Cells of a key before what it does. */
const KEY = 15;

/** The keys in so many cells, each with all of what it does. */
const keysColumn = (maySay: MaySay, width: number): TabColumn => ({
  title: [{ text: 'keys everywhere', bold: true }],
  weight: WEIGHTS[1],
  isText: true,
  lines: SHOWN.filter((action) => isNamed(action, maySay)).flatMap((action): readonly TabLine[] => {
    const { label, help } = KEY_TABLE[action];
    const text = `${label} ${help}`;
    return wrapLines([help], width - KEY).map((part, i) => ({
      pieces: [{ text: (i === 0 ? ` ${label}` : '').padEnd(KEY), bold: true }, { text: part.trimStart() }],
      text,
    }));
  }),
});

const helpLine = (line: string, text: string): TabLine => ({ pieces: [{ text: line }], text });

/** The language of commands, and the keys that work everywhere. */
export const helpTab: Tab = {
  modes: [],
  queries: () => [{ text: 'help', everyMs: 60_000 }],
  body: ({ answers, attention, size }) => {
    const reply = answers.get('help');
    const text = reply?.exit === 0 ? reply.text.trimEnd() : '';
    const isWide = size.width >= WIDE;
    const [language = 0, keys = 0] = isWide ? columnWidths(WEIGHTS, size.width) : [size.width];
    const width = language - 1;
    // What is wrapped is found as a whole.
    const lines = text.split('\n').flatMap((whole) => wrapLines([whole], width).map((line) => helpLine(line, whole)));
    const commands: TabColumn = {
      title: [{ text: 'commands', bold: true }],
      weight: WEIGHTS[0],
      isText: true,
      lines: text === '' ? [] : lines,
      empty: shownLine(reply?.message ?? 'asking …'),
    };
    return { columns: isWide ? [commands, keysColumn(attention.maySay, keys)] : [commands] };
  },
  keys: [],
};
