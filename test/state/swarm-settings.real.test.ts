import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { hang, instanceIs, taskIs, until } from '../commands/stage.ts';
import { runMain } from '../helpers/io.ts';
import { openSwarm } from '../helpers/swarm.ts';

test('[CFG-1] plan.strategy decides which task an agent is given first, at once when it changes, and what a plan foretells', async () => {
  await using swarm = await openSwarm();
  await swarm.say(hang('t1'));
  await swarm.say(hang('t2'));
  await swarm.say('set task t2 complexity=5');
  const foretold = async () =>
    ((await swarm.say('plan tasks instances=1')).data as { tasks: { id: string; start: number }[] }).tasks
      .toSorted((a, b) => a.start - b.start)
      .map(({ id }) => id);
  expect(await foretold()).toEqual(['t2', 't1']);
  expect(await swarm.say('set config plan.strategy fifo')).toMatchObject({ exit: 0 });
  expect(await foretold()).toEqual(['t1', 't2']);
  expect((await swarm.say('plan tasks instances=1')).data).toMatchObject({ strategy: 'fifo' });
  await swarm.say('launch 1 instance');
  await instanceIs(swarm, 'rehearsal-1', 'idle');
  await swarm.say('run tasks t1, t2');
  const first = await taskIs(swarm, 't1', 'running');
  expect(first.tasks).toMatchObject({ t1: { run: { instance: 'rehearsal-1' } }, t2: { state: 'open' } });
  expect(await swarm.say('set config plan.strategy critical-path')).toMatchObject({ exit: 0 });
  await swarm.say('create task Other id=t3 description="rehearse: hang"');
  await swarm.say('run task t3');
  await swarm.say('stop task t1');
  const second = await taskIs(swarm, 't2', 'running');
  expect(second.tasks['t3']).toMatchObject({ state: 'open', requested: true });
});

test('[CFG-1] launch.count says how many agents start where no number is said, and never for more tasks than there are', async () => {
  await using swarm = await openSwarm({
    settings: { agent: 'rehearsal', launch: { count: 3 }, limits: { maxInstances: 4 } },
  });
  const launched = async (text: string) => {
    const { exit, data } = await swarm.say(text);
    return [exit, (data as { instance_id: string }[] | { launched: string[] } | null) ?? []] as const;
  };
  const count = async (text: string): Promise<number> => {
    const [, data] = await launched(text);
    return 'launched' in data ? data.launched.length : data.length;
  };
  expect(await count('launch instances')).toBe(3);
  // The command itself and the article say a number.
  expect(await count('launch an instance')).toBe(1);
  expect(await swarm.say('launch instances')).toMatchObject({
    exit: 6,
    hint: expect.stringContaining('limits.maxInstances'),
  });
  await swarm.say('stop all instances force');
  await swarm.say(hang('t1'));
  await swarm.say(hang('t2'));
  expect(await count('run all tasks')).toBe(2);
  await until(swarm, ({ tasks }) => ['t1', 't2'].every((id) => tasks[id]!.state === 'running'));
  await swarm.say('stop all instances force');
  for (const id of ['t3', 't4', 't5', 't6', 't7']) await swarm.say(hang(id));
  expect(await swarm.say('set config launch.count 9')).toMatchObject({ exit: 0 });
  // Not more than there is room for.
  expect(await count('run tasks t3, t4, t5, t6, t7')).toBe(4);
});

test('[CFG-1] integration.on_conflict=stop ends a batch at the first conflict, and the rest waits for the next one', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', integration: { on_conflict: 'stop' } } });
  const conflict = (file: string) => `"rehearse: conflict ${file}"`;
  const words = { t1: conflict('a.txt'), t2: conflict('a.txt'), t3: conflict('b.txt'), t4: conflict('b.txt') };
  for (const [id, title] of Object.entries(words)) await swarm.say(`create task ${title} id=${id}`);
  expect((await swarm.say('run tasks t1, t2, t3, t4 wait=true')).exit).toBe(0);
  const reply = await swarm.say('merge completed branches');
  expect([reply.exit, reply.message]).toEqual([
    6,
    expect.stringMatching(/2 branches merged .*, 2 set aside: .*\(stopped: the batch ended at t\d\)/u),
  ]);
  const { batches, alerts, tasks } = await swarm.state();
  const { set_aside } = batches['batch-1']!;
  expect(set_aside.map(({ reason }) => reason)).toEqual(['conflict', 'stopped']);
  const [conflicting, left] = set_aside.map(({ task }) => task);
  expect(Object.keys(alerts).filter((id) => id.startsWith('aside:'))).toEqual([`aside:${conflicting}`]);
  expect(tasks[left!]).toMatchObject({ state: 'done', batch: null });
  expect(await swarm.say('set config integration.on_conflict go-on')).toMatchObject({ exit: 0 });
  await swarm.say('merge completed branches');
  expect((await swarm.state()).batches['batch-2']!.set_aside).toMatchObject([{ task: left, reason: 'conflict' }]);
});

