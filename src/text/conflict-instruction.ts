import { oneLine, shellQuote, shorten } from '../lib/text.ts';
import type { Batch } from '../state/batches.ts';
import { type ConflictFile, conflictId, type ConflictRecord } from '../state/conflict-records.ts';
import type { State } from '../state/index.ts';
import type { Task } from '../state/tasks.ts';

/** So much of what somebody else wrote is told: the rest is in the repository. */
const MOST_LINES = 40;
const MOST_OUTPUT = 60;

const inner = (lines: readonly string[]): string[] => lines.map((line) => `    ${line}`.trimEnd());

const few = (lines: readonly string[], most: number): readonly string[] =>
  lines.length <= most ? lines : [...lines.slice(0, most), `… and ${lines.length - most} more lines`];

/** What a task was to do, and what its agent said that it did. */
const intentLines = ({ id, title, description, details, acceptance_criteria, run, history }: Task): string[] => {
  const summary = (run ?? history.at(-1))?.summary ?? null;
  const text = [
    ...description.split('\n').filter((line) => line.trim() !== ''),
    ...details.map((one) => `- ${oneLine(one)}`),
    ...acceptance_criteria.map((one) => `- ${oneLine(one)}`),
    ...(summary === null ? [] : [`Said to be done: ${oneLine(summary)}`]),
  ];
  return [`${id}: ${oneLine(title)}`, ...inner(few(text, MOST_LINES))];
};

type Hunk = ConflictFile['hunks'][number];

const sideLines = (label: string, lines: readonly string[]): string[] =>
  inner((lines.length === 0 && label !== '' ? ['(nothing)'] : lines).map((line) => `${label.padEnd(6)} | ${line}`));

const hunkLines = ({ line, before, base, ours, theirs, after }: Hunk): string[] => [
  ...inner([`line ${line} of what is merged`]),
  ...sideLines('', before),
  ...sideLines('before', base),
  ...sideLines('merged', ours),
  ...sideLines('yours', theirs),
  ...sideLines('', after),
];

const openFiles = (files: readonly ConflictFile[]): readonly ConflictFile[] => files.filter(({ solved }) => !solved);

const placeLines = ({ files, note }: Pick<ConflictRecord, 'files' | 'note'>): string[] => [
  ...openFiles(files).flatMap(({ path, how, hunks }) => [
    `${oneLine(path)}: ${oneLine(how)}`,
    ...hunks.flatMap(hunkLines),
  ]),
  ...(note === null ? [] : [oneLine(note)]),
];

const step = (target: string): string =>
  `Merge the branch "${target}" into yours (git merge ${shellQuote(target)}). Resolve what conflicts so that what both sides meant stays, and leave no marker of a conflict in any file. Commit the merge on your branch, and let the check pass.`;

/** What the agent is told whose work conflicts with what is merged: both intents, and where they meet. */
const conflictInstruction = (
  target: string,
  { task, others, record }: { readonly task: Task; readonly others: readonly Task[]; readonly record: ConflictRecord },
): string =>
  [
    `This work conflicts with what is merged on "${target}" already. ${step(target)}`,
    '',
    'What is merged already:',
    ...others.flatMap(intentLines),
    ...(others.length === 0 ? ['(nobody knows whose work it is)'] : []),
    '',
    'What this task means:',
    ...intentLines(task),
    '',
    'Where they meet:',
    ...placeLines(record),
  ].join('\n');

/** What the agent is told with whose work a gate fails once it is merged. */
const gateInstruction = (
  target: string,
  { message, printed }: { readonly message: string; readonly printed: string },
): string => {
  const output = printed.split('\n').filter((line) => line.trim() !== '');
  return [
    `Merged with what others did, this work does not pass: ${oneLine(message)}`,
    '',
    `${step(target)} Then change your work so that this passes as well.`,
    ...(output.length === 0
      ? []
      : ['', 'The end of what was printed:', ...inner(output.slice(-MOST_OUTPUT).map((line) => shorten(line, 300)))]),
  ].join('\n');
};

type Aside = Pick<Batch['set_aside'][number], 'task' | 'reason' | 'message'>;

/** What is said of a task to whoever makes it fit; undefined where nothing is known that could be said. */
export const fitInstruction = (state: State, batch: Batch, aside: Aside, printed = ''): string | undefined => {
  const task = state.tasks[aside.task]!;
  if (aside.reason === 'gate') return gateInstruction(batch.target, { message: aside.message, printed });
  const record = state.conflicts[conflictId(batch.id, aside.task)];
  const others = (record?.with ?? []).flatMap((id): Task[] => (state.tasks[id] ? [state.tasks[id]] : []));
  return record && conflictInstruction(batch.target, { task, others, record });
};
