import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../helpers/folder.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { hang, hangs, history, sayAs, taskIs, until } from '../stage.ts';

const membersOf = async (swarm: Swarm, group: string): Promise<string[]> =>
  Object.values((await swarm.state()).instances)
    .filter((one) => one.group === group)
    .map((one) => one.instance_id);

test('a group is made with its members, shown with their work, and dissolved after a question', async () => {
  await using swarm = await openSwarm();
  expect((await swarm.say('list groups')).text).toContain('No group yet');
  await swarm.say('launch 3 instances');
  expect((await swarm.say('create group backend "server side"')).message).toBe('Created the group backend.');
  const made = await swarm.say('create group web instances=rehearsal-2,rehearsal-3');
  expect([made.message, made.data]).toMatchObject([
    'Created the group web with rehearsal-2, rehearsal-3.',
    { group_id: 'web', description: '', members: ['rehearsal-2', 'rehearsal-3'] },
  ]);
  expect(await swarm.say('create group web')).toMatchObject({ exit: 6, message: 'There is a group "web" already.' });
  expect((await swarm.say('create group rehearsal-1')).message).toContain('an instance is called so');
  expect((await swarm.say('create group none')).exit).toBe(2);
  expect((await swarm.say('create group x instances=rehearsal-9')).exit).toBe(3);
  expect((await swarm.say('create groups x, y')).exit).toBe(2);
  await swarm.say('create task One id=t1');
  await swarm.say(hang('h1'));
  await swarm.say('run task t1 on=rehearsal-2');
  await taskIs(swarm, 't1', 'done');
  await swarm.say('run task h1 on=rehearsal-3');
  await hangs(swarm, 'h1');
  const shown = await swarm.say('show group web');
  // One is done, the other at a tenth.
  expect(shown.message).toBe('web: 2 instances; 1 of 2 tasks done, 55 %.');
  expect(shown.data).toMatchObject({
    members: [
      { instance_id: 'rehearsal-2', state: 'idle', tasks: [] },
      { instance_id: 'rehearsal-3', state: 'working', tasks: ['h1'] },
    ],
    tasks: ['h1', 't1'],
    done: 1,
    percent: 55,
  });
  expect(shown.text).toMatch(/rehearsal-2 .* web /u);
  expect((await swarm.say('status group backend')).text).toContain('backend: no instance; no task yet.\nserver side');
  expect((await swarm.say('list groups')).text).toMatch(/web +rehearsal-2 rehearsal-3 +1\/2 +55%/u);
  expect((await swarm.say('show instance rehearsal-3')).text).toContain('group:     web');
  expect(await swarm.say('show group wep')).toMatchObject({
    exit: 3,
    hint: expect.stringContaining('Did you mean web?'),
  });
  const asked = await swarm.propose('remove group web');
  expect([asked.exit, asked.message]).toEqual([
    5,
    'This removes 1 group (web); rehearsal-2, rehearsal-3 go on without it.',
  ]);
  expect((await swarm.say('remove group web')).message).toBe(
    'Removed 1 group: web. rehearsal-2, rehearsal-3 belong to no group now.',
  );
  expect(await membersOf(swarm, 'web')).toEqual([]);
  expect((await swarm.propose('remove group backend')).message).toContain('nobody belongs to it');
  expect((await swarm.say('remove group backend')).exit).toBe(0);
  expect((await swarm.state()).groups).toEqual({});
});

