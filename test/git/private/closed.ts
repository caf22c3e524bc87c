import { openInside } from '../inside.ts';

/** Run by itself, as somebody for whom modes count: what a daemon finds and keeps where an agent has closed folders to all. */
const one = await openInside();
const { git, inside, user, worktree } = one;
const [how = ''] = process.argv.slice(2);
const left =
  'mkdir -p d/e; echo kept >d/e/new; echo more >>readme.md; git commit -qam "of the agent"; git rev-parse HEAD';
const commit = inside(left).trim();
inside(how);
const { head } = await git.worktreeState(worktree);
const saved = await git.snapshot(worktree, 'as it is');
await git.removeWorktree(worktree);
console.log(
  JSON.stringify({
    isHarvested: head === commit,
    isKept: saved !== null && user('show', `${saved}:d/e/new`) === 'kept\n',
    left: [worktree, one.folder].filter((path) => process.getBuiltinModule('node:fs').existsSync(path)),
  }),
);
await one[Symbol.asyncDispose]();
