import { shownLine } from '../../lib/text.ts';
import { wrapLines } from '../widgets/wrap-lines.ts';
import type { Tab, TabColumn, TabLine } from './tab.ts';
import { TAB_NAMES, TAB_NUMBERS } from './tab-ids.ts';

const LETTERS: readonly (readonly [string, string])[] = [
  [TAB_NUMBERS, `the views: ${TAB_NAMES}`],
  ['?', 'all keys of the view that is open'],
  ['/', 'filter what the view shows; in Log: search all output'],
  [': or a letter', 'type a command; Tab completes it'],
  ['n', 'go to the next agent that needs you'],
  ['g', 'do what the alert suggests'],
  ['Esc', 'from the command line to the view, and back to all panes'],
  ['q', 'leave; the agents go on'],
];

const keysColumn = (): TabColumn => ({
  title: [{ text: 'keys everywhere', bold: true }],
  weight: 2,
  lines: LETTERS.map(
    ([key, help]): TabLine => ({ pieces: [{ text: ` ${key}`.padEnd(15), bold: true }, { text: help }] }),
  ),
});

/** The language of commands, and the keys that work everywhere. */
export const helpTab: Tab = {
  modes: [],
  queries: () => [{ text: 'help', everyMs: 60_000 }],
  body: ({ answers, size }) => {
    const reply = answers.get('help');
    const text = reply?.exit === 0 ? reply.text.trimEnd() : '';
    const width = size.width >= 120 ? Math.floor((size.width * 3) / 5) - 2 : size.width - 2;
    const lines = text === '' ? [] : wrapLines(text.split('\n'), width).map((line) => ({ pieces: [{ text: line }] }));
    const language: TabColumn = {
      title: [{ text: 'what can be said', bold: true }],
      weight: 3,
      lines,
      empty: shownLine(reply?.message ?? 'asking …'),
    };
    return { columns: size.width >= 120 ? [language, keysColumn()] : [language] };
  },
  keys: [],
};