test('instances are launched into a group, moved between groups, and chosen by their group', async () => {
  await using swarm = await openSwarm();
  const launched = await swarm.say('launch 2 instances group=backend');
  expect(launched.message).toMatch(/^Launched 2 instances: .* Created the group backend\.$/u);
  expect((await swarm.say('launch swarm 1 group=web')).message).toMatch(/^Launched 1 instance: rehearsal-3 .*web\.$/u);
  expect((await swarm.say('launch 1 instance group="a b"')).exit).toBe(2);
  expect((await swarm.say('set instance rehearsal-1 group=web')).data).toEqual({
    group: 'web',
    moved: ['rehearsal-1'],
  });
  expect((await swarm.say('set instance rehearsal-1 group=web')).message).toBe(
    'Nothing changes: they belong to web already.',
  );
  expect((await swarm.say('set instance rehearsal-1 group=wbe')).exit).toBe(3);
  expect((await swarm.say('set instance group=web')).exit).toBe(2);
  expect([await membersOf(swarm, 'backend'), await membersOf(swarm, 'web')]).toEqual([
    ['rehearsal-2'],
    ['rehearsal-1', 'rehearsal-3'],
  ]);
  const listed = await swarm.say('list instances group=web');
  expect((listed.data as { instance_id: string }[]).map((one) => one.instance_id)).toEqual([
    'rehearsal-1',
    'rehearsal-3',
  ]);
  expect((await swarm.say('set all instances group=none')).message).toBe(
    'rehearsal-1, rehearsal-2, rehearsal-3 belong to no group now.',
  );
  expect((await swarm.say('set instance rehearsal-1 group=none')).message).toBe(
    'Nothing changes: they are in no group.',
  );
  await swarm.say('set instances rehearsal-1, rehearsal-2 group=backend');
  expect((await swarm.say('stop instances group=web')).exit).toBe(3);
  expect((await swarm.say('stop instances group=backend except=rehearsal-1')).message).toBe(
    'Stopped 1 instance: rehearsal-2.',
  );
  expect((await swarm.propose('pause group backend')).message).toBe('Paused 1 instance: rehearsal-1.');
  expect((await swarm.say('resume group backend')).message).toBe('1 instance goes on: rehearsal-1.');
  expect((await swarm.propose('stop group backend')).exit).toBe(5);
  expect((await swarm.say('stop group backend')).message).toBe('Stopped 1 instance: rehearsal-1.');
  expect((await swarm.say('pause group backend')).exit).toBe(6);
  expect((await swarm.say('tell group backend "hi"')).message).toBe('No instance is running in backend.');
  expect(await membersOf(swarm, 'backend')).toEqual(['rehearsal-1', 'rehearsal-2']);
});

test('[INS-7] "scale" sets the total or changes it, takes idle ones first, and shows both numbers', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  const present = async () =>
    Object.values((await swarm.state()).instances).filter((one) => one.state.kind !== 'stopped').length;
  expect((await swarm.propose('scale instances 5')).message).toContain('2 → 5');
  expect(await present()).toBe(5);
  expect((await swarm.propose('scale up instances 3')).message).toContain('5 → 8');
  expect(await present()).toBe(8);
  for (const id of ['h1', 'h2']) await swarm.say(hang(id));
  await swarm.say('run task h1 on=rehearsal-8');
  await swarm.say('run task h2 on=rehearsal-7');
  for (const id of ['h1', 'h2']) await hangs(swarm, id);
  // Frozen at work is at work.
  await swarm.say('pause instance rehearsal-7');
  const down = await swarm.say('scale down instances 3');
  expect([down.exit, down.message]).toEqual([
    0,
    'Instances 8 → 5. Stopped 3 instances: rehearsal-6, rehearsal-5, rehearsal-4.',
  ]);
  const asked = await swarm.propose('scale instances 1');
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining('1 task run ends unfinished')]);
  expect(await present()).toBe(5);
});

test('scaling a group counts that group only', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  expect((await swarm.say('scale down instances 1 group=backend')).exit).toBe(3);
  expect((await swarm.say('scale instances 2 group=backend')).message).toMatch(
    /^Instances of backend 0 → 2: 2 new ones \(.*\)\. Created the group backend\.$/u,
  );
  expect((await swarm.say('scale instances 2 group=backend')).message).toBe(
    'There are 2 instances in backend already.',
  );
  expect((await swarm.say('scale instances 1 group=backend')).message).toBe(
    'Instances of backend 2 → 1. Stopped 1 instance: rehearsal-3.',
  );
  expect((await swarm.say('scale instances 20 group=backend')).exit).toBe(6);
});

