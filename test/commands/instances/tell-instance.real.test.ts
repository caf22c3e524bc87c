import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../../helpers/folder.ts';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, hangs, instanceIs, sayAs, until } from '../stage.ts';

test('[AGT-6] a message reaches the live agent once, alone, in its group and with all, and agents report on their own task only', async () => {
  using folder = temporaryFolder('input');
  const log = join(folder.path, 'input.log');
  await using swarm = await openSwarm({ env: { DROVER_REHEARSAL_INPUT_LOG: log } });
  const heard = (text: string) =>
    (existsSync(log) ? readFileSync(log, 'utf8') : '').split('\n').filter((line) => line.includes(text));
  const isHeard = (text: string, times: number) => vi.waitUntil(() => heard(text).length >= times);
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

test('what an instance is told is typed into it; nobody is told anything where nobody listens', async () => {
  await using swarm = await openSwarm();
  expect((await swarm.say('tell all instances "hello"')).exit).toBe(3);
  await swarm.say('launch 2 instances');
  const told = await swarm.propose('tell rehearsal-1 "use the new API"');
  expect([told.exit, told.data]).toEqual([0, { delivered: ['rehearsal-1'] }]);
  await until(swarm, (state) => state.seq > 0);
  expect((await swarm.propose('tell all agents "hi"')).message).toBe(
    'This types into 2 agents (rehearsal-1, rehearsal-2).',
  );
  expect((await swarm.say('tell rehearsal-1 " "')).exit).toBe(2);
  await swarm.say('stop instance rehearsal-2');
  const dead = await swarm.say('tell rehearsal-2 "hi"');
  expect([dead.exit, dead.hint]).toEqual([6, 'First say: restart instance rehearsal-2']);
  expect((await swarm.say('tell all agents "hi"')).data).toEqual({ delivered: ['rehearsal-1'] });
  const calm = await swarm.say('answer rehearsal-1 "yes"');
  expect([calm.exit, calm.message]).toEqual([6, 'rehearsal-1 is idle; it asks nothing.']);
});

test('what is told to a paused agent is said to be read later, and is read once when it goes on', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await swarm.say('pause instance rehearsal-1');
  const told = await swarm.say('tell rehearsal-1 "use the new API"');
  expect([told.message, told.data]).toEqual([
    'Told rehearsal-1. rehearsal-1 is paused and reads it when it goes on.',
    { delivered: ['rehearsal-1'], later: ['rehearsal-1'] },
  ]);
  await swarm.say('resume instance rehearsal-1');
  await until(swarm, () =>
    swarm.tmux('capture-pane', '-p', '-t', '=r-rehearsal-1:').includes('heard: use the new API'),
  );
  expect(swarm.tmux('capture-pane', '-p', '-t', '=r-rehearsal-1:').match(/heard: use/gu)).toHaveLength(1);
});

test('what is told to an agent that was paused with a question does not answer it', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await swarm.say(`create task "Ask" description="rehearse: ask 'Delete everything? [y/n]'" id=a1`);
  await swarm.say('run task a1');
  await instanceIs(swarm, 'rehearsal-1', 'waiting');
  await swarm.say('pause instance rehearsal-1');
  expect(await swarm.say('tell rehearsal-1 "y"')).toMatchObject({ exit: 6 });
  await swarm.say('resume instance rehearsal-1');
  expect(await swarm.say('answer rehearsal-1 "n"')).toMatchObject({ exit: 0, data: { answer: 'n' } });
});
