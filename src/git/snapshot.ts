import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Git } from '../ports/index.ts';
import { worktreeGuard } from './checkouts.ts';
import { identityFor } from './identity.ts';
import { DURABLE, LONG_MS } from './run.ts';
import type { GitContext } from './worktrees.ts';

/** Keeps uncommitted work without touching where it lies: made in an index of its own, on no branch. */
export const openSnapshots = (context: GitContext): Pick<Git, 'snapshot'> => {
  const { run } = context;
  const within = worktreeGuard(context);
  const ask = async (cwd: string, ...args: readonly string[]): Promise<string> =>
    (await run(args, { cwd })).stdout.trim();

  const snapshot: Git['snapshot'] = (worktree, message) =>
    within(worktree, async (cwd) => {
      const folder = await mkdtemp(join(tmpdir(), 'drover-index-'));
      const index = join(folder, 'index');
      // A warning about line ends must not keep work from being saved.
      const call = { cwd, env: { GIT_INDEX_FILE: index }, config: [...DURABLE, 'core.safecrlf=false'] };
      try {
        // What git knows of the files already need not be read again.
        await copyFile(resolve(cwd, await ask(cwd, 'rev-parse', '--git-path', 'index')), index);
        await run(['add', '--all'], { ...call, timeoutMs: LONG_MS });
        const tree = (await run(['write-tree'], call)).stdout.trim();
        const head = await ask(cwd, 'rev-parse', '--verify', 'HEAD');
        if (tree === (await ask(cwd, 'rev-parse', '--verify', 'HEAD^{tree}'))) return null;
        const env = await identityFor(run, cwd);
        const commit = ['commit-tree', tree, '-p', head, '-F', '-'];
        return (await run(commit, { ...call, env, input: `${message}\n` })).stdout.trim();
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });

  return { snapshot };
};
