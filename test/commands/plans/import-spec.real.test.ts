import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ask } from '../../../src/client/request.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { history, taskIs } from '../stage.ts';

const PLAN = '# Plan\n\n- [x] 1. Begin\n- [ ] 2. Go on\n  - make it work\n- [ ] 3. End\n';

const writeSpec = (swarm: Swarm, folder: string, text: string): string => {
  const path = join(swarm.root, folder);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'tasks.md'), text);
  return path;
};

test('[TSK-3] the plan of the sources is imported with all its numbers, and a second import changes nothing', async () => {
  await using swarm = await openSwarm();
  cpSync(fileURLToPath(new URL('../../fixtures/spec', import.meta.url)), join(swarm.root, 'spec'), { recursive: true });
  const reply = await swarm.say('import spec ./spec policy=siblings');
  expect(reply.data).toMatchObject({ tasks: 33, done: 2, open: 31, edges: 17, waves: [15, 14, 1, 1], created: 33 });
  expect(reply.message).toContain('33 tasks, 2 done, 31 open, 17 dependencies (siblings), waves 15/14/1/1; 33 new');
  const before = await history(swarm);
  const again = await swarm.say('import spec ./spec policy=siblings');
  expect(again.data).toMatchObject({ created: 0, edited: 0, gone: [] });
  const added = (await history(swarm)).slice(before.length);
  expect(added).toEqual(['command.finished']);
  expect((await swarm.say('import spec ./spec')).data).toMatchObject({ waves: [13, 12, 1, 1, 2, 2], created: 0 });
  expect((await swarm.say('import spec ./spec policy=strict dry-run')).data).toMatchObject({ edges: 32 });
  expect((await swarm.say('plan tasks')).data).toMatchObject({ waves: expect.objectContaining({ length: 6 }) });
});

test('a plan that changed is taken over: new tasks come, changed ones keep their history and what was set by hand', async () => {
  await using swarm = await openSwarm();
  writeSpec(swarm, 'demo', PLAN);
  await swarm.say('import spec demo');
  await swarm.say('run task 2 wait=true');
  await swarm.say('set task 2 priority=high complexity=9');
  expect((await swarm.say('import spec demo')).data).toMatchObject({ created: 0, edited: 0 });
  writeSpec(swarm, 'demo', PLAN.replace('3. End', '3. Finish').concat('- [ ] 4. Celebrate\n'));
  const dry = await swarm.say('import spec demo dry-run');
  expect(dry.message).toContain('1 new, 1 changed (nothing is recorded).');
  expect((await swarm.state()).tasks['4']).toBeUndefined();
  const reply = await swarm.say('import spec demo');
  expect(reply.data).toMatchObject({ created: 1, edited: 1 });
  const { tasks } = await swarm.state();
  expect(tasks['3']!.title).toBe('Finish');
  expect(tasks['2']).toMatchObject({ state: 'done', attempts: 1, priority: 'high', complexity_score: 9 });
  writeSpec(swarm, 'demo', PLAN);
  expect((await swarm.say('import spec demo')).message).toContain('No longer in the file, and kept: 4.');
});

test('a second plan with the same numbers gets its name in front; one of the same name is refused with 6', async () => {
  await using swarm = await openSwarm();
  writeSpec(swarm, 'a/demo', PLAN);
  writeSpec(swarm, 'b/demo', PLAN.replace('Go on', 'Other'));
  writeSpec(swarm, 'auth', PLAN);
  await swarm.say('create task "By hand" id=9');
  await swarm.say('import spec a/demo');
  await swarm.say('import spec auth');
  expect(Object.keys((await swarm.state()).tasks)).toEqual(['1', '2', '3', '9', 'auth-1', 'auth-2', 'auth-3']);
  expect((await swarm.say('import spec auth')).data).toMatchObject({ created: 0, edited: 0 });
  const before = await history(swarm);
  const taken = await swarm.say('import spec b/demo');
  expect([taken.exit, taken.message]).toEqual([
    6,
    expect.stringContaining(`imported from ${swarm.root}/a/demo/tasks.md`),
  ]);
  expect(await history(swarm)).toEqual(before);
  rmSync(join(swarm.root, 'a'), { recursive: true });
  expect((await swarm.say('import spec b/demo')).data).toMatchObject({ edited: 1 });
  expect((await swarm.say('list specs')).text).toContain('demo');
});

test('a task made by hand is not taken for one of a plan that has the same number', async () => {
  await using swarm = await openSwarm();
  writeSpec(swarm, 'constructor', PLAN);
  await swarm.say('create task "By hand" id=2');
  expect((await swarm.say('import spec constructor')).exit).toBe(0);
  const { tasks } = await swarm.state();
  expect(tasks['2']).toMatchObject({ title: 'By hand', spec: null });
  expect(tasks['constructor-2']).toMatchObject({ title: 'Go on' });
});

test('a plan outside of the repository is worked on and says that its boxes stay; one inside is ticked where it is merged', async () => {
  await using swarm = await openSwarm({ files: { 'specs/in/tasks.md': PLAN } });
  const outside = join(swarm.root, '..', 'out');
  mkdirSync(outside);
  writeFileSync(join(outside, 'tasks.md'), PLAN);
  const reply = await swarm.say(`import spec "${outside}/tasks.md"`);
  expect(reply.message).toContain('It lies outside of the repository, so its boxes are not ticked.');
  const cwd = join(swarm.root, 'specs');
  const inside = await ask(swarm.paths, swarm.env, {
    argv: ['import', 'spec', './in/../in'],
    actor: 'cli',
    cwd,
    view: { columns: 80, color: false },
  });
  expect([inside.exit, inside.message]).toEqual([0, expect.not.stringContaining('outside')]);
  await swarm.say('run tasks in-2 wait=true');
  await taskIs(swarm, 'in-2', 'done');
  await swarm.say('merge completed branches');
  expect(swarm.git('show', 'drover/integration:specs/in/tasks.md')).toContain('- [x] 2. Go on');
  expect(readFileSync(join(outside, 'tasks.md'), 'utf8')).toBe(PLAN);
});

test('what is no plan is refused with a sentence, and nothing is recorded', async () => {
  await using swarm = await openSwarm();
  writeSpec(swarm, 'empty', 'nothing\n');
  writeSpec(swarm, 'double', '- [ ] 1. One\n- [ ] 1. Two\n');
  writeFileSync(join(writeSpec(swarm, 'binary', ''), 'tasks.md'), new Uint8Array([0xff, 0xfe, 0x00]));
  const before = await history(swarm);
  const refused: [string, number, string][] = [
    ['import spec nowhere', 3, 'nowhere/tasks.md cannot be read: no such file, or not text.'],
    ['import spec binary', 3, 'cannot be read'],
    ['import spec empty', 2, 'has no tasks.'],
    ['import spec double', 2, 'task 1 is there already in line 1.'],
    ['import spec empty, double', 2, 'This takes one spec, and 2 are named'],
    ['import spec empty policy=loose', 2, 'policy'],
  ];
  for (const [text, exit, message] of refused) {
    const reply = await swarm.say(text);
    expect([text, reply.exit, reply.message]).toEqual([text, exit, expect.stringContaining(message)]);
  }
  expect(await history(swarm)).toEqual(before);
});
