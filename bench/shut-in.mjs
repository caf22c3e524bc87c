import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isFolder } from '../src/files/is-folder.ts';
import { localFiles } from '../src/files/open.ts';
import { findRepository, openGit } from '../src/git/open.ts';
import { boundSockets } from '../src/process/bound-sockets.ts';
import { openProcesses } from '../src/process/broker.ts';
import { wayOut } from '../src/sandbox/network.ts';
import { openSandbox } from '../src/sandbox/open.ts';
import { limited, median, rounded, spread } from './figures.mjs';
import { allEnded, planFiles } from './plan-files.mjs';
import { memoryIn } from './processes-of.mjs';
import { inPackage, inSandbox } from './sandbox.mjs';

const AGENTS = 10;
const STARTS = 30;
const INSTANCES = 4;

const timed = async (work) => {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
};

const files = Object.fromEntries(
  Array.from({ length: 2000 }, (_, i) => [`src/part-${i % 50}/file-${i}.txt`, `line of file ${i}\n`.repeat(20)]),
);

/** Works in a repository in which so many worktrees have a git directory of their own, each with the words that shut in. */
const inWalls = (count, work) =>
  inSandbox({ settings: { agent: 'rehearsal' }, files }, async (box) => {
    const { root, env, folder } = box;
    await using processes = await openProcesses({ forked: false });
    const sandbox = openSandbox({
      ...{ env, run: (trial) => processes.run(trial), find: async () => 'bwrap' },
      ...{ realPath: localFiles.realPath, isFolder, list: localFiles.list, sockets: boundSockets },
    });
    const lack = await sandbox.lack({ what: 'agent' });
    if (lack !== null) throw new Error(`there is no sandbox here: ${lack}`);
    const gate = join(folder, 'gate');
    mkdirSync(gate);
    const way = wayOut('allow-list', { folder: gate, assets: inPackage('assets'), node: process.execPath });
    const git = openGit({ ...(await findRepository(root, processes, env)), processes, env, sandbox });
    const first = await git.resolve('HEAD');
    const made = [];
    const agents = [];
    for (let n = 1; n <= count; n += 1) {
      const worktree = join(folder, 'trees', `a-${n}`);
      await git.addWorktree(worktree, { branch: await git.createBranch(`work/${n}`, first) });
      let laid;
      made.push(await timed(async () => (laid = await git.privateGit(worktree, join(folder, 'private', `a-${n}`)))));
      const spec = {
        ...{ mode: 'worktree', worktree, root, commonDir: git.commonDir, network: 'shared' },
        ...{ git: { kind: 'private', ...laid }, home: { at: env.HOME, folder: null }, hidden: [], read: [], write: [] },
      };
      const wall = await sandbox.wall(spec);
      const behindList = await sandbox.wall({ ...spec, mode: 'strict', network: way.network, read: way.read });
      agents.push({ worktree, wall, listed: [...behindList, ...way.prefix] });
    }
    const run = (words) => execFileSync(words[0], words.slice(1), { cwd: root, env, stdio: 'pipe' });
    return await work({ root, folder, env, git, agents, made, run });
  });

const start = {
  title: 'the start of a program in a sandbox against one without, and the git directory of an instance',
  measure: () =>
    inWalls(1, async ({ agents: [{ wall, listed }], made, run }) => {
      const [bare, shut, strict] = [[], [], []];
      for (let n = 0; n < STARTS; n += 1) {
        bare.push(await timed(() => run(['/bin/true'])));
        shut.push(await timed(() => run([...wall, '/bin/true'])));
        strict.push(await timed(() => run([...listed, '/bin/true'])));
      }
      return {
        limits: [limited('a start in a sandbox, more than without, median', median(shut) - median(bare), 15, 'ms')],
        figures: {
          bare_ms: spread(bare, 1),
          shut_in_ms: spread(shut, 1),
          strict_with_a_list_ms: spread(strict, 1),
          git_made_ms: rounded(made[0], 1),
        },
      };
    }),
};

/** What the processes that shut programs in take of memory, as their own share, for each of so many that are there at once. */
const memory = {
  title: `what shutting in takes of memory, of each of ${AGENTS} agents`,
  measure: () =>
    inWalls(AGENTS, async ({ agents, env }) => {
      const held = async (all) => {
        const children = all.map((words) => spawn(words[0], [...words.slice(1), 'cat'], { env, stdio: 'pipe' }));
        for (const child of children) child.stdin.write('here');
        await Promise.all(children.map((child) => new Promise((resolve) => child.stdout.once('data', resolve))));
        const walls = children.flatMap(({ pid }) => memoryIn(pid).filter(({ name }) => name !== 'cat'));
        for (const child of children) child.stdin.end();
        await Promise.all(children.map((child) => new Promise((resolve) => child.once('close', resolve))));
        return walls.reduce((sum, { share }) => sum + share, 0) / all.length;
      };
      return {
        limits: [
          limited('of each agent', await held(agents.map(({ wall }) => wall)), 2, 'MB'),
          limited('of each agent that reaches a list alone', await held(agents.map(({ listed }) => listed)), 2, 'MB'),
        ],
        figures: {},
      };
    }),
};

