import { basename, join } from 'node:path';
import { saysDiskFull } from '../lib/disk-space.ts';
import { linesOf } from '../lib/text.ts';
import type { Git } from '../ports/index.ts';
import { copyIndex } from './copy-index.ts';
import { runAsSomebody } from './identity.ts';
import { withOpenFolder } from './owner-rights.ts';
import { fieldsOf, parseStagedAlone } from './parse.ts';
import type { Privates } from './private/privates.ts';
import { resolveWith } from './refs.ts';
import { type InsidePlace, LONG_MS, type RunGit } from './run.ts';
import { STAGING, stage } from './stage.ts';
import { askStatus, NOT_NESTED } from './status.ts';
import { inEmptyFolder, withoutFiles } from './without-files.ts';

type Keep = {
  readonly run: RunGit;
  readonly archive: Git['archive'];
  readonly privates?: Pick<Privates, 'keepStaged'>;
};

/** The files whose staged content neither the commit nor the file itself has. Mostly nothing is staged, which is soon seen. */
const stagedAlone = async (run: RunGit, at: InsidePlace): Promise<readonly string[]> => {
  const look = ['diff', '--cached', '--quiet', '--no-ext-diff', ...NOT_NESTED];
  const { code } = await run(look, { ...at, accept: [0, 1] });
  return code === 0 ? [] : parseStagedAlone((await askStatus(run, at, 'no', [])).stdout);
};

/** What is staged of a path, and as what the commit has it: by zeros where it has nothing there. */
type Change = { readonly path: string; readonly before: string; readonly id: string };

const RAW = /^:(?<mode>\d+) (?<newMode>\d+) (?<old>[\da-f]+) (?<id>[\da-f]+) /u;
const NESTED = '160000';

/** Reads `git diff --cached --raw -z`: the files, but not those that are gone in it. */
const changesOf = (text: string): readonly Change[] => {
  const fields = fieldsOf(text);
  return fields.flatMap((field, n) => {
    const { mode, newMode, old, id = '' } = RAW.exec(field)?.groups ?? {};
    if (newMode === undefined || newMode === NESTED || /^0*$/u.test(id)) return [];
    return [{ path: fields[n + 1] ?? '', before: `${mode} ${old}`, id }];
  });
};

/**
 * Of what an index has staged, what cannot be read: git does not wait until that is on the disk, and a power cut may leave
 * nothing of it, or an empty file.
 */
const lostIn = async (run: RunGit, own: InsidePlace): Promise<readonly Change[]> => {
  const look = ['diff', '--cached', '--raw', '--no-abbrev', '--no-renames', '--no-ext-diff', '-z', ...NOT_NESTED];
  const changes = changesOf((await run(look, own)).stdout);
  if (changes.length === 0) return [];
  const input = changes.map(({ id }) => `${id}\n`).join('');
  const kinds = linesOf((await run(['cat-file', '--batch-check=%(objecttype)'], { ...own, input })).stdout);
  return changes.filter((_, n) => kinds[n] !== 'blob');
};

/**
 * The tree of what is staged, where some of that is nowhere else; null where none is. Of files with conflicts it has what lies
 * there, for git has no tree of all their sides. Of what cannot be read any more it has what the commit has.
 */
const treeOfStaged = async (run: RunGit, at: InsidePlace): Promise<string | null> => {
  const alone = await stagedAlone(run, at);
  if (alone.length === 0) return null;
  return inEmptyFolder(async (folder) => {
    const index = join(folder, 'index');
    await copyIndex(join(at.env.GIT_DIR, 'index'), index);
    const own = { ...at, env: { ...at.env, GIT_INDEX_FILE: index } };
    const { stdout } = await run(['diff', '--cached', '--name-only', '--diff-filter=U', '-z', ...NOT_NESTED], own);
    await withOpenFolder(at.cwd, () => stage(run, own, fieldsOf(stdout)));
    const lost = await lostIn(run, own);
    const paths = new Set(lost.map(({ path }) => path));
    if (alone.every((path) => paths.has(path))) return null;
    const input = lost.map(({ path, before }) => `${before}\t${path}\0`).join('');
    return withoutFiles(own, async (call) => {
      if (lost.length > 0) await run(['update-index', '--replace', '-z', '--index-info'], { ...call, input });
      return (await run(['write-tree'], { ...call, config: STAGING, timeoutMs: LONG_MS })).stdout.trim();
    });
  });
};

/** The ref below this name that has this tree on top of this commit, as where whoever kept it could not go on then. */
const keptAs = async (run: RunGit, name: string, what: string): Promise<string | undefined> => {
  const args = ['for-each-ref', '--format=%(tree) %(parent) %(refname)', 'refs/drover/archive'];
  const lines = linesOf((await run(args)).stdout);
  return lines.find((line) => line.startsWith(`${what} refs/drover/archive/${name}`))?.slice(what.length + 1);
};

/** Keeps what the repository's own index of a worktree has so. Whoever works there shut in has an index of their own. */
export const keepStagedHere = async (
  { run, archive }: Omit<Keep, 'privates'>,
  at: InsidePlace,
): Promise<string | null> => {
  const tree = await treeOfStaged(run, at);
  if (tree === null) return null;
  const [where, name] = [basename(at.cwd), `${basename(at.cwd)}-staged`];
  // Before the first commit of a branch there is none.
  const head = await resolveWith(run, 'HEAD', at);
  const known = await keptAs(run, name, `${tree} ${head ?? ''}`);
  if (known !== undefined) return known;
  const input = `What was staged in the worktree ${where}, and is not so in its files\n`;
  const made = await runAsSomebody(run, ['commit-tree', tree, ...(head === null ? [] : ['-p', head]), '-F', '-'], {
    ...at,
    config: STAGING,
    input,
  });
  return archive(name, made.stdout.trim());
};

/**
 * Keeps in the archive what is staged and nowhere else, before the index is written anew or goes; null where nothing is. Branch,
 * index and files stay as they are.
 */
export const keepStaged = async (context: Keep, at: InsidePlace): Promise<string | null> => {
  // Where whoever works inside has made that unreadable, or has git stand still there, the files are to be saved all the same.
  const inside = await context.privates?.keepStaged(at.env.GIT_DIR, at.cwd).catch((error: unknown) => {
    if (saysDiskFull(error)) throw error;
    return null;
  });
  return inside ?? keepStagedHere(context, at);
};
