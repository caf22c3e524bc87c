import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, hangs, history } from '../stage.ts';

test('[PRT-10] a preview says what a command would do and to whom, and does nothing', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  await swarm.say(hang('h1'));
  await swarm.say('run task h1');
  const { run } = (await hangs(swarm, 'h1')).tasks['h1']!;
  const before = await history(swarm);
  const stop = await swarm.say('preview stop all running threads');
  expect(stop.data).toMatchObject({ targets: [run!.instance], confirms: true });
  expect(stop.text).toContain('asks first: This stops 1 instance');
  expect(stop.text).toContain('side effects: ends the agents and their tmux sessions');
  expect((await swarm.say('preview list tasks')).text).toContain('reads only.');
  expect((await swarm.say('preview launch 3 instances')).text).toContain('side effects: makes a worktree');
  expect((await swarm.say('preview cancel tasks h1')).data).toMatchObject({ targets: ['h1'] });
  expect((await swarm.say('preview unassign tasks h1')).message).toMatch(/^h1 is running; only a waiting one/u);
  expect((await swarm.say('preview attach rehearsal-1')).data).toMatchObject({
    targets: ['rehearsal-1'],
    notice: null,
  });
  expect((await swarm.say('preview merge completed branches')).data).toMatchObject({ targets: [] });
  expect((await swarm.say('preview sync github')).exit).toBe(1);
  expect((await swarm.say('preview stop instance nope-1')).exit).toBe(3);
  expect((await swarm.say('preview ""')).exit).toBe(2);
  expect(await history(swarm)).toEqual(before);
  const other = run!.instance === 'rehearsal-1' ? 'rehearsal-2' : 'rehearsal-1';
  expect(await swarm.say(`stop instance ${other}`)).toMatchObject({ exit: 0 });
  expect((await swarm.say(`preview attach ${other}`)).text).toContain(
    `note: ${(await swarm.say(`attach ${other}`)).message}`,
  );
});
