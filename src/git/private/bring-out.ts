import type { Both } from './both.ts';
import { fetchInto } from './enclosure.ts';

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

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
