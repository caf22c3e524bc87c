import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Git } from '../ports/index.ts';
import { worktreeGuard } from './checkouts.ts';
import { copyIndex } from './copy-index.ts';
import { workToKeep } from './emptied.ts';
import { runAsSomebody } from './identity.ts';
import { withOpenFolder } from './owner-rights.ts';
import { STAGING, stage } from './stage.ts';
import { keepStaged } from './staged.ts';
import { statusToKeep } from './status.ts';
import type { InsidePlace, RunGit } from './run.ts';
import { unkeptAmong } from './unkept.ts';
import { withoutFiles } from './without-files.ts';
import type { GitContext } from './worktrees.ts';

/**
 * Keeps uncommitted work without touching where it lies, but for what a power cut has emptied: made in an index of its own, on
 * no branch.
 */
export const keepWith =
  (run: RunGit) =>
  async (at: InsidePlace, message: string, { partly = false } = {}): Promise<string | null> => {
    const { dirty: all, head } = await workToKeep(run, at);
    const unkept = new Set(partly ? (await unkeptAmong(run, at, all)).map(({ path }) => path) : []);
    const dirty = all.filter((path) => !unkept.has(path));
    if (dirty.length === 0) return null;
    const folder = await mkdtemp(join(tmpdir(), 'drover-index-'));
    const index = join(folder, 'index');
    const own = { ...at, env: { ...at.env, GIT_INDEX_FILE: index } };
    try {
      // What git knows of the files already need not be read again.
      await copyIndex(join(at.env.GIT_DIR, 'index'), index);
      await withOpenFolder(at.cwd, () => stage(run, own, dirty));
      const tree = (await withoutFiles(own, (call) => run(['write-tree'], { ...call, config: STAGING }))).stdout.trim();
      if (tree === (await run(['rev-parse', '--verify', 'HEAD^{tree}'], at)).stdout.trim()) return null;
      const args = ['commit-tree', tree, '-p', head, '-F', '-'];
      return (await runAsSomebody(run, args, { ...at, config: STAGING, input: `${message}\n` })).stdout.trim();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

export const openSnapshots = (context: GitContext): Pick<Git, 'snapshot' | 'unkept' | 'keepStaged'> => {
  const within = worktreeGuard(context);
  const keep = keepWith(context.run);
  return {
    snapshot: (worktree, message, how) => within(worktree, (at) => keep(at, message, how)),
    keepStaged: (worktree) => within(worktree, (at) => keepStaged(context, at)),
    unkept: (worktree) =>
      within(worktree, async (at) => unkeptAmong(context.run, at, (await statusToKeep(context.run, at)).dirty)),
  };
};
