import { expect, test, vi } from 'vitest';
import { openSwarm } from '../helpers/swarm.ts';
import { until } from './until.ts';

/** A tmux server is asked for so long before it counts as silent, in milliseconds, and then once more. */
const SILENT_MS = 90_000;

test('[REC-3] a tmux server that stands still for long and goes on has nobody failed: what was wanted meanwhile is done then', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  await until(swarm, ({ instances }) => Object.values(instances).every(({ state }) => state.kind === 'idle'));
  const server = Number(swarm.tmux('display-message', '-p', '#{pid}'));
  process.kill(server, 'SIGSTOP');
  const stopped = swarm.say('stop instance rehearsal-2');
  try {
    await swarm.say('create task One id=t1');
    await swarm.say('run task t1');
    await until(swarm, ({ tasks }) => tasks['t1']!.state === 'running');
    const silent = /^(?:stop {2}rehearsal-2|looking at the panes failed)[^\n]*does not answer/u;
    await vi.waitUntil(() => new Set(swarm.log.flatMap((line) => silent.exec(line)?.[0] ?? [])).size === 2, SILENT_MS);
    const { instances, tasks, alerts } = await swarm.state();
    expect([instances['rehearsal-2']!.state.kind, tasks['t1']!.state]).toEqual(['stopping', 'running']);
    expect(Object.keys(alerts)).toEqual(['unseen:local']);
    expect(alerts['unseen:local']!.text).toContain('the tmux server does not answer');
  } finally {
    process.kill(server, 'SIGCONT');
  }
  const { instances, alerts } = await until(
    swarm,
    (state) =>
      state.tasks['t1']!.state === 'done' &&
      state.instances['rehearsal-1']!.state.kind === 'idle' &&
      state.instances['rehearsal-2']!.state.kind === 'stopped',
  );
  expect((await stopped).exit).toBe(0);
  expect(instances['rehearsal-1']!.task_assignments).toEqual([]);
  expect(alerts).toEqual({});
});