test('[AGT-6] a message reaches the live agent once, alone, in its group and with all, and agents report on their own task only', async () => {
  using folder = temporaryFolder('input');
  const log = join(folder.path, 'input.log');
  await using swarm = await openSwarm({ env: { DROVER_REHEARSAL_INPUT_LOG: log } });
  const heard = (text: string) =>
    (existsSync(log) ? readFileSync(log, 'utf8') : '').split('\n').filter((line) => line.includes(text));
  const isHeard = (text: string, times: number) => vi.waitUntil(() => heard(text).length >= times, { timeout: 10_000 });
  await swarm.say('launch 2 instances group=backend');
  await swarm.say('launch 1 instance');
  expect((await swarm.propose('tell rehearsal-1 "use the new API"')).message).toBe('Told rehearsal-1.');
  expect((await swarm.propose('tell group backend "speak to each other"')).data).toEqual({
    delivered: ['rehearsal-1', 'rehearsal-2'],
  });
  expect((await swarm.propose('tell all agents "lunch"')).exit).toBe(5);
  expect((await swarm.say('broadcast "lunch"')).exit).toBe(0);
  expect((await swarm.propose('tell instances group=backend "more"')).exit).toBe(0);
  for (const [text, times] of [
    ['more', 2],
    ['lunch', 3],
    ['speak to each other', 2],
    ['use the new API', 1],
  ] as const) {
    await isHeard(text, times);
    expect(heard(text)).toEqual(Array.from({ length: times }, () => text));
  }
  for (const id of ['h1', 'h2']) await swarm.say(hang(id));
  await swarm.say('run task h1 on=rehearsal-1');
  await swarm.say('run task h2 on=rehearsal-3');
  for (const id of ['h1', 'h2']) await hangs(swarm, id);
  expect((await sayAs(swarm, 'rehearsal-1', 'report progress 40 "parser works"')).exit).toBe(0);
  expect((await swarm.state()).tasks['h1']!.run).toMatchObject({ progress: 40, note: 'parser works' });
  expect((await sayAs(swarm, 'rehearsal-1', 'report progress 90 id=h2')).exit).toBe(4);
  expect((await swarm.state()).tasks['h2']!.run!.progress).toBe(10);
});

test('an agent speaks to the others of its own group, under its name, and to nobody else', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances group=backend');
  await swarm.say('launch 1 instance group=web');
  const told = await sayAs(swarm, 'rehearsal-1', 'tell group backend "/quit"');
  expect([told.exit, told.data]).toEqual([0, { delivered: ['rehearsal-2'] }]);
  const screen = () => swarm.tmux('capture-pane', '-p', '-t', '=r-rehearsal-2:');
  await until(swarm, () => screen().includes('heard: rehearsal-1 says: /quit'));
  expect((await sayAs(swarm, 'rehearsal-1', 'tell rehearsal-2 "hello"')).exit).toBe(0);
  const before = await history(swarm);
  for (const other of [
    'tell group web "x"',
    'tell rehearsal-3 "x"',
    'tell rehearsal-1 "x"',
    'tell rehearsal-2, rehearsal-3 "x"',
  ]) {
    const reply = await sayAs(swarm, 'rehearsal-1', other);
    expect([other, reply.exit, reply.hint]).toEqual([other, 4, 'An agent speaks to the others of its own group only.']);
  }
  expect((await sayAs(swarm, 'rehearsal-1', 'tell all agents "x"')).exit).not.toBe(0);
  expect((await sayAs(swarm, 'rehearsal-3', 'tell group web "x"')).exit).toBe(4);
  expect((await sayAs(swarm, 'rehearsal-1', 'pause group web')).exit).toBe(4);
  expect(await history(swarm)).toEqual(before);
  await swarm.say('set all instances group=none');
  expect((await sayAs(swarm, 'rehearsal-1', 'tell rehearsal-2 "x"')).exit).toBe(4);
});

test('tasks that wait for a group that is removed may be done by any', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await swarm.say('create group backend');
  await swarm.say('create task One id=t1');
  await swarm.say('run task t1 group=backend');
  expect((await swarm.state()).tasks['t1']).toMatchObject({ state: 'open', run_group: 'backend' });
  expect((await swarm.say('show group backend')).data).toMatchObject({ tasks: ['t1'], percent: 0 });
  await swarm.say('remove group backend');
  await taskIs(swarm, 't1', 'done');
});
