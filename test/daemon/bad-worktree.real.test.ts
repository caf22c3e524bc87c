import { existsSync, lstatSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { doctorSchema } from '../../src/cli/doctor/finding.ts';
import { sandboxOf } from '../../src/lib/paths.ts';
import { runMain } from '../helpers/io.ts';
import { noSandbox } from '../helpers/sandbox.ts';
import { openSwarm, type Swarm } from '../helpers/swarm.ts';
import { doing } from './doing-agent.ts';

const agents = { obeying: { command: ['sh', '-c', 'while read -r line; do eval "$line"; done'] } };

const feed = (file: string) => `echo x >${file}; git add ${file}; git commit -qm ${file}`;

const rowsOf = async (swarm: Swarm) => {
  const { data, exit, message } = await swarm.say('list worktrees');
  expect(exit).toBe(0);
  const rows = (data as { name: string; problem: string | null; branch: string | null; kind: string }[]).map(
    ({ name, problem, branch, kind }) => ({ name, problem, branch, kind }),
  );
  return { message, rows };
};

/** The second agent, with which nothing is wrong. */
const sound = { name: 'obeying-2', problem: null, branch: 'drover/obeying-2', kind: 'instance' };

test('one worktree that is damaged is listed with its reason, and keeps nothing else from being done', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'obeying', agents } });
  await swarm.say('launch 2 instances');
  const at = join(swarm.paths.worktrees, 'obeying-1');
  writeFileSync(join(at, '.git'), 'x');
  writeFileSync(join(at, 'idea'), 'good');
  const problem = expect.stringContaining('.git does not lead to it any more');
  const bad = { name: 'obeying-1', problem, branch: 'drover/obeying-1', kind: 'instance' };
  expect(await rowsOf(swarm)).toEqual({
    message: '2 worktrees, obeying-1 cannot be looked into; 1 other of your own, the checkout included.',
    rows: [bad, sound],
  });
  expect((await swarm.say('list worktrees')).text).toMatch(/^obeying-1 +✖ not readable/mu);
  expect((await swarm.say('tree worktrees')).text).toContain('├─ ✖ not readable: git is not called');
  expect((await swarm.say('clean worktrees dry-run')).exit).toBe(0);

  const stopped = await swarm.say('stop instance obeying-1');
  expect([stopped.exit, stopped.message]).toEqual([
    0,
    expect.stringMatching(
      /^Stopped 1 instance: obeying-1\. obeying-1 is stopped, but its uncommitted work is not comm/u,
    ),
  ]);
  const removed = await swarm.say('remove instance obeying-1');
  expect([removed.exit, removed.message, removed.sideEffects]).toEqual([
    0,
    expect.stringMatching(/^Removed 1 instance: obeying-1\. obeying-1 is removed, but its worktree stays: git is not/u),
    ['session of obeying-1 ended'],
  ]);
  expect(Object.keys((await swarm.state()).instances)).toEqual(['obeying-2']);
  expect(readFileSync(join(at, 'idea'), 'utf8')).toBe('good');
  expect((await rowsOf(swarm)).rows).toEqual([{ ...bad, kind: 'own' }, sound]);
  expect(await swarm.say('stop swarm')).toMatchObject({ exit: 0 });
});

test('what could not be kept is told until it could be', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'obeying', agents } });
  await swarm.say('launch 1 instance');
  const link = join(swarm.paths.worktrees, 'obeying-1', '.git');
  const sound = readFileSync(link, 'utf8');
  writeFileSync(link, 'x');
  const stopped = await swarm.say('stop instance obeying-1');
  expect(stopped.message).toContain('but its uncommitted work is not committed');
  const { suggestion } = (await swarm.state()).alerts['left:obeying-1']!;
  expect((await swarm.say(suggestion!)).text).toContain('obeying-1');
  writeFileSync(link, sound);
  expect((await swarm.say('restart instance obeying-1')).exit).toBe(0);
  expect((await swarm.say('remove instance obeying-1')).message).toBe('Removed 1 instance: obeying-1.');
  expect((await swarm.state()).alerts).toEqual({});
});

