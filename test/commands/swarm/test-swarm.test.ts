import { expect, test } from 'vitest';
import { testSwarm } from '../../../src/commands/swarm/test-swarm.ts';
import { openDesk } from '../../helpers/desk.ts';

const numbers = {
  ...{ spec: 'sample', policy: 'siblings', barrier: true, edges: 2, waves: [1, 1], instances: 2 },
  ...{ tasks: { total: 3, open: 2, done: 2, failed: 0 }, launch_ms: 5, wall_ms: 100, critical_path_ms: 90 },
  ...{ sequential_ms: 90, bound_ms: 90, speedup: 1, merge_ms: 0, batch: null, failures: [], events: 40 },
};

test('a test swarm is a rehearsal with these numbers, and its report is the answer', async () => {
  const said: (readonly string[])[] = [];
  const rehearse = async (argv: readonly string[]) => {
    said.push(argv);
    return numbers;
  };
  const reply = await openDesk(testSwarm, [], { rehearse }).say(
    'test swarm launch instances=2 tasks=plan.md failure-rate=0.5',
  );
  expect([reply.exit, reply.message]).toEqual([
    0,
    'The test swarm did 2 of 2 open tasks in 0.1s, 0 failed (3 in the plan); nothing of it is left.',
  ]);
  expect(reply.data).toEqual(numbers);
  expect(said).toEqual([
    ['rehearse', 'plan.md', '--instances', '2', '--agent', 'rehearsal', '--fail-rate', '0.5', '--json'],
  ]);
});

test('tasks that fail without having been told to are bad news, and too many instances are refused', async () => {
  const rehearse = async () => ({ ...numbers, tasks: { ...numbers.tasks, done: 1, failed: 1 } });
  const desk = openDesk(testSwarm, [], { rehearse });
  expect((await desk.say('test swarm launch')).exit).toBe(1);
  expect((await desk.say('test swarm launch instances=99')).exit).toBe(2);
  expect((await desk.say('test swarm stop')).message).toBe('A test swarm ends by itself; none is left running.');
});
