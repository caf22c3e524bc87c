import { shownLine } from '../lib/text.ts';
import type { ConflictFile, ConflictRecord } from '../state/conflict-records.ts';
import type { State } from '../state/index.ts';

type Hunk = ConflictFile['hunks'][number];

const labelled = (label: string, lines: readonly string[]): readonly string[] =>
  (lines.length === 0 && label !== '' ? ['(nothing)'] : lines).map((line) =>
    `    ${label.padEnd(6)} | ${shownLine(line)}`.trimEnd(),
  );

/** The lines of a place with those around it: what both began with, what is merged already, what the branch has. */
const hunkText = ({ line, before, base, ours, theirs, after }: Hunk): readonly string[] => [
  `    line ${line}`,
  ...labelled('', before),
  ...labelled('base', base),
  ...labelled('ours', ours),
  ...labelled('theirs', theirs),
  ...labelled('', after),
];

const fileText = ({ path, solved, how, hunks }: ConflictFile): readonly string[] => [
  `  ${shownLine(path)}: ${solved ? 'resolved, ' : ''}${shownLine(how)}`,
  ...hunks.flatMap(hunkText),
];

const taskText = ({ tasks }: State, id: string, side: string): string => {
  const task = Object.hasOwn(tasks, id) ? tasks[id] : undefined;
  return `  ${side.padEnd(6)}   ${id}${task ? `  ${shownLine(task.title)}` : ''}`;
};

/** Whose work met in a conflict, place by place, and what became of each file. */
export const examinedText = (state: State, { task, with: others, files, note }: ConflictRecord): readonly string[] => [
  ...others.map((id) => taskText(state, id, 'ours')),
  taskText(state, task, 'theirs'),
  ...files.flatMap(fileText),
  ...(note === null ? [] : [`  ${shownLine(note)}`]),
];
