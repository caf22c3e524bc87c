import { expect, test, vi } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { until } from '../until.ts';

test('a brief waits for a line that somebody has half typed, is told of, and comes when that is gone', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  swarm.tmux('send-keys', '-t', '=r-rehearsal-1:agent', '-l', 'my half typed words ');
  await vi.waitUntil(() => swarm.tmux('capture-pane', '-p', '-t', '=r-rehearsal-1:agent').includes('my half'));
  await swarm.say('create task "Write it. rehearse: write src/f.ts" id=t1');
  await swarm.say('run task t1');
  await until(swarm, ({ alerts }) => alerts['typing:rehearsal-1'] !== undefined);
  swarm.tmux('send-keys', '-t', '=r-rehearsal-1:agent', 'C-u');
  const { alerts } = await until(swarm, ({ tasks }) => tasks['t1']?.state === 'done');
  expect(alerts['typing:rehearsal-1']).toBeUndefined();
});
