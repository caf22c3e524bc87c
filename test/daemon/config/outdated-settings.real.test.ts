import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, taskIs, until } from '../../commands/stage.ts';

test('a daemon starts with a name for branches that a former version took, says what to write, and refuses to write such a one', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', branches: { task: 'work/{id}' } } });
  await until(swarm, ({ alerts }) => alerts['config:outdated'] !== undefined);
  const status = await swarm.say('status');
  expect(status.exit).toBe(0);
  const written = 'drover config set branches.task';
  expect((status.data as { alerts: { text: string }[] }).alerts).toMatchObject([
    { text: expect.stringMatching(new RegExp(`${swarm.paths.config}.*branches\\.task: only.*${written}`, 'u')) },
  ]);
  expect(status.text).toContain('branches.task');
  await swarm.say(hang('h'));
  await swarm.say('run task h');
  expect((await taskIs(swarm, 'h', 'running')).tasks['h']!.run!.branch).toBe('feature/h-hang-h');
  const again = await swarm.say('set config branches.task "else/{id}"');
  expect([again.exit, again.message]).toEqual([2, expect.stringContaining('only {task} and {slug}')]);
  // Another setting of the same file can be written all the same.
  expect((await swarm.say('set config limits.maxInstances 5')).exit).toBe(0);
  expect((await swarm.say('set config branches.task "work/{task}"')).exit).toBe(0);
  await until(swarm, ({ alerts }) => alerts['config:outdated'] === undefined);
});