test('[CFG-1] integration.on_failed_check=stop ends a batch at the first merge whose check fails', async () => {
  const checks = { merge: 'test ! -e rehearsal/broken' };
  const settings = { agent: 'rehearsal', checks, integration: { on_failed_check: 'stop' } };
  await using swarm = await openSwarm({ settings });
  for (const words of ['"rehearse: fail-check" id=t1', '"Two" id=t2', '"Three" id=t3 deps=t1'])
    await swarm.say(`create task ${words}`);
  expect((await swarm.say('run tasks t1, t2, t3 wait=true')).exit).toBe(0);
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 6 });
  const { batches, tasks } = await swarm.state();
  const { merged, set_aside } = batches['batch-1']!;
  expect([merged, set_aside.map(({ task, reason }) => `${task} ${reason}`).toSorted()]).toEqual([
    [],
    // What builds on the work that is not good is not good either.
    ['t1 gate', 't2 stopped', 't3 dependency'],
  ]);
  expect(Object.values(tasks).map(({ id, state }) => `${id} ${state}`)).toEqual(['t1 failed', 't2 done', 't3 failed']);
});

test('[CFG-1] worktrees.folder says where worktrees are put; those of before stay where they are, and are known', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', worktrees: { folder: '../trees-{hash}' } } });
  const beside = (name: string): string => join(dirname(swarm.root), `${name}-${swarm.paths.key}`);
  const worktrees = async () =>
    ((await swarm.say('list worktrees')).data as { name: string; path: string }[])
      .map(({ name, path }) => `${name} ${dirname(path)}`)
      .toSorted();
  await swarm.say('create task One id=t1');
  expect((await swarm.say('run task t1 wait=true')).exit).toBe(0);
  expect((await swarm.say('merge completed branches')).exit).toBe(0);
  expect(await worktrees()).toEqual([`integration ${beside('trees')}`, `rehearsal-1 ${beside('trees')}`]);
  expect(existsSync(swarm.paths.worktrees)).toBe(false);
  const stray = join(beside('trees'), 'rehearsal-9');
  mkdirSync(stray);
  const { stdout } = await runMain(['doctor', '--json', '--timeout', '20s'], { cwd: swarm.root, env: swarm.env });
  expect(JSON.parse(stdout).findings).toContainEqual(
    expect.objectContaining({ id: 'leftover.worktree', cause: `${stray} belongs to no instance` }),
  );

  expect(await swarm.say('set config worktrees.folder ../others-{hash}')).toMatchObject({ exit: 0 });
  await swarm.say('launch an instance');
  await swarm.say('create worktree mine');
  expect(await worktrees()).toEqual([
    `integration ${beside('trees')}`,
    `mine ${beside('others')}`,
    `rehearsal-1 ${beside('trees')}`,
    `rehearsal-2 ${beside('others')}`,
  ]);
  await swarm.say('create task Two id=t2');
  expect((await swarm.say('run task t2 wait=true')).exit).toBe(0);
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
  const integration = join(beside('trees'), 'integration');
  expect(swarm.git('-C', integration, 'status', '--porcelain', '--branch')).toBe('## drover/integration');
  expect(await swarm.say('remove instance rehearsal-1')).toMatchObject({ exit: 0 });
  expect(existsSync(join(beside('trees'), 'rehearsal-1'))).toBe(false);

  expect(await swarm.say(`set config worktrees.folder ${swarm.root}/wt-{hash}`)).toMatchObject({ exit: 0 });
  expect(await swarm.say('launch an instance')).toMatchObject({
    exit: 2,
    message: `Worktrees would lie inside the repository, in ${swarm.root}/wt-${swarm.paths.key}.`,
  });
});

test('[CFG-1] communication.protocol is the one that the daemon listens on, launch.target where agents live; there is one of each', async () => {
  const chosen = { communication: { protocol: 'unix' }, launch: { target: 'local' } };
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', ...chosen } });
  expect((await swarm.say('list protocols')).data).toMatchObject([
    { protocol: 'unix', in_use: true, address: swarm.paths.socket },
    { protocol: 'pipe', in_use: false, address: null },
  ]);
  expect((await swarm.say('launch instances')).data).toMatchObject([{ instance_id: 'rehearsal-1', host: 'local' }]);
  for (const [key, value, there] of [
    ['communication.protocol', 'nats', 'unix'],
    ['launch.target', 'cloud', 'local'],
  ]) {
    const message = `${key} cannot be "${value}": there is only ${there}.`;
    expect(await swarm.say(`set config ${key} ${value}`)).toMatchObject({ exit: 2, message });
  }
});

test('[CFG-1] agents, modes, tmux and resources say what is started, how it is asked, how wide it is and what it may take', async () => {
  const settings = {
    agent: 'mine',
    agents: { mine: { command: ['sh', '-c', 'echo ready; exec cat'], prompt: 'typed' } },
    modes: { hasty: { preamble: 'Be quick about it.' } },
    tmux: { cols: 101, rows: 31 },
    resources: { memory_mb: 1, action: 'warn' },
  };
  await using swarm = await openSwarm({ settings });
  expect((await swarm.say('launch instance')).data).toMatchObject([{ instance_id: 'mine-1', agent: 'mine' }]);
  expect(swarm.tmux('list-windows', '-t', '=r-mine-1', '-F', '#{window_width}x#{window_height}')).toMatch(/^101x31/u);
  await swarm.say('create task One id=t1');
  expect(await swarm.say('run task t1 mode=hasty')).toMatchObject({ exit: 0 });
  await taskIs(swarm, 't1', 'running');
  expect((await swarm.say('show brief t1')).text).toContain('Be quick about it.');
  const { alerts } = await until(swarm, (state) => state.alerts['memory:mine-1'] !== undefined);
  expect(alerts['memory:mine-1']!.text).toContain('more than its limit of 1 MB');
});
