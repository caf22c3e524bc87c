import { shownLine } from '../lib/text.ts';
import { type ConflictFile, MERGED_SIDE, type PredictedConflict } from '../state/conflicts.ts';
import { plural } from './wording.ts';

type Ranges = ConflictFile['lines'][number];
export type Pair = Pick<PredictedConflict, 'instances' | 'tasks' | 'files'>;

/** So many ranges, and so many files, are told one by one. */
const MOST_RANGES = 3;
const MOST_FILES = 3;

/** `lines 3–9 and 14`, or nothing where lines do not tell. */
const linesText = (ranges: Ranges): string => {
  if (ranges.length === 0) return '';
  const some = ranges.slice(0, MOST_RANGES).map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`));
  const rest = ranges.length > MOST_RANGES ? [`${ranges.length - MOST_RANGES} more places`] : [];
  const all = [...some, ...rest];
  const isOne = ranges.length === 1 && ranges[0]![0] === ranges[0]![1];
  const joined = all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${all.at(-1)}` : all[0];
  return ` line${isOne ? '' : 's'} ${joined}`;
};

/** A file with its lines as the first, or the second, of the two has them. */
export const sideText = ({ path, lines }: ConflictFile, side: 0 | 1): string =>
  `${shownLine(path)}${linesText(lines[side])}`;

const isSame = ([ours, theirs]: ConflictFile['lines']): boolean => JSON.stringify(ours) === JSON.stringify(theirs);

/** What a conflict that is not about lines is about. */
const kindText = ({ kind, lines }: ConflictFile): string =>
  lines[0].length > 0 || ['contents', 'overlap'].includes(kind) ? '' : ` (${kind})`;

/** Who a side is: its task, or its instance where it has none. */
export const sideName = ({ tasks, instances }: Pair, side: 0 | 1): string => tasks[side] ?? instances[side];

/** `src/app.txt lines 3–9`; where the lines of the two differ, those of both. */
export const fileText = (pair: Pair, file: ConflictFile): string => {
  const there = `${sideText(file, 0)}${kindText(file)}`;
  if (isSame(file.lines) || file.lines[1].length === 0) return there;
  return `${there} (${sideName(pair, 0)}) and${linesText(file.lines[1])} (${sideName(pair, 1)})`;
};

/** `t7 and t8 both change src/app.txt lines 3–9`, with the agents where these are not the names already. */
export const conflictText = (pair: Pair): string => {
  const { files, tasks, instances } = pair;
  const some = files.slice(0, MOST_FILES).map((file) => fileText(pair, file));
  const rest = files.length > MOST_FILES ? [`${plural(files.length - MOST_FILES, 'further file')}`] : [];
  // Finished work has no agent any more, and the name of its task.
  const named = instances.filter((id, side) => id !== MERGED_SIDE && id !== tasks[side]).join(' and ');
  const agents = named === '' || tasks.every((task) => task === null) ? '' : ` (${named})`;
  return `${sideName(pair, 0)} and ${sideName(pair, 1)} both change ${[...some, ...rest].join(', ')}${agents}`;
};
