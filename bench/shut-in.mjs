import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { localFiles } from '../src/files/open.ts';
import { findRepository, openGit } from '../src/git/open.ts';
import { openProcesses } from '../src/process/broker.ts';
import { openSandbox } from '../src/sandbox/open.ts';
import { median, rounded } from './figures.mjs';
import { inSandbox } from './sandbox.mjs';

const AGENTS = 10;
const STARTS = 20;

const timed = async (work) => {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
};

const files = Object.fromEntries(
  Array.from({ length: 2000 }, (_, i) => [`src/part-${i % 50}/file-${i}.txt`, `line of file ${i}\n`.repeat(20)]),
);

const measureIn = async ({ root, env, folder }, processes, rounds) => {
  const sandbox = openSandbox({
    ...{ env, run: (trial) => processes.run(trial), find: async () => 'bwrap' },
    ...{ realPath: localFiles.realPath, list: localFiles.list },
  });
  const lack = await sandbox.lack();
  if (lack !== null) return { skipped: lack };
  const place = await findRepository(root, processes, env);
  const git = openGit({ ...place, processes, env, sandbox });
  const first = await git.resolve('HEAD');
  const made = [];
  const agents = [];
  for (let n = 1; n <= AGENTS; n += 1) {
    const worktree = join(folder, 'trees', `a-${n}`);
    await git.addWorktree(worktree, { branch: await git.createBranch(`work/${n}`, first) });
    let laid;
    made.push(await timed(async () => (laid = await git.privateGit(worktree, join(folder, 'private', `a-${n}`)))));
    const wall = await sandbox.wall({
      ...{ mode: 'worktree', worktree, root, commonDir: git.commonDir, network: 'shared' },
      ...{ git: { kind: 'private', ...laid }, home: { at: env.HOME, folder: null }, hidden: [], read: [], write: [] },
    });
    agents.push({ worktree, wall });
  }
  const run = (words, cwd) => execFileSync(words[0], words.slice(1), { cwd, env, stdio: 'pipe' });
  const starts = { bare: [], shut: [] };
  for (let n = 0; n < STARTS; n += 1) {
    starts.bare.push(await timed(() => run(['/bin/true'], root)));
    starts.shut.push(await timed(() => run([...agents[0].wall, '/bin/true'], root)));
  }
  const [all, quiet] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const commit = `echo ${round} > new.txt; git add new.txt; git commit -q -m ${round}`;
    for (const { wall } of agents) run([...wall, 'sh', '-c', commit], root);
    all.push(await timed(() => Promise.all(agents.map(({ worktree }) => git.worktreeState(worktree)))));
    quiet.push(await timed(() => Promise.all(agents.map(({ worktree }) => git.worktreeState(worktree)))));
  }
  return {
    start_bare_ms: rounded(median(starts.bare), 1),
    start_shut_in_ms: rounded(median(starts.shut), 1),
    private_git_made_ms: rounded(median(made), 1),
    look_at_all_after_a_commit_each_ms: rounded(median(all), 0),
    look_at_all_without_news_ms: rounded(median(quiet), 0),
  };
};

/** What a sandbox costs: the start of a program, its git directory, and harvesting a commit of each of ten agents at once. */
export const shutIn = {
  title: `a sandbox: the start of a program, and a look at ${AGENTS} worktrees after each has a commit`,
  measure: ({ quick }) =>
    inSandbox({ settings: { agent: 'rehearsal' }, files }, async (box) => {
      await using processes = await openProcesses({ forked: false });
      return { limits: [], figures: await measureIn(box, processes, quick ? 2 : 6) };
    }),
};
