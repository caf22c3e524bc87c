import { lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { borrowedObjects } from '../../lib/paths.ts';
import { unlessMissing } from '../../lib/missing.ts';
import { linesOf } from '../../lib/text.ts';
import type { Sparse } from '../../ports/index.ts';
import { copyIndex } from '../copy-index.ts';
import { type Setting, settingsOf } from '../guard.ts';
import { textOf } from '../places.ts';
import type { RunGit } from '../run.ts';
import { markShutIn } from '../shut-filters.ts';
import { copySparse, sparseAt } from '../sparse.ts';
import { configText } from './config-text.ts';
import { writeInPlace } from './note.ts';
import { removeHeld } from './remove.ts';

/** Refs that are for everybody to see; those of the swarm and the stash are not. */
const SEEN = ['refs/heads', 'refs/tags', 'refs/remotes'] as const;

/** Files of a git directory that say what git leaves alone, and how far back it goes. */
const COPIED = ['info/exclude', 'info/attributes', 'shallow'] as const;

/** Refs, each with its object. */
export type Refs = ReadonlyMap<string, string>;

/** The refs that a private git directory has as well, each with its object; with `most` no more than so many. */
export const seenRefs = async (run: RunGit, most?: number): Promise<Refs> => {
  const count = most === undefined ? [] : [`--count=${most}`];
  const { stdout } = await run(['for-each-ref', ...count, '--format=%(objectname) %(refname)', ...SEEN]);
  const lines = linesOf(stdout);
  return new Map(lines.map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))]));
};

type Parts = {
  readonly commonDir: string;
  readonly run: RunGit;
  /** What git keeps of the worktree in the repository, and where the worktree is. */
  readonly admin: string;
  readonly worktree: string;
  /** Where programs keep settings of the person. */
  readonly configHome: string;
};

const sparseOf = ({ admin, commonDir, run, worktree }: Parts): Promise<Sparse | null> =>
  sparseAt(run, { cwd: worktree, env: { GIT_DIR: admin, GIT_COMMON_DIR: commonDir, GIT_WORK_TREE: worktree } });

/** The file among git's own of a worktree that holds the configuration for whoever is shut in with it, and is not its agent. */
export const SETTINGS = 'drover-config';

/** Where nobody has said where they lie git looks for them in a place that may be another one inside. */
const usualFiles = (configHome: string): readonly Setting[] => [
  { key: 'core.attributesfile', value: `${configHome}/git/attributes` },
  { key: 'core.excludesfile', value: `${configHome}/git/ignore` },
];

/** Writes that file; its text. */
export const writeSettings = async (parts: Parts): Promise<string> => {
  const settings = [...usualFiles(parts.configHome), ...(await settingsOf(parts.run))];
  const text = configText(settings, await sparseOf(parts));
  await writeInPlace(join(parts.admin, SETTINGS), text);
  return text;
};

/** Writes what a program inside cannot: it is as the repository has it now. */
export const writeFixed = async (folder: string, parts: Parts): Promise<void> => {
  const { admin, commonDir, worktree } = parts;
  const own = join(folder, 'worktrees', basename(admin));
  await markShutIn(commonDir);
  await writeInPlace(join(folder, 'config'), await writeSettings(parts));
  await writeInPlace(join(own, 'gitdir'), `${worktree}/.git\n`);
  await writeInPlace(join(own, 'commondir'), '../..\n');
  // The repository's own of them lies over it inside, wherever a link in its place would lead.
  const modules = join(own, 'modules');
  if (!(await unlessMissing(lstat(modules)))?.isDirectory()) await removeHeld(modules);
};

/**
 * Makes a git directory that has the repository's history without holding it: refs of its own, its worktree's files of
 * git, and objects that it finds in the repository, where they are shown to whoever works inside.
 */
export const makePrivate = async (folder: string, parts: Parts): Promise<void> => {
  const { admin, commonDir, run } = parts;
  const draft = `${folder}.draft`;
  const own = join(draft, 'worktrees', basename(admin));
  await rm(draft, { recursive: true, force: true });
  for (const name of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'hooks', 'info', 'logs', 'drover'])
    await mkdir(join(draft, name), { recursive: true, mode: 0o700 });
  await mkdir(join(own, 'logs'), { recursive: true, mode: 0o700 });
  const borrowed = borrowedObjects(commonDir);
  // git takes each line for a path, and one in quotes for a path with signs of its own.
  const line = borrowed.includes('\n') ? JSON.stringify(borrowed) : borrowed;
  await writeFile(join(draft, 'objects/info/alternates'), `${line}\n`);
  const refs = [...(await seenRefs(run))].map(([ref, id]) => `${id} ${ref}\n`);
  await writeFile(join(draft, 'packed-refs'), refs.join(''));
  await writeFile(join(draft, 'HEAD'), `${(await textOf(join(commonDir, 'HEAD'))) ?? 'ref: refs/heads/main'}\n`);
  for (const name of COPIED) {
    const text = await textOf(join(commonDir, name));
    if (text !== undefined) await writeFile(join(draft, name), `${text}\n`);
  }
  await writeFile(join(own, 'HEAD'), `${await textOf(join(admin, 'HEAD'))}\n`);
  const sparse = await sparseOf(parts);
  if (sparse) await copySparse(own, sparse);
  await copyIndex(join(admin, 'index'), join(own, 'index'));
  await writeFixed(draft, parts);
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
};
