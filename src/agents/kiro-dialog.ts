import { oneLine, shorten } from '../lib/text.ts';
import { optionNamed } from '../state/question-options.ts';
import type { AnswerStep, Asking } from './adapter.ts';
import { meaningOf, REFUSED } from './reply.ts';

/** What a dialog of Kiro's full screen asks: for a tool, for the mode that trusts all of them, or a question of its own. */
export type Dialog = {
  readonly about: 'tool' | 'trust' | 'question';
  readonly title: string;
  readonly rows: readonly string[];
  /** The row that the mark stands on. */
  readonly marked: number;
};

/** How many of the last lines with anything on them may hold a dialog: what stands above was said, perhaps by the agent. */
const DEPTH = 18;
/** How far above its rows the title of a dialog may stand, because what is asked about is shown between. */
const TITLE = 10;

const MARK = /^(?<before>[\s│┃]*❯ )\S/u;
const HINT = /esc to (?:close|cancel)|tab to edit$|↑|enter to/iu;
const APPROVAL = /^(?<title>.*\brequires approval\b.*)$/iu;
const TRUST = /running in trust all tools mode/iu;
const OWN_ANSWER = /^type a different answer/iu;

const bare = (line: string): string => oneLine(line.replaceAll(/[│┃]/gu, ' '));

/** The rows beside the marked one: those that begin in its column. */
const rowsAround = (lines: readonly string[], at: number): { readonly from: number; readonly to: number } => {
  const column = MARK.exec(lines[at]!)!.groups!['before']!.length;
  const isRow = (line: string | undefined): boolean =>
    line !== undefined &&
    /^[\s│┃]*$/u.test(line.slice(0, column)) &&
    /^\S/u.test(line.slice(column)) &&
    !(HINT.test(line) && !/^\s*no\b/iu.test(line.slice(column)));
  let [from, to] = [at, at];
  while (isRow(lines[from - 1])) from -= 1;
  while (isRow(lines[to + 1])) to += 1;
  return { from, to };
};

/** The dialog that stands at the end of a screen; undefined when none does. */
export const dialogOn = (screen: string): Dialog | undefined => {
  const all = screen.trimEnd().split('\n');
  const filled = all.flatMap((line, at) => (line.trim() === '' ? [] : [at]));
  const lines = all.slice(filled.at(-DEPTH) ?? 0);
  const at = lines.findLastIndex((line) => MARK.test(line));
  if (at < 0) return undefined;
  const { from, to } = rowsAround(lines, at);
  const rows = lines.slice(from, to + 1).map((line) => bare(line.replace('❯', ' ')));
  const above = lines.slice(Math.max(0, from - TITLE), from).map(bare);
  const dialog = { rows, marked: at - from };
  const title = above.findLast((line) => APPROVAL.test(line) || TRUST.test(line));
  if (title !== undefined) return { ...dialog, about: TRUST.test(title) ? 'trust' : 'tool', title };
  const question = above.findLast((line) => line !== '');
  return rows.some((row) => OWN_ANSWER.test(row)) && question !== undefined
    ? { ...dialog, about: 'question', title: question }
    : undefined;
};

/** The name of the tool in the title of a dialog, behind that of the helper that asks. */
export const toolIn = ({ title }: Dialog): string | undefined =>
  /(?:^|> )(?<tool>[\w@/.-]+) requires approval/iu.exec(title)?.groups?.['tool'];

// Whatever trusts for longer than this one time is nobody's plain yes.
const YES = /^(?:yes\b(?!.*(?:always|trust|again|session|\ball\b))|allow(?: once)?$)/iu;
const NO = /^(?:no\b|deny$|reject$)/iu;

/** The row that an answer means: a plain yes or no is for this one time only. -1 when none is sure to be meant. */
const rowFor = ({ rows }: Dialog, answer: string): number => {
  const said = answer.trim().toLowerCase();
  const named = optionNamed(rows, answer.trim());
  if (named !== undefined) return named;
  if (/^\d+$/u.test(said)) return -1;
  const meaning = meaningOf(answer);
  if (meaning) return rows.findIndex((row) => (meaning === 'yes' ? YES : NO).test(row));
  const begins = rows.flatMap((row, at) => (row.toLowerCase().startsWith(said) && !OWN_ANSWER.test(row) ? [at] : []));
  return begins.length === 1 ? begins[0]! : -1;
};

/** Whether a dialog is about the request that is answered; where only one is open it can be about no other. */
const isAbout = ({ requests }: Asking, screen: string): boolean => {
  const [first, ...others] = requests;
  if (!first || others.length === 0) return true;
  // A dialog may cut what is long.
  const subject = first.subject.replaceAll(/\s+/gu, '').slice(0, 40);
  return subject !== '' && screen.replaceAll(/[\s│┃]+/gu, '').includes(subject);
};

const unclear = (dialog: Dialog): AnswerStep => ({
  kind: 'unclear',
  why: shorten(`no row of its dialog is sure to mean that: ${dialog.rows.join(' / ')}`, 300),
});

/** The step from the marked row to another one, or the key that takes it. */
const stepTo = ({ marked, rows }: Dialog, wanted: number): AnswerStep =>
  marked === wanted
    ? { kind: 'decide', on: rows[wanted]!, keys: ['Enter'] }
    : { kind: 'move', key: wanted > marked ? 'Down' : 'Up' };

/** The plain look asks for a letter behind its last words; anything else is taken for a refusal in words. */
const PLAIN = /Allow this action\?[^\n]*\[y\/n\/t\]:\s*(?:\n\s*(?:\[[^\]\n]+\] )?[>λ]?\s*)?$/iu;

/** The next step of an answer; see `answerStep` of an adapter. Escape never approves: it is what a refusal falls back to. */
export const answerStep = (screen: string, asking: Asking, answer: string): AnswerStep | undefined => {
  const meaning = meaningOf(answer);
  if (PLAIN.test(screen))
    return { kind: 'decide', on: '[y/n/t]', keys: [`text:${meaning?.charAt(0) ?? answer}`, 'Enter'] };
  const dialog = dialogOn(screen);
  if (!dialog) return undefined;
  if (!isAbout(asking, screen)) return { kind: 'unclear', why: 'another dialog stands before the one that it asks' };
  const wanted = rowFor(dialog, answer);
  if (wanted >= 0) return stepTo(dialog, wanted);
  if (dialog.about === 'tool' && meaning !== 'yes' && !/^\d+$/u.test(answer.trim()))
    return { kind: 'decide', on: dialog.title, keys: ['Escape'], afterwards: meaning === 'no' ? REFUSED : answer };
  return unclear(dialog);
};

/** Whether a question of Kiro stands on the screen. */
export const readAsking = (screen: string): boolean => PLAIN.test(screen) || dialogOn(screen) !== undefined;
