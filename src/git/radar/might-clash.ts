import { fieldsOf } from '../parse.ts';
/** The files that a side has changed, each with the letter by which git says how: `A`, `D`, `M`, `T`. */
export type ChangedFiles = ReadonlyMap<string, string>;

/** Reads `git diff-tree -r -z --name-status --no-renames`. */
export const parseNameStatus = (text: string): ChangedFiles => {
  const fields = fieldsOf(text);
  return new Map(fields.flatMap((letter, i) => (i % 2 === 0 ? [[fields[i + 1] ?? '', letter] as const] : [])));
};

/** The folders above a path, the nearest first. */
export const foldersAbove = (path: string): string[] => {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_part, i) => parts.slice(0, parts.length - i).join('/'));
};

/** The files that both sides have changed. */
export const changedByBoth = (ours: ChangedFiles, theirs: ChangedFiles): string[] => {
  const [few, many] = ours.size <= theirs.size ? [ours, theirs] : [theirs, ours];
  return [...few.keys()].filter((path) => many.has(path)).toSorted();
};

const foldersOf = (changes: ChangedFiles, letter: string): Set<string> => {
  const paths = [...changes].flatMap(([path, how]) => (how === letter ? [path] : []));
  return new Set(paths.flatMap((path) => foldersAbove(path)));
};

/** Whether one side has a file where the other one has a folder. */
const isFileInTheWay = (files: ChangedFiles, others: ChangedFiles): boolean =>
  [...others.keys()].some((path) => foldersAbove(path).some((folder) => files.has(folder)));

/** Whether one side has moved away from a folder in which the other one puts something: git would move that as well. */
const mayMoveFolder = (moving: ChangedFiles, adding: ChangedFiles): boolean => {
  const left = foldersOf(moving, 'D');
  return left.size > 0 && [...foldersOf(adding, 'A')].some((folder) => left.has(folder));
};

/** Whether a merge of the two could meet a conflict at all: what cannot need not be merged to know. */
export const mightClash = (ours: ChangedFiles, theirs: ChangedFiles): boolean =>
  changedByBoth(ours, theirs).length > 0 ||
  isFileInTheWay(ours, theirs) ||
  isFileInTheWay(theirs, ours) ||
  mayMoveFolder(ours, theirs) ||
  mayMoveFolder(theirs, ours);
