import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../lib/errors.ts';
import type { WorkNow } from '../../ports/radar.ts';
import { copyIndex } from '../copy-index.ts';
import { type InsidePlace, onLook, type RunGit } from '../run.ts';
import { isSparse, LEFT_OUT, withMarks } from '../sparse.ts';
import { stage } from '../stage.ts';
import { statusOf } from '../status.ts';
import { makeFolderIn } from '../places.ts';
import { alternates } from './places.ts';

/** Larger files are left out: somebody has put a download or a dump there. */
const LARGEST_FILE = 5 * 1024 * 1024;
/** Of more files with uncommitted work than this the rest is left out. */
const MOST_FILES = 2000;
/** After so many looks the objects of all those before are thrown away. */
const KEPT_LOOKS = 1000;

/** Nothing of this has to survive a power cut, and a warning about line ends is nobody's business. */
const FLEETING = ['core.safecrlf=false', 'core.fsync=none'];

/** Whether git can write it down quickly; what is not there any more can be noted as gone. */
const isFit = async (place: string, path: string): Promise<boolean> => {
  if (path.endsWith('/')) return true;
  try {
    const found = await lstat(join(place, path));
    return (found.isFile() && found.size <= LARGEST_FILE) || found.isSymbolicLink();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return true;
    throw error;
  }
};

const fitAmong = async (place: string, paths: readonly string[]): Promise<string[]> => {
  const some = paths.slice(0, MOST_FILES);
  const fit = await Promise.all(some.map((path) => isFit(place, path)));
  return some.filter((_path, i) => fit[i]);
};

/** The commit that is checked out in a worktree. */
export const headOf = async (run: RunGit, at: InsidePlace): Promise<string> =>
  (await run(['rev-parse', '--verify', 'HEAD'], at)).stdout.trim();

/** Those of the paths that git does not ignore. */
export const unignored = async (run: RunGit, at: InsidePlace, paths: readonly string[]): Promise<readonly string[]> => {
  if (paths.length === 0) return [];
  const input = paths.map((path) => `${path}\0`).join('');
  const { stdout } = await run(['check-ignore', '-z', '--stdin'], { ...at, input, accept: [0, 1] });
  const ignored = new Set(stdout.split('\0'));
  return paths.filter((path) => !ignored.has(path));
};

const isGone = (place: string, path: string): Promise<boolean> =>
  lstat(join(place, path)).then(
    () => false,
    (error: unknown) => ['ENOENT', 'ENOTDIR'].includes(codeOf(error)),
  );

/** Whether one of the files was there for a while and is left out again: in an index of our own it would look deleted. */
const isLeftOutAgain = async (run: RunGit, at: InsidePlace, known: ReadonlySet<string>): Promise<boolean> => {
  if (!(await isSparse(at.env.GIT_DIR))) return false;
  const found = await Promise.all([...known].map(async (path) => ((await isGone(at.cwd, path)) ? [path] : [])));
  const gone = found.flat().filter((path) => !path.endsWith('/'));
  return gone.length > 0 && (await withMarks((args) => run(args, at), gone)).some((line) => line.startsWith(LEFT_OUT));
};

export type WorkIndex = {
  /** Begins anew from what the worktree's own index says. */
  begin(at: InsidePlace): Promise<WorkNow>;
  /** Looks at these paths again, or at all of them. */
  look(at: InsidePlace, paths: readonly string[] | 'all'): Promise<WorkNow>;
  /** The files that git knows by now, those that are not committed among them, without what a sparse checkout leaves out. */
  files(at: InsidePlace): Promise<readonly string[]>;
  /** How many files with uncommitted work were left out at the last look at all of them. */
  readonly leftOut: number;
};

/**
 * What a worktree holds, uncommitted work included, noted in an index of our own: neither the worktree, nor its index, nor
 * the objects of the repository are written.
 */
export const openWorkIndex = (run: RunGit, commonDir: string, folder: string): WorkIndex => {
  const index = join(folder, 'index');
  let generation = 0;
  let looks = 0;
  let head = '';
  let committed = { head: '', tree: '' };
  let leftOut = 0;
  /** The files that were found with uncommitted work: about these git need not be asked again. */
  const known = new Set<string>();

  const objects = (): string => join(folder, `objects-${generation}`);
  const own = (at: InsidePlace): InsidePlace => ({
    ...at,
    env: {
      ...at.env,
      ...{ GIT_INDEX_FILE: index, GIT_OBJECT_DIRECTORY: objects() },
      GIT_ALTERNATE_OBJECT_DIRECTORIES: alternates([join(commonDir, 'objects')]),
    },
  });

  const treeOf = async (at: InsidePlace): Promise<WorkNow> => {
    looks += 1;
    const call = { ...own(at), config: FLEETING };
    // It writes the index as well, for which git reads files that are as young as that.
    const tree = (await onLook(run, at)(['write-tree'], call)).stdout.trim();
    if (committed.head !== head) {
      const { stdout } = await run(['rev-parse', '--verify', `${head}^{tree}`], at);
      committed = { head, tree: stdout.trim() };
    }
    return tree === committed.tree ? { head, tree: null, objects: null } : { head, tree, objects: objects() };
  };

  const note = async (at: InsidePlace, paths: readonly string[]): Promise<void> => {
    const fit = await fitAmong(at.cwd, paths);
    if (fit.length > 0) await stage(run, own(at), fit, FLEETING);
    for (const path of fit) known.add(path);
  };

  const noteAll = async (at: InsidePlace): Promise<WorkNow> => {
    const { head: now, dirty } = await statusOf(run, { ...own(at), refreshes: true }, 'all');
    head = now;
    await note(at, dirty);
    leftOut = dirty.filter((path) => !known.has(path)).length;
    return treeOf(at);
  };

  const begin: WorkIndex['begin'] = async (at) => {
    if (looks > KEPT_LOOKS) {
      // What was told last may still be asked about; what was told before is not.
      await rm(join(folder, `objects-${generation - 1}`), { recursive: true, force: true });
      generation += 1;
      looks = 0;
    }
    await makeFolderIn(commonDir, objects());
    await rm(`${index}.lock`, { force: true });
    await copyIndex(join(at.env.GIT_DIR, 'index'), index);
    known.clear();
    return noteAll(at);
  };

  const lookAt: WorkIndex['look'] = async (at, paths) => {
    if (paths === 'all') return noteAll(at);
    const news = paths.filter((path) => !known.has(path));
    const found = news.length === 0 ? [] : (await statusOf(run, own(at), 'all', news)).dirty;
    await note(at, [...paths.filter((path) => known.has(path)), ...found]);
    return treeOf(at);
  };

  const look: WorkIndex['look'] = async (at, paths) => {
    if (looks > KEPT_LOOKS) return begin(at);
    const now = await lookAt(at, paths);
    return (await isLeftOutAgain(run, at, known)) ? begin(at) : now;
  };

  const files: WorkIndex['files'] = async (at) =>
    (await withMarks((args) => run(args, own(at))))
      .filter((line) => !line.startsWith(LEFT_OUT))
      .map((line) => line.slice(LEFT_OUT.length));

  return {
    ...{ begin, look, files },
    get leftOut() {
      return leftOut;
    },
  };
};
