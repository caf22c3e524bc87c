import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

const env = { DROVER_REHEARSAL_TASK_MS: '20' };

test.each(['squash', 'rebase'])(
  'with %s every task is on the branch without a merge commit, what is built on another one as well, and a rollback holds',
  async (method) => {
    await using swarm = await openSwarm({ env });
    await swarm.say('create task "rehearse: conflict same.txt" id=t1');
    await swarm.say('create task "rehearse: conflict same.txt" id=t2 deps=t1');
    await swarm.say('create task "Three" id=t3');
    expect((await swarm.say('run all tasks wait=true')).exit).toBe(0);
    const reply = await swarm.say(`merge branches t1, t3 with ${method}`);
    expect([reply.exit, reply.message]).toEqual([0, 'batch-1: 2 branches merged into drover/integration.']);
    expect((await swarm.say(`merge completed branches ${method}`)).exit).toBe(0);
    const { batches } = await swarm.state();
    expect(batches['batch-2']).toMatchObject({ strategy: method, merged: [{ task: 't2' }] });
    const parents = swarm.git('log', '--format=%P', 'main..drover/integration').split('\n');
    expect(parents.map((line) => line.split(' ').length)).toEqual(parents.map(() => 1));
    expect(
      swarm
        .git('log', '--format=%(trailers:key=Drover-Task,valueonly,separator=%x2C)', 'main..drover/integration')
        .split('\n')
        .filter(Boolean),
    ).toEqual(expect.arrayContaining(['t1', 't2', 't3']));
    expect(swarm.git('show', 'drover/integration:same.txt')).toContain('t2');
    const base = batches['batch-2']!.base_commit;
    expect((await swarm.say('rollback integration batch-2')).exit).toBe(0);
    expect(swarm.git('rev-parse', 'drover/integration')).toBe(base);
  },
);

test('what was set aside for a conflict stays aside until it changes; named it is tried again', async () => {
  await using swarm = await openSwarm({ env });
  await swarm.say('launch 2 instances');
  for (const id of ['t1', 't2']) await swarm.say(`create task "rehearse: conflict same.txt" id=${id}`);
  await swarm.say('run all tasks wait=true');
  const dry = await swarm.say('merge completed branches dry-run');
  expect(dry.message).toContain(
    '1. t1: it conflicts with t2; fewest first\n2. t2: it conflicts with t1, which comes first',
  );
  expect((await swarm.say('merge completed branches')).exit).toBe(6);
  const again = await swarm.say('merge completed branches');
  expect([again.exit, again.message]).toEqual([
    6,
    'No finished branch waits to be merged; aside until they change: t2 (conflict with t1 in same.txt (1 line)).',
  ]);
  expect((await swarm.say('merge branch t2')).message).toContain('batch-2: 0 branches merged');
  await swarm.say('rollback integration batch-1');
  expect((await swarm.say('merge completed branches dry-run')).message).toContain('1. t2');
});

test.each(['squash', 'rebase'])(
  '[GIT-9] what was merged with %s and taken back is open again on its kept branch, and does not come back by itself with what is built on it',
  async (method) => {
    await using swarm = await openSwarm({ env });
    await swarm.say('create task "One" id=t1');
    await swarm.say('create task "Two" id=t2 deps=t1');
    expect((await swarm.say('run all tasks wait=true')).exit).toBe(0);
    expect((await swarm.say(`merge branch t1 with ${method}`)).exit).toBe(0);
    const before = await swarm.state();
    const base = before.batches['batch-1']!.base_commit;
    const { branch, result } = before.tasks['t1']!.run!;
    expect((await swarm.say('rollback integration batch-1')).exit).toBe(0);
    const again = await swarm.say(`merge completed branches ${method}`);
    expect([again.exit, again.message]).toEqual([
      6,
      'No finished branch waits to be merged; built on what has to be done again: t2 (t1).',
    ]);
    const { tasks, batches } = await swarm.state();
    expect(Object.keys(batches)).toEqual(['batch-1']);
    expect(tasks['t1']).toMatchObject({ state: 'open', requested: false, attempts: 1, batch: null });
    expect(swarm.git('rev-parse', branch)).toBe(result!.head_commit);
    expect(swarm.git('rev-parse', 'drover/integration')).toBe(base);
  },
);
