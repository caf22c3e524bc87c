import type { Git } from '../ports/index.ts';
import { needInside } from './inside.ts';
import { fieldsOf } from './parse.ts';
import { placeOf } from './places.ts';
import type { GitContext } from './worktrees.ts';

const UNTRACKED = ['ls-files', '-z', '--others', '--ignored'] as const;

/** A path and the folders above it, each as git lists it. */
const selfAndAbove = (path: string): string[] => {
  const names = path.split('/');
  return [path, ...names.slice(1).map((_, n) => `${names.slice(0, n + 1).join('/')}/`)];
};

/** What git ignores in a worktree, folders as one. */
const ignoredWith =
  (context: GitContext): Git['ignored'] =>
  async (worktree) => {
    const at = await needInside(context, await placeOf(worktree));
    return fieldsOf((await context.run([...UNTRACKED, '--exclude-standard', '--directory'], at)).stdout);
  };

/** What the user's checkout holds beside what git tracks, as far as patterns name it. */
const straysWith =
  ({ root, run }: Pick<GitContext, 'root' | 'run'>): Git['strays'] =>
  async (patterns, which) => {
    if (patterns.length === 0) return [];
    const list = async (...args: readonly string[]) =>
      fieldsOf((await run([...UNTRACKED, ...args], { cwd: root })).stdout);
    const named = patterns.map((pattern) => `--exclude=${pattern}`);
    if (which === 'folders') return list('--directory', '--no-empty-directory', ...named);
    // What ends with a slash is a repository in this one.
    const found = (await list(...named)).filter((path) => !path.endsWith('/'));
    if (which === 'all' || found.length === 0) return found;
    const ignored = new Set(await list('--exclude-standard', '--directory'));
    return found.filter((path) => selfAndAbove(path).some((one) => ignored.has(one)));
  };

/** What lies beside what git tracks. */
export const openStrays = (context: GitContext): Pick<Git, 'strays' | 'ignored'> => ({
  strays: straysWith(context),
  ignored: ignoredWith(context),
});
