import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { until } from '../stage.ts';

test('verified branches are merged in order as one batch; a dry run says which, and merges nothing', async () => {
  await using swarm = await openSwarm();
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 6 });
  await swarm.say('create task One id=ant');
  await swarm.say('create task Two id=bee deps=ant');
  expect((await swarm.say('merge branch ant')).message).toBe('ant is open; only verified work is merged.');
  expect((await swarm.say('merge branch nope')).exit).toBe(3);
  expect((await swarm.say('merge branch constructor')).exit).toBe(3);
  expect((await swarm.say('merge failed branches')).message).toBe('merge branch: state: "failed" work is not merged.');
  await swarm.say('run all tasks wait=true');
  expect((await swarm.say('merge completed branches dry-run')).message).toBe(
    '2 tasks would be merged into drover/integration: ant, bee.\n1. ant: it conflicts with none of the others\n2. bee: it builds on ant',
  );
  expect(swarm.git('branch', '--list', 'drover/integration')).toBe('');
  const reply = await swarm.say('merge completed branches');
  expect([reply.exit, reply.message]).toEqual([0, 'batch-1: 2 branches merged into drover/integration.']);
  expect(reply.sideEffects[0]).toMatch(/^drover\/integration moved to [0-9a-f]{10}$/);
  expect((await swarm.say('merge branch ant')).message).toBe('ant is merged in batch-1; only verified work is merged.');
  expect((await swarm.say('list batches')).message).toBe('1 batch');
  expect((await swarm.say('show integration last')).message).toContain('merged     ant  feature/ant-one');
  expect((await swarm.say('show integration batch-2')).exit).toBe(3);
  expect((await swarm.say('show integration constructor')).exit).toBe(3);
});

test('a branch whose gate fails is set aside, and the batch answers with 6', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', checks: { merge: 'test ! -e rehearsal' } } });
  await swarm.say('create task One id=ant');
  await swarm.say('run task ant wait=true');
  const reply = await swarm.say('merge completed branches');
  expect([reply.exit, reply.message]).toEqual([
    6,
    expect.stringMatching(/^batch-1: 0 branches merged into drover\/integration, 1 set aside: ant \(gate: /),
  ]);
  expect(reply.sideEffects).toEqual([]);
  expect((await swarm.say('list batches')).text).toContain('ant (gate)');
  expect((await swarm.say('show integration batch-1')).message).toContain('set aside  ant  gate: ');
  expect((await until(swarm, (state) => state.tasks['ant']!.state === 'failed')).tasks['ant']!.batch).toBe(null);
});
