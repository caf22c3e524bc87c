import { expect, test } from 'vitest';
import { ask } from '../../../src/client/request.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { hang, hangs } from '../stage.ts';

const see = async (swarm: Swarm, text: string, columns: number, color = false): Promise<string> =>
  (await ask(swarm.paths, swarm.env, { text, actor: 'cli', view: { columns, color } })).text;

test('one instance and one task are shown with where they are and what happened to them', async () => {
  await using swarm = await openSwarm();
  await swarm.say(hang('h1'));
  await swarm.say('run task h1');
  await hangs(swarm, 'h1');
  const instance = await see(swarm, 'show instance rehearsal-1', 80);
  expect(instance).toMatch(/^state: +● working for \d+s \(since \d\d:\d\d\)/m);
  expect(instance).toContain(`worktree:  ${swarm.paths.worktrees}/rehearsal-1`);
  expect(instance).toMatch(/starting +terminal +process \d+ in pane %/);
  expect((await swarm.say('status instance rehearsal-1')).message).toBe('rehearsal-1 is working on h1 (Hang h1).');
  const task = await see(swarm, 'show task h1', 80);
  expect(task).toMatch(/^h1 Hang h1\nstate: {5}running for \d+s \(since \d\d:\d\d\)\n/u);
  expect(task).toContain('branch:    feature/h1-hang-h1');
  expect((await swarm.say('list instances state=live')).data).toMatchObject([{ instance_id: 'rehearsal-1' }]);
  expect((await swarm.say('list instances state=stopped')).data).toEqual([]);
  expect((await swarm.say('show log rehearsal-1 limit=3')).message.split('\n').length).toBe(3);
  expect((await swarm.say('show result h1')).message).toContain('h1 Hang h1: running, attempt 1 by rehearsal-1');
  expect((await swarm.say('list colors')).data).toMatchObject([{ instance_id: 'rehearsal-1', tasks: ['h1'] }]);
});
