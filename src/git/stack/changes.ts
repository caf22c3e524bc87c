import { LONG_MS, type RunGit } from '../run.ts';

/** What a path stands for in a tree; null where there is nothing. */
export type Entry = { readonly mode: string; readonly id: string } | null;
type Change = { readonly path: string; readonly before: Entry; readonly after: Entry };
export type Changes = readonly Change[];

export type Pair = { readonly from: string; readonly to: string };

export const isSame = (one: Entry, other: Entry): boolean => one?.mode === other?.mode && one?.id === other?.id;

const NOTHING = '000000';
const CHANGE = /^:(?<mode>\d+) (?<newMode>\d+) (?<id>[0-9a-f]+) (?<newId>[0-9a-f]+) [A-Z]\d*$/u;

const entryOf = (mode: string, id: string): Entry => (mode === NOTHING ? null : { mode, id });

const nameOf = ({ from, to }: Pair): string => `${to} ${from}`;

/** Reads `git diff-tree --stdin -z --raw --always`: a commit, then for each path a line of modes and ids. */
const parseChanges = (text: string, pairs: readonly Pair[]): ReadonlyMap<string, Changes> => {
  const fields = text.split('\0');
  let at = 0;
  return new Map(
    pairs.map((pair) => {
      const changes: Change[] = [];
      for (at += 1; at + 1 < fields.length; at += 2) {
        const { mode, newMode, id, newId } = CHANGE.exec(fields[at]!)?.groups ?? {};
        if (mode === undefined) break;
        changes.push({ path: fields[at + 1]!, before: entryOf(mode, id!), after: entryOf(newMode!, newId!) });
      }
      return [nameOf(pair), changes];
    }),
  );
};

/** What has changed from one commit to another, for many pairs of them by one process. */
export const changesOf = async (run: RunGit, pairs: readonly Pair[]): Promise<(pair: Pair) => Changes> => {
  const asked = [...new Map(pairs.map((pair) => [nameOf(pair), pair])).values()];
  const shape = ['-r', '-z', '--raw', '--no-renames', '--no-abbrev', '--always', '--ignore-submodules=none'];
  const input = asked.map((pair) => `${nameOf(pair)}\n`).join('');
  const { stdout } = await run(['diff-tree', '--stdin', ...shape], { input, timeoutMs: LONG_MS });
  const all = parseChanges(stdout, asked);
  return (pair) => all.get(nameOf(pair)) ?? [];
};

/** The folders that a path is in, the top one left out. */
const foldersOf = (path: string): readonly string[] => {
  const found: string[] = [];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) found.push(path.slice(0, at));
  return found;
};

type Side = {
  readonly paths: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
  /** Folders in which something is new, and such in which something is gone. */
  readonly growing: ReadonlySet<string>;
  readonly shrinking: ReadonlySet<string>;
};

const sideOf = (changes: Changes): Side => {
  const inFolders = (some: Changes) => new Set(some.flatMap(({ path }) => foldersOf(path)));
  return {
    paths: new Set(changes.map(({ path }) => path)),
    folders: inFolders(changes),
    growing: inFolders(changes.filter(({ before }) => before === null)),
    shrinking: inFolders(changes.filter(({ after }) => after === null)),
  };
};

const isDisjoint = (some: ReadonlySet<string>, others: ReadonlySet<string>): boolean => {
  for (const one of some) if (others.has(one)) return false;
  return true;
};

/**
 * Whether a merge of the two has anything to decide: they have a path in common, or one has a file where the other has a
 * folder, or one may have renamed a folder into which the other puts something new.
 */
export const doMeet = (ours: Changes, theirs: Changes): boolean => {
  const [mine, yours] = [sideOf(ours), sideOf(theirs)];
  return !(
    isDisjoint(mine.paths, yours.paths) &&
    isDisjoint(mine.paths, yours.folders) &&
    isDisjoint(mine.folders, yours.paths) &&
    isDisjoint(mine.growing, yours.shrinking) &&
    isDisjoint(mine.shrinking, yours.growing)
  );
};