test.each(['another folder', 'the checkout', "another's worktree"])(
  'a symbolic link to %s in the place of a worktree is not followed, and goes with the instance',
  async (what) => {
    await using swarm = await openSwarm({ settings: { agent: 'obeying', agents } });
    await swarm.say('launch 2 instances');
    const at = join(swarm.paths.worktrees, 'obeying-1');
    const aside = join(swarm.root, '..', 'aside');
    const other = join(swarm.paths.worktrees, 'obeying-2');
    renameSync(at, aside);
    const to = { 'another folder': aside, 'the checkout': swarm.root, "another's worktree": other }[what]!;
    symlinkSync(to, at);
    writeFileSync(join(to, 'idea'), 'good');
    const { rows } = await rowsOf(swarm);
    expect(rows).toEqual([
      {
        name: 'obeying-1',
        problem: expect.stringContaining('A symbolic link is in the place'),
        branch: 'drover/obeying-1',
        kind: 'instance',
      },
      sound,
    ]);
    const left =
      'its worktree had been replaced by a symbolic link, which was not followed: what that leads to is left alone.';
    expect(await swarm.say('stop instance obeying-1')).toMatchObject({
      exit: 0,
      message: `Stopped 1 instance: obeying-1. obeying-1 is stopped, but ${left}`,
    });
    expect(lstatSync(at).isSymbolicLink()).toBe(true);
    expect(await swarm.say('remove instance obeying-1')).toMatchObject({
      exit: 0,
      message: `Removed 1 instance: obeying-1. obeying-1 is removed, but ${left}`,
    });
    expect(lstatSync(at, { throwIfNoEntry: false })).toBeUndefined();
    expect(readFileSync(join(to, 'idea'), 'utf8')).toBe('good');
    expect(swarm.git('log', '--all', '--format=%s')).toBe('first');
    expect(swarm.git('-C', other, 'branch', '--show-current')).toBe('drover/obeying-2');
    expect((await rowsOf(swarm)).rows).toEqual([sound]);
  },
);

test.skipIf(noSandbox !== undefined)(
  `[SEC-9] a commit that git refuses to bring out keeps nobody from anything (${noSandbox ?? 'there is a sandbox'})`,
  async () => {
    const settings = { agent: 'obeying', agents, sandbox: { mode: 'worktree', need: 'required' } };
    await using swarm = await openSwarm({ settings });
    await swarm.say('launch 2 instances');
    const at = join(swarm.paths.worktrees, 'obeying-1');
    writeFileSync(join(at, '.gitmodules'), '[submodule "../../x"]\n\tpath = x\n\turl = --upload-pack=evil\n');
    await swarm.say('tell obeying-1 "git add .gitmodules; git commit -qm evil; echo done >../obeying-1/.done"');
    await vi.waitUntil(() => existsSync(join(at, '.done')), { timeout: 30_000 });
    const problem = expect.stringContaining(
      'is not brought into the repository, because git refuses it: error: object',
    );
    const bad = { name: 'obeying-1', problem, branch: 'drover/obeying-1', kind: 'instance' };
    expect((await rowsOf(swarm)).rows).toEqual([bad, sound]);
    expect(await swarm.say('stop instance obeying-1')).toMatchObject({ exit: 0 });
    const removed = await swarm.say('remove instance obeying-1');
    expect(removed).toMatchObject({ exit: 0, message: expect.stringContaining('but its worktree stays: what was') });
    const { git: own } = sandboxOf(swarm.paths, 'obeying-1');
    expect([existsSync(at), existsSync(own)]).toEqual([true, true]);
    expect((await rowsOf(swarm)).rows).toEqual([{ ...bad, kind: 'own' }, sound]);

    const refused = await swarm.say('remove worktree obeying-1');
    expect(refused).toMatchObject({ exit: 6, data: { code: 'git/not-brought' }, hint: expect.stringContaining(own) });
    renameSync(own, `${own}-aside`);
    const leftAlerts = async () => Object.keys((await swarm.state()).alerts).filter((id) => id.startsWith('left:'));
    expect(await leftAlerts()).toEqual(['left:obeying-1']);
    expect(await swarm.say('remove worktree obeying-1')).toMatchObject({ exit: 0 });
    expect(await leftAlerts()).toEqual([]);
    expect((await rowsOf(swarm)).rows).toEqual([sound]);
    expect(await swarm.say('stop swarm')).toMatchObject({ exit: 0 });
  },
  90_000,
);

