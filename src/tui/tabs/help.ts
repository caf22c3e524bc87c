import { shownLine } from '../../lib/text.ts';
import type { MaySay } from '../../attention/attention.ts';
import { type Action, isNamed, KEY_TABLE } from '../control/key-table.ts';
import { wrapLines } from '../widgets/wrap-lines.ts';
import type { Tab, TabColumn, TabLine } from './tab.ts';

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

const keysColumn = (maySay: MaySay): TabColumn => ({
  title: [{ text: 'keys everywhere', bold: true }],
  weight: 2,
  isText: true,
  lines: SHOWN.filter((action) => isNamed(action, maySay)).map((action): TabLine => {
    const { label, help } = KEY_TABLE[action];
    return { pieces: [{ text: ` ${label}`.padEnd(15), bold: true }, { text: help }] };
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
    const width = size.width >= 120 ? Math.floor((size.width * 3) / 5) - 2 : size.width - 2;
    // What is wrapped is found as a whole.
    const lines = text.split('\n').flatMap((whole) => wrapLines([whole], width).map((line) => helpLine(line, whole)));
    const language: TabColumn = {
      title: [{ text: 'commands', bold: true }],
      weight: 3,
      isText: true,
      lines: text === '' ? [] : lines,
      empty: shownLine(reply?.message ?? 'asking …'),
    };
    return { columns: size.width >= 120 ? [language, keysColumn(attention.maySay)] : [language] };
  },
  keys: [],
};
