import { expect, test } from 'vitest';
import { openSwarm } from '../helpers/swarm.ts';

test('[AGT-3] from the word to run a task to its verified end nobody presses a key', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task "Say hello" check="test -d rehearsal" id=demo-1');
  const reply = await swarm.say('run task demo-1 wait=true');
  expect([reply.exit, reply.message]).toEqual([0, '1 task done.']);
  const state = await swarm.state();
  expect(state.tasks['demo-1']).toMatchObject({
    state: 'done',
    run: { instance: 'rehearsal-1', result: { commits: 1 } },
  });
  expect(swarm.git('log', '--format=%s', 'feature/demo-1-say-hello', '-1')).toBe('Task demo-1: Say hello');
});
