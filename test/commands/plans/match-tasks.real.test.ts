import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { QUICK } from '../stage.ts';

const FILE = 'demo/tasks.md';

const write = (swarm: Swarm, text: string): void => {
  mkdirSync(join(swarm.root, 'demo'), { recursive: true });
  writeFileSync(join(swarm.root, FILE), text);
};

const commit = (swarm: Swarm, text: string): void => {
  write(swarm, text);
  swarm.git('add', '-A');
  swarm.git('commit', '-qm', 'The plan as it is now');
};

const tasksOf = async (swarm: Swarm): Promise<string[]> =>
  Object.values((await swarm.state()).tasks).map(({ id, state, title }) => `${id} ${state} ${title}`);

const PLAN = '- [ ] 1. Build\n  - [ ] 1.1 Make the parser\n  - [ ] 1.2 Make the printer\n  - [x] 1.3 Test\n';
const RENUMBERED =
  '- [ ] 1. Build\n  - [ ] 1.1 Brand new\n  - [ ] 1.2 Make the parser\n  - [ ] 1.3 Make the printer\n  - [x] 1.4 Test\n';

test('[TSK-10] a plan that is renumbered moves no work to another text, and no box is ticked for what nobody did', async () => {
  await using swarm = await openSwarm({ files: { [FILE]: PLAN }, env: QUICK });
  await swarm.say('import spec demo');
  expect((await swarm.say('run task 1.1 wait=true')).exit).toBe(0);
  commit(swarm, RENUMBERED);
  const dry = await swarm.say('import spec demo --dry-run');
  expect(dry.message).toContain('renumbered and still the same (1.1 is 1.2, 1.2 is 1.3, 1.3 is 1.4)');
  const reply = await swarm.say('import spec demo');
  expect(reply.message).toContain('4 tasks, 2 done, 2 to do');
  expect(reply.message).toContain(
    'At another number in the file, and the same tasks with all that was done of them: 1.1 is 1.2, 1.2 is 1.3, 1.3 is 1.4.',
  );
  expect(reply.message).toContain('with an id of their own: 1.1-2 is 1.1.');
  expect(await tasksOf(swarm)).toEqual([
    '1.1 done Make the parser',
    '1.2 open Make the printer',
    '1.3 done Test',
    '1.1-2 open Brand new',
  ]);
  const { tasks, specs } = await swarm.state();
  expect(specs['demo']!.tasks).toEqual(['1.1-2', '1.1', '1.2', '1.3']);
  expect(tasks['1.1']).toMatchObject({ attempts: 1, number: '1.2' });
  // Read again it is the same, and another policy goes by the same tasks.
  expect((await swarm.say('import spec demo')).data).toMatchObject({ created: 0, edited: 0, gone: [] });
  expect((await swarm.say('set spec demo policy=strict')).exit).toBe(0);
  expect((await swarm.state()).tasks['1.2']!.dependencies).toEqual(['1.1']);
  expect((await swarm.say('merge completed branches')).exit).toBe(0);
  const merged = swarm.git('show', `drover/integration:${FILE}`);
  expect(merged).toMatch(/\[x\] 1.2 Make the parser/u);
  expect(merged).not.toMatch(/\[x\].*(?:Brand new|printer)/u);
  // Numbered back, the ids and numbers are one again.
  commit(swarm, PLAN);
  const back = await swarm.say('import spec demo');
  expect(back.message).toContain('No longer in the file, and taken out: 1.1-2.');
  expect(await tasksOf(swarm)).toEqual(['1.1 done Make the parser', '1.2 open Make the printer', '1.3 done Test']);
});

