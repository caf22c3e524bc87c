import { shownLine } from '../lib/text.ts';
import type { ConflictFile, ConflictRecord } from '../state/conflict-records.ts';
import { MERGED_SIDE } from '../state/conflicts.ts';
import type { State } from '../state/index.ts';
import { type Pair, sideName } from './conflict-text.ts';

type Hunk = ConflictFile['hunks'][number];

/** How the two are called beside their lines, and how it is said that something resolves a file. */
type Naming = { readonly ours: string; readonly theirs: string; readonly resolved: string };

const BATCH: Naming = { ours: 'ours', theirs: 'theirs', resolved: 'resolved' };

const BASE = 'base';
const widthOf = ({ ours, theirs }: Naming): number => Math.max(BATCH.theirs.length, ours.length, theirs.length);

/** The lines of a place with those around it: what both began with, and what each has. */
const hunkText = ({ line, before, base, ours, theirs, after }: Hunk, naming: Naming): readonly string[] => {
  const labelled = (label: string, lines: readonly string[]): readonly string[] =>
    (lines.length === 0 && label !== '' ? ['(nothing)'] : lines).map((one) =>
      `    ${label.padEnd(widthOf(naming))} | ${shownLine(one)}`.trimEnd(),
    );
  return [
    `    line ${line}`,
    ...labelled('', before),
    ...labelled(BASE, base),
    ...labelled(naming.ours, ours),
    ...labelled(naming.theirs, theirs),
    ...labelled('', after),
  ];
};

const fileText = ({ path, solved, how, hunks }: ConflictFile, naming: Naming): readonly string[] => [
  `  ${shownLine(path)}: ${solved ? `${naming.resolved}, ` : ''}${shownLine(how)}`,
  ...hunks.flatMap((hunk) => hunkText(hunk, naming)),
];

const titleOf = ({ tasks }: State, id: string | null): string =>
  id !== null && Object.hasOwn(tasks, id) ? shownLine(tasks[id]!.title) : '';

const taskText = (state: State, id: string, side: string): string =>
  `  ${side.padEnd(BATCH.theirs.length)}   ${id}  ${titleOf(state, id)}`.trimEnd();

/** Whose work met in a conflict, place by place, and what became of each file: `ours` is merged already. */
export const examinedText = (state: State, { task, with: others, files, note }: ConflictRecord): readonly string[] => [
  ...others.map((id) => taskText(state, id, BATCH.ours)),
  taskText(state, task, BATCH.theirs),
  ...files.flatMap((file) => fileText(file, BATCH)),
  ...(note === null ? [] : [`  ${shownLine(note)}`]),
];

/** Whose work would meet in a conflict that is foreseen, and the places with the lines as each of the two has them. */
export const foreseenText = (state: State, pair: Pair, files: readonly ConflictFile[]): readonly string[] => {
  const naming: Naming = { ours: sideName(pair, 0), theirs: sideName(pair, 1), resolved: 'would be resolved' };
  const about = (side: 0 | 1): string => {
    const [instance, task] = [pair.instances[side], pair.tasks[side]];
    const whose = instance === MERGED_SIDE ? 'what is merged already' : titleOf(state, task);
    return `  ${sideName(pair, side).padEnd(widthOf(naming))}   ${whose}`.trimEnd();
  };
  return [about(0), about(1), ...files.flatMap((file) => fileText(file, naming))];
};