test.each([
  { what: 'without its .git', harm: 'rm .git', help: 'has lost its file .git', mends: true },
  {
    what: 'with a .git that leads elsewhere',
    harm: 'echo x >.git',
    help: '.git does not lead to it any more',
    mends: false,
  },
])(
  'the tasks of an agent that has left its worktree $what go to others, and it is held',
  async ({ harm, help, mends }) => {
    await using swarm = await openSwarm({ settings: doing });
    await swarm.say(`create task "Harm" id=harm check="true" priority=urgent description="DO<${harm}>"`);
    for (const n of [1, 2, 3])
      await swarm.say(`create task "Feed ${n}" id=t${n} check="true" description="DO<${feed(`k${n}`)}>"`);
    await swarm.say('launch 2 instances');
    await swarm.say('run all tasks wait=true');
    const { alerts, instances, tasks } = await swarm.state();
    expect(['t1', 't2', 't3'].map((id) => tasks[id]!.state)).toEqual(['done', 'done', 'done']);
    expect(tasks['harm']).toMatchObject({ state: 'failed' });
    const bad = tasks['harm']!.run!.instance;
    expect(instances[bad]!.state).toMatchObject({ kind: 'lost', evidence: expect.stringContaining(help) });
    expect(alerts[`instance:${bad}`]).toMatchObject({
      text: expect.stringContaining(`${bad} is lost: `),
      suggestion: `restart instance ${bad}`,
    });
    await swarm.say(`create task "Feed 4" id=t4 check="true" description="DO<${feed('k4')}>"`);
    expect(await swarm.say('run task t4 wait=true')).toMatchObject({ exit: 0 });
    expect((await swarm.state()).tasks['t4']!.run!.instance).not.toBe(bad);
    if (!mends) return;
    writeFileSync(join(instances[bad]!.workspace_path, 'mine'), 'mine');
    expect(await swarm.say(`restart instance ${bad}`)).toMatchObject({ exit: 0 });
    expect((await rowsOf(swarm)).rows.map(({ problem }) => problem)).toEqual([null, null]);
    expect(readFileSync(join(instances[bad]!.workspace_path, 'mine'), 'utf8')).toBe('mine');
    expect((await swarm.state()).alerts[`instance:${bad}`]).toBeUndefined();
  },
);

test('a task that leaves a file of 30 GB costs two agents, not a third, and what is queued meanwhile says that nobody is there', async () => {
  await using swarm = await openSwarm({ settings: { ...doing, launch: { count: 1 } } });
  const harm = 'truncate -s 30G bigfile; echo 1 >k1; git add k1; git commit -qm k1';
  await swarm.say(`create task "Harm" id=t1 check="true" priority=urgent description="DO<${harm}>"`);
  await swarm.say(`create task "Feed" id=t2 check="true" description="DO<${feed('k2')}>"`);
  const first = await swarm.say('run all tasks wait=true');
  expect(first).toMatchObject({ exit: 1, hint: 'Suggested: show failure t1, or restart instance doing-1' });
  expect((first.data as { reasons: Record<string, string> }).reasons['t2']).toMatch(
    /^no agent is left to do t2: doing-1 is lost: .*bigfile takes 30720 MiB/u,
  );
  const { data } = await swarm.say('show task t2');
  expect(data).toMatchObject({
    blocked: expect.stringMatching(/^no agent is left to do t2: doing-1 is lost: /u),
    suggestions: [{ command: 'restart instance doing-1' }, { command: 'launch 1 instance' }],
  });
  expect((await swarm.say('status')).text).toContain('Next: 1 task to do, no agent is here → launch 1 instance');
  const second = await swarm.say('run all tasks wait=true');
  expect(second.data).toMatchObject({ failed: ['t1', 't2'], launched: ['doing-2'] });
  const third = await swarm.say('run all tasks wait=true');
  expect(third).toMatchObject({ exit: 0, data: { tasks: ['t2'], failed: [], launched: ['doing-3'] } });
  expect(third.message).toBe(
    '1 task done. t1 is left out, because doing-1 and doing-2 were lost after it. To have it tried all the same, say: retry task t1',
  );
}, 90_000);

test('a repository that a task has left in a worktree is kept elsewhere, and comes into no other task', async () => {
  await using swarm = await openSwarm({ settings: doing });
  const nest =
    'mkdir tool; git init -q tool; cd tool; echo 1 >1; git add .; git -c user.name=n -c user.email=n@n commit -qm n; cd ..';
  const tasks = {
    t1: `${nest}; git add tool; git commit -qm tool`,
    t2: feed('zz'),
    t3: `${nest}; mkdir -p new/bare; git init -q new/bare; echo mine >new/bare/mine`,
    t4: `echo 1 >four; git add four; git commit -qm four; ${nest}; git add tool`,
    t5: 'echo 1 >mine; git add -A; git commit -qm all',
  };
  await swarm.say('launch 1 instance');
  for (const [id, work] of Object.entries(tasks)) {
    await swarm.say(`create task "Do ${id}" id=${id} check="true" description="DO<${work}>"`);
    await swarm.say(`run task ${id} wait=true`);
  }
  const { alerts, tasks: now } = await swarm.state();
  expect(Object.keys(tasks).map((id) => now[id]!.state)).toEqual(['done', 'done', 'failed', 'done', 'done']);
  const files = (id: string) => swarm.git('diff', '--name-only', 'main', now[id]!.run!.branch).split('\n');
  expect(['t2', 't4', 't5'].map(files)).toEqual([['zz'], ['four'], ['mine']]);
  const kept = Object.values(alerts).filter(({ id }) => id.startsWith('kept:'));
  const folders = kept.map(({ id }) => id.slice('kept:'.length));
  const found = folders.flatMap((folder) =>
    ['tool/1', 'new/bare/mine'].filter((file) => existsSync(join(folder, file))),
  );
  expect(found.toSorted()).toEqual(['new/bare/mine', 'tool/1', 'tool/1', 'tool/1']);
  expect(kept[0]!.text).toBe(
    `What was left in the worktree of doing-1 and is a repository of its own (tool) is kept in ${folders[0]}.`,
  );
});