test('[TSK-10] at its number a task that ran may be reworded; another number in its title, or most words, make another task', async () => {
  const before = ['Write the login page', 'Write the logout page', 'Write the remove', 'Do phase 1 of it', 'Make tea'];
  const after = [
    'Write the login view',
    'Write the logout screen',
    'Write the removal',
    'Do phase 2 of it',
    'Drink tea',
  ];
  const listOf = (titles: readonly string[]) => titles.map((title, i) => `- [ ] ${i + 1}. ${title}\n`).join('');
  await using swarm = await openSwarm({ files: { [FILE]: listOf(before) }, env: QUICK });
  await swarm.say('import spec demo');
  expect((await swarm.say('run all tasks wait=true')).exit).toBe(0);
  commit(swarm, listOf(after));
  const reply = await swarm.say('import spec demo');
  expect(reply.data).toMatchObject({ created: 2, gone: ['4', '5'] });
  expect(await tasksOf(swarm)).toEqual([
    ...['1 done Write the login view', '2 done Write the logout screen', '3 done Write the removal'],
    ...['4 done Do phase 1 of it', '5 done Make tea', '4-2 open Do phase 2 of it', '5-2 open Drink tea'],
  ]);
});

test('[TSK-10] what is put on top of a list without numbers is not taken for what was done before', async () => {
  const list = '- [ ] Wash\n- [ ] Dry\n- [ ] Fold\n';
  await using swarm = await openSwarm({ files: { 'TODO.md': list }, env: QUICK });
  await swarm.say('import spec TODO.md');
  await swarm.say('run task 1 wait=true');
  writeFileSync(join(swarm.root, 'TODO.md'), `- [ ] Sort\n${list}`);
  await swarm.say('import spec TODO.md');
  const { tasks, specs } = await swarm.state();
  expect(specs['TODO']!.tasks.map((id) => `${tasks[id]!.title} ${tasks[id]!.state}`)).toEqual([
    'Sort open',
    'Wash done',
    'Dry open',
    'Fold open',
  ]);
});

test.each([
  ['Make a good parser', 'done', true],
  ['Make the parsers', 'done', true],
  ['Make the lexer', 'open', false],
])('a task that ran and is called “%s” now at its number: %s', async (title, state, isSame) => {
  await using swarm = await openSwarm({ files: { [FILE]: PLAN }, env: QUICK });
  await swarm.say('import spec demo');
  await swarm.say('run task 1.1 wait=true');
  write(swarm, PLAN.replace('Make the parser', title));
  const reply = await swarm.say('import spec demo');
  expect(reply.message).toContain(
    isSame ? 'Called otherwise in the file, and the same tasks: 1.1.' : 'No longer in the file, and kept: 1.1.',
  );
  const { tasks, specs } = await swarm.state();
  const named = specs['demo']!.tasks.map((id) => tasks[id]!).find((task) => task.title === title);
  expect(named).toMatchObject({ state, attempts: isSame ? 1 : 0 });
  expect(tasks['1.1']).toMatchObject({ state: 'done', title: isSame ? title : 'Make the parser' });
});

test('[TSK-10] a box that is unticked opens a task that never ran, and one whose work was verified stays done', async () => {
  await using swarm = await openSwarm({ files: { [FILE]: PLAN }, env: QUICK });
  await swarm.say('import spec demo');
  await swarm.say('run task 1.1 wait=true');
  write(swarm, PLAN.replace('[ ] 1.1', '[x] 1.1'));
  expect((await swarm.say('import spec demo')).message).toContain('3 tasks, 2 done, 1 to do');
  write(swarm, PLAN.replace('[x] 1.3', '[ ] 1.3'));
  expect((await swarm.say('import spec demo --dry-run')).message).toContain('3 tasks, 1 done, 2 to do');
  const reply = await swarm.say('import spec demo');
  expect(reply.message).toContain('3 tasks, 1 done, 2 to do');
  expect(reply.message).toContain('Unticked in the file, never run, and open again: 1.3.');
  expect(reply.message).toContain('Unticked in the file, and still done because their work was verified: 1.1.');
  expect((await swarm.state()).tasks).toMatchObject({
    '1.1': { state: 'done' },
    '1.3': { state: 'open', attempts: 0 },
  });
});
