import { wildcard } from '../lib/wildcard.ts';

/** Where the path of a request lies: as it was said, and where it really leads, links included. */
export type Place = {
  readonly worktree: string;
  /** The path itself, and the worktree, without any link; null where nobody has looked. */
  readonly real: { readonly worktree: string; readonly path: string } | null;
};

/** An absolute path without `.` and `..`. */
const normal = (path: string): string => {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
};

/** The path below a folder, or all of it where it is not below. */
const below = (path: string, folder: string): string =>
  path.startsWith(`${folder}/`) ? path.slice(folder.length) : path;

const matches = (pattern: string, path: string, worktree: string): boolean => {
  if (pattern.startsWith('/')) return wildcard(pattern, true).test(path);
  const root = `${normal(worktree)}/`;
  if (!path.startsWith(root)) return false;
  // As in a `.gitignore`, one without a folder means a file of that name wherever it is.
  const wanted = pattern.replace(/^\.\//u, '');
  return wildcard(wanted.includes('/') ? wanted : `**/${wanted}`, true).test(path.slice(root.length));
};

/** Some file systems take names for the same that differ in case or in how a letter is made up. */
const folded = (text: string): string => text.normalize('NFKC').toLowerCase();

/** Whether a path leads to what git keeps of a repository, and a pattern does not say so. */
const isUnnamedGit = (pattern: string, path: string): boolean => {
  const isGit = (part: string): boolean => /^(?:\.git|git~\d+)[. ]*$/u.test(folded(part).replaceAll(/\p{Cf}/gu, ''));
  return path.split('/').some(isGit) && !pattern.split('/').some(isGit);
};

const saidPath = (subject: string, worktree: string): string =>
  normal(subject.startsWith('/') ? subject : `${worktree}/${subject}`);

/** Whether a pattern allows a path: as it is said, and where it really leads. */
export const allowsPath = (pattern: string, subject: string, { worktree, real }: Place): boolean =>
  subject !== '' &&
  // A shell would make something else of these.
  !/^~|\p{Cc}/u.test(subject) &&
  real !== null &&
  [{ path: saidPath(subject, worktree), worktree }, real].every(
    (place) =>
      matches(pattern, normal(place.path), place.worktree) &&
      !isUnnamedGit(pattern, below(normal(place.path), normal(place.worktree))),
  );

/** Whether a pattern that denies may mean a path: as it is said, or where it really leads. */
export const deniesPath = (pattern: string, subject: string, { worktree, real }: Place): boolean => {
  if (subject === '') return false;
  const places = [{ path: saidPath(subject, worktree), worktree }, ...(real ? [real] : [])];
  return places.some((place) => matches(folded(pattern), normal(folded(place.path)), folded(place.worktree)));
};