test('what is kept of a task beside its worktree is named with size and age, and goes only by a command that says so', async () => {
  await using swarm = await openSwarm({ settings: doing });
  const nest = 'git init -q tool; echo mine >tool/mine; echo 1 >one; git add one; git commit -qm one';
  await swarm.say('launch 1 instance');
  for (const [id, work] of Object.entries({ t1: nest, t2: feed('two'), t3: nest, t4: feed('four') })) {
    await swarm.say(`create task "Do ${id}" id=${id} check="true" description="DO<${work}>"`);
    await swarm.say(`run task ${id} wait=true`);
  }
  const place = join(swarm.paths.worktrees, '.drover-kept');
  const names = () => readdirSync(place).toSorted();
  const [first, second] = names() as [string, string];
  expect(names()).toHaveLength(2);
  const keptAlerts = async () => Object.values((await swarm.state()).alerts).filter(({ id }) => id.startsWith('kept:'));
  const told = await keptAlerts();
  expect(told.map(({ suggestion }) => suggestion).toSorted()).toEqual(
    names().map((name) => `clean worktrees kept=${name} dry-run`),
  );
  const dry = await swarm.say(told[0]!.suggestion!);
  expect(dry.message).toMatch(
    /^This would delete for good 1 folder with repositories that tasks left in worktrees: doing-1-[0-9a-f]{8} \(0\.\d MB, \d+s old\)\.$/u,
  );
  const doctor = async () => {
    const { stdout } = await runMain(['doctor', '--json', '--timeout', '20s'], { cwd: swarm.root, env: swarm.env });
    const { findings } = doctorSchema.parse(JSON.parse(stdout));
    return findings.filter(({ id }) => id === 'leftover.kept').map(({ cause, repair }) => [cause, repair]);
  };
  const size = String.raw`\(0\.\d MB, \d+s old\); they stay until somebody removes them$`;
  expect(await doctor()).toEqual(
    names().map((name) => [
      expect.stringMatching(new RegExp(`/${name} has repositories that a task left in its worktree ${size}`, 'u')),
      `drover worktrees clean kept=${name}`,
    ]),
  );

  expect(await swarm.say('remove instance doing-1')).toMatchObject({ exit: 0 });
  const cleaned = await swarm.say('clean worktrees force');
  expect(cleaned.message).toContain('They go by "clean worktrees kept=all".');
  expect([names(), (await keptAlerts()).length]).toEqual([[first, second], 2]);
  expect(await swarm.say(`clean worktrees kept=${first}x`)).toMatchObject({
    exit: 3,
    data: { code: 'target/not-found' },
  });
  expect(await swarm.say(`clean stale worktrees kept=all`)).toMatchObject({ exit: 2 });
  expect(await swarm.say('clean worktrees kept=all older=1h')).toMatchObject({
    exit: 0,
    message: 'Nothing of what tasks left in worktrees is to be removed.',
  });

  const asked = await swarm.propose(`clean worktrees kept=${first}`);
  expect([asked.exit, asked.confirm?.targets]).toEqual([5, [first]]);
  const { exit, stdout } = await runMain(['worktrees', 'clean', `kept=${first}`, '--yes'], {
    cwd: swarm.root,
    env: swarm.env,
  });
  expect([exit, stdout]).toEqual([0, expect.stringContaining('Deleted 1 folder with repositories that tasks left')]);
  expect([names(), (await keptAlerts()).map(({ id }) => id)]).toEqual([[second], [`kept:${join(place, second)}`]]);
  expect(await swarm.say('clean worktrees kept=all')).toMatchObject({ exit: 0 });
  expect([names(), await keptAlerts(), await doctor()]).toEqual([[], [], []]);
});
