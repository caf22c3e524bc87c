import { messageOf } from '../../lib/errors.ts';
import { linesOf } from '../../lib/text.ts';
import { sandboxGone, staysInside, tooManyInside } from '../errors.ts';
import { occupantOf } from '../places.ts';
import { resolveWith } from '../refs.ts';
import type { Both } from './both.ts';
import { fetchInto } from './enclosure.ts';
import { ID } from './look.ts';
import { keepStagedInside } from './staged-inside.ts';

/** So many commits are looked through, and so many are kept: whoever works inside may make as many as they like. */
const MOST_COMMITS = 50_000;
const MOST_ENDS = 1000;

/**
 * The commits that are inside and that no ref of the repository leads to, by git inside, which has the objects of both; the
 * HEAD of the worktree itself counts for none, because it goes with the worktree.
 */
const newInside = async (
  { inside, run }: Both,
  from: readonly string[],
  options: readonly string[],
): Promise<readonly string[]> => {
  // A ref there that leads nowhere has nothing.
  const refs = ['rev-list', '--no-walk', '--ignore-missing', '--single-worktree', '--all'];
  const known = linesOf((await run(refs)).stdout);
  const input = [...from, ...known.map((id) => `^${id}`), ''].join('\n');
  return linesOf((await inside.run(['rev-list', ...options, '--stdin'], { input })).stdout);
};

/** Brings commits out, and keeps them in the archive. */
const keepAll = async (both: Both, commits: readonly string[], known: string | null): Promise<void> => {
  if (commits.length === 0) return;
  await fetchInto(both, commits, known);
  for (const commit of commits) await both.keep(commit);
};

/** Keeps those of the commits inside that no ref of the repository leads to. */
export const keepNew = async (both: Both, commits: readonly string[], known: string | null): Promise<void> => {
  const kept: string[] = [];
  for (const commit of new Set(commits))
    if ((await newInside(both, [commit], ['--max-count=1'])).length > 0) kept.push(commit);
  await keepAll(both, kept, known);
};

/** What was put into the stash inside: it is one ref, of which the earlier ones are in its log. */
const stashed = async ({ inside }: Both): Promise<readonly string[]> => {
  if ((await resolveWith(inside.run, 'refs/stash')) === null) return [];
  const args = ['rev-list', '--walk-reflogs', `--max-count=${MOST_ENDS + 1}`, 'refs/stash', '--'];
  return linesOf((await inside.run(args)).stdout).filter((id) => ID.test(id));
};

/** The commits to which nothing else leads, of those that are inside alone. */
const endsInside = async (both: Both): Promise<readonly string[]> => {
  const options = ['--all', '--parents', `--max-count=${MOST_COMMITS + 1}`];
  const found = (await newInside(both, await stashed(both), options)).map((line) => line.split(' '));
  const led = new Set(found.flatMap(([, ...parents]) => parents));
  const ends = found.flatMap(([id = '']) => (ID.test(id) && !led.has(id) ? [id] : []));
  if (found.length > MOST_COMMITS || ends.length > MOST_ENDS)
    throw tooManyInside({ path: both.place, commits: MOST_COMMITS, ends: MOST_ENDS });
  return ends;
};

/**
 * Keeps in the archive what is in a private git directory and nowhere else, before that is let go of: branches and tags that
 * were made inside, the stash, what is checked out, and what is staged. Rejects where that cannot be: it has to stay then.
 */
export const bringOut = async (both: Both): Promise<void> => {
  const { admin, commonDir, note, place, run } = both;
  if ((await occupantOf(note.folder)) === 'nothing') return;
  try {
    const env = { GIT_DIR: admin, GIT_COMMON_DIR: commonDir };
    await keepAll(both, await endsInside(both), await resolveWith(run, 'HEAD', { cwd: commonDir, env }));
    await keepStagedInside(both);
  } catch (error) {
    if (sandboxGone.matches(error)) throw error;
    throw staysInside({ path: place, folder: note.folder, reason: messageOf(error) }, error);
  }
};