/** git believes of files that are as young as its index nothing that it has not read, and counts in whole seconds. */
const SETTLED_MS = 2100;

/** Bringing out one commit each of ten agents, one after the other and all at once. */
const harvest = {
  title: `a look at the worktrees of ${AGENTS} agents after each has a commit`,
  measure: ({ quick }) =>
    inWalls(AGENTS, async ({ root, folder, git, agents, run }) => {
      const [each, quiet, together, plain] = [[], [], [], []];
      // Each agent's is its own: a commit that the repository has already is not brought out again.
      const commitAll = (text) => {
        const commit = `echo ${text} $0 > new.txt; git add new.txt; git commit -q -m "${text} of $0"`;
        for (const [n, { wall }] of agents.entries()) run([...wall, 'sh', '-c', commit, `${n}`]);
      };
      // What a fetch takes on this machine, with nobody shut in.
      const [from, into] = ['from', 'into'].map((name) => join(folder, `plain-${name}`));
      for (const copy of [from, into]) run(['git', 'clone', '-q', '--bare', root, copy]);
      const commitPlain = (n) => {
        const id = run([
          'git',
          '-C',
          from,
          '-c',
          'user.name=bench',
          '-c',
          'user.email=bench@local',
          'commit-tree',
          '-p',
          'HEAD',
          '-m',
          `plain ${n}`,
          'HEAD^{tree}',
        ]);
        run(['git', '-C', from, 'update-ref', 'HEAD', `${id}`.trim()]);
      };
      // What the checkouts wrote would else go to the disk with the first commit.
      run(['sync']);
      // The first look at a new checkout reads its files, whoever made it: no agent has a commit so soon.
      await pause(SETTLED_MS);
      const first = [];
      for (const { worktree } of agents) first.push(await timed(() => git.worktreeState(worktree)));
      for (let round = 0; round < (quick ? 2 : 6); round += 1) {
        commitAll(`one-${round}`);
        for (const { worktree } of agents) {
          each.push(await timed(() => git.worktreeState(worktree)));
          commitPlain(each.length);
          plain.push(await timed(() => run(['git', '-C', into, 'fetch', '-q', from, 'HEAD'])));
        }
        for (const { worktree } of agents) quiet.push(await timed(() => git.worktreeState(worktree)));
        commitAll(`all-${round}`);
        together.push(await timed(() => Promise.all(agents.map(({ worktree }) => git.worktreeState(worktree)))));
      }
      const more = each.map((ms) => ms - median(quiet));
      return {
        limits: [
          limited(
            'bringing a commit out, more than a look without news, against a plain fetch, p95 of both',
            spread(more).p95 / spread(plain).p95,
            2,
            'x',
          ),
        ],
        figures: {
          more_than_a_look_ms: spread(more, 1),
          first_look_ms: spread(first, 1),
          look_with_a_commit_ms: spread(each, 1),
          look_without_news_ms: spread(quiet, 1),
          all_at_once_ms: spread(together, 0),
          plain_fetch_ms: spread(plain, 1),
          to_plain_fetch: rounded(median(more) / median(plain), 2),
        },
      };
    }),
};

/** How long a plan takes whose agents are shut in so far. */
const playPlan = (mode, quick) =>
  inSandbox(
    {
      settings: { agent: 'rehearsal', rehearsal: { plans: true }, sandbox: { mode, need: 'required' } },
      files: planFiles(),
      env: { DROVER_REHEARSAL_TASK_MS: quick ? '500' : '2000' },
    },
    async (box) => {
      const talk = await box.talk();
      await box.say('import spec ".kiro/specs/spec"');
      await box.say(`launch ${INSTANCES} instances agent=rehearsal`);
      const { state } = (await box.say('status swarm detailed')).data;
      const open = Object.values(state.tasks).filter((task) => task.state !== 'done').length;
      const ms = await timed(() => Promise.all([allEnded(talk, open), box.say('run all tasks')]));
      return { ms, open };
    },
  );

const plan = {
  title: `a plan of 31 tasks by ${INSTANCES} rehearsal agents in sandboxes against the same without`,
  measure: async ({ quick }) => {
    const [bare, shut] = [[], []];
    let tasks = 0;
    for (let n = 0; n < (quick ? 1 : 2); n += 1) {
      const one = await playPlan('off', quick);
      tasks = one.open;
      bare.push(one.ms);
      shut.push((await playPlan('worktree', quick)).ms);
    }
    return {
      limits: [limited('the whole plan, inside against outside', median(shut) / median(bare), 1.05, 'x')],
      figures: { bare_s: rounded(median(bare) / 1000, 1), shut_in_s: rounded(median(shut) / 1000, 1), tasks },
    };
  },
};

/** What a sandbox costs. */
export const shutIn = { start, memory, harvest, plan };
