// A program that works with git as the daemon does, for measurements that kill it or start several of it:
// `git-program.mjs ROOT land|deliver|add …`. Each line that it prints says what it is about to do, or has done.
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { landMerge } from '../src/git/land.ts';
import { findRepository, openGit } from '../src/git/open.ts';
import { openProcesses } from '../src/process/broker.ts';

const [root, verb, ...words] = process.argv.slice(2);
const { env } = process;
// What is landed dies with the program; what is delivered goes on, as it does under the daemon.
const processes = await openProcesses({ forked: verb === 'deliver' });
const git = openGit({ ...(await findRepository(root, processes, env)), processes, env });
const tell = (...line) => writeSync(1, `${line.join(' ')}\n`);

const verbs = {
  /** Lands commits on a branch, one after the other, and stays until it is killed. */
  land: async (branch, ...heads) => {
    await git.unlock(root, branch);
    for (const theirs of heads) {
      const from = await git.resolve(`refs/heads/${branch}`);
      tell('landing', from);
      const { commit } = await landMerge(git, { ours: from, theirs, message: `Land ${theirs}` });
      tell('moving', from, commit);
      if (!(await git.moveBranch(branch, from, commit))) throw new Error(`${branch} was not at ${from}`);
    }
    tell('landing', await git.resolve(`refs/heads/${branch}`));
    setInterval(() => undefined, 1000);
  },
  /** Brings a branch forward that is checked out. */
  deliver: async (branch, from, to) => {
    tell('delivering', readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim());
    tell((await git.fastForward(branch, from, to)).kind);
  },
  /** Makes so many worktrees, so many at once, each on a branch of its own. */
  add: async (name, count, wide) => {
    const base = await git.resolve('HEAD');
    let next = 0;
    const addOnes = async () => {
      while (next < Number(count)) {
        next += 1;
        const id = `${name}-${next}`;
        const branch = await git.createBranch(`wide/${id}`, base);
        await git.addWorktree(join(root, '..', 'trees', id), { branch }).then(
          () => tell('added', id),
          (error) => tell('failed', id, error.message),
        );
      }
    };
    await Promise.all(Array.from({ length: Number(wide) }, addOnes));
  },
};
await verbs[verb](...words);
await processes[Symbol.asyncDispose]();
