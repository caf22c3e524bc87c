import { stripVTControlCharacters } from 'node:util';

export type Dialog = {
  readonly title: string;
  readonly body: readonly string[];
  readonly rows: readonly string[];
  readonly foot: string;
  marked: number;
};

/** All that the screen shows. */
export const view = {
  engine: 'v2',
  agent: 'kiro_default',
  said: [] as string[],
  /** What stands in the place of the box's own words. */
  doing: null as string | null,
  boot: null as string | null,
  typed: '',
  dialog: null as Dialog | null,
};

const RULE = '─'.repeat(60);

const dialogLines = ({ title, body, rows, foot, marked }: Dialog): readonly string[] => [
  ...['', `  ${title}`, '', ...body.map((line) => `    ${line}`), ''],
  ...rows.map((row, at) => `  ${at === marked ? '❯' : ' '} ${row}`),
  ...['', `  ${foot}`],
];

const boxLines = (): readonly string[] => {
  const placeholder = view.doing ?? 'Ask a question or describe a task ↵';
  const typed = view.typed === '' ? [placeholder] : view.typed.split('\r');
  const status = `  ${view.agent} · claude-sonnet · ◔ 3%   ~/repo · (main)`;
  return [RULE, ...typed.map((line, at) => `${at === 0 ? '›' : ' '} ${line}`), RULE, status];
};

const width = (): number => process.stdout.columns || 80;

/** A line as a terminal of this width wraps it. */
const wrapped = (line: string): readonly string[] => {
  const letters = [...line];
  const count = Math.max(1, Math.ceil(letters.length / width()));
  return Array.from({ length: count }, (_, at) => letters.slice(at * width(), (at + 1) * width()).join(''));
};

const SPINNER = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
let turns = 0;

const linesNow = (): readonly string[] => {
  if (view.boot !== null) return ['  Kiro CLI', '', `  ${view.boot}`];
  if (view.dialog) return [...view.said, ...dialogLines(view.dialog)];
  const spin = view.doing === null ? [] : [`${SPINNER[turns % SPINNER.length]} ${view.doing.split(' · ')[0]}`];
  return [...view.said, ...spin, ...boxLines()];
};

const DRAW_MS = 25;
let isDue = false;

const drawNow = (): void => {
  isDue = false;
  const rows = process.stdout.rows || 24;
  const lines = linesNow()
    .flatMap(wrapped)
    .slice(-(rows - 1));
  process.stdout.write(`\u001B[?25l\u001B[H${lines.map((line) => `${line}\u001B[K`).join('\r\n')}\u001B[J`);
};

/** Draws soon; what changes meanwhile is drawn together. */
export const draw = (): void => {
  if (isDue) return;
  isDue = true;
  setTimeout(drawNow, DRAW_MS);
};

/** Adds lines to what was said. */
export const say = (text: string): void => {
  view.said.push(...stripVTControlCharacters(text).split('\n'));
  view.said.splice(0, Math.max(0, view.said.length - 500));
  draw();
};

/** Adds words to the last line that was said. */
export const sayOn = (words: string): void => {
  const [first = '', ...rest] = words.split('\n');
  view.said.push(`${view.said.pop() ?? ''}${first}`, ...rest);
  draw();
};

const SPIN_MS = 200;
setInterval(() => {
  if (view.doing === null) return;
  turns += 1;
  draw();
}, SPIN_MS).unref();
