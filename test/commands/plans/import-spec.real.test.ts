import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { quote } from '../../../src/protocol/lex.ts';
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
  const reply = await swarm.say('import spec ./spec policy=siblings barrier=false');
  expect(reply.data).toMatchObject({ tasks: 33, done: 2, open: 31, edges: 17, waves: [15, 14, 1, 1], created: 33 });
  expect(reply.message).toContain(
    '33 tasks, 2 done, 31 to do, 15 can start now; 17 dependencies, groups side by side; 33 new',
  );
  const before = await history(swarm);
  const again = await swarm.say('import spec ./spec policy=siblings');
  expect(again.data).toMatchObject({ created: 0, edited: 0, gone: [] });
  const added = (await history(swarm)).slice(before.length);
  expect(added).toEqual(['command.finished']);
  // Read again without a policy it keeps the one that it has.
  expect((await swarm.say('import spec ./spec')).data).toMatchObject({ waves: [15, 14, 1, 1], edited: 0 });
  expect((await swarm.say('import spec ./spec policy=siblings barrier=true')).data).toMatchObject({
    waves: [13, 12, 1, 1, 2, 2],
    created: 0,
  });
  expect((await swarm.say('import spec ./spec policy=strict barrier=false dry-run')).data).toMatchObject({
    edges: 32,
  });
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
  expect((await swarm.say('import spec demo')).message).toContain('No longer in the file, and taken out: 4.');
  writeSpec(swarm, 'demo', PLAN.replace(/- \[ \] 2.*\n.*\n/u, '').replace('[ ] 3', '[x] 3'));
  const last = await swarm.say('import spec demo');
  expect(last.message).toContain('No longer in the file, and kept: 2. Ticked in the file, and done: 3.');
  expect((await swarm.state()).tasks).toMatchObject({ 2: { attempts: 1 }, 3: { state: 'done', title: 'End' } });
  expect(Object.keys((await swarm.state()).tasks)).not.toContain('4');
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

test('[TSK-5] a policy that is named leaves the barrier of the configuration and of the plan as it is', async () => {
  await using swarm = await openSwarm();
  writeSpec(swarm, 'demo', PLAN);
  expect((await swarm.say('import spec demo policy=kiro')).data).toMatchObject({ policy: 'kiro', barrier: true });
  expect((await swarm.say('set spec demo policy=strict')).data).toMatchObject({ policy: 'strict', barrier: true });
  await swarm.say('import spec demo barrier=false');
  expect((await swarm.say('import spec demo policy=siblings')).data).toMatchObject({ barrier: false });
  expect((await swarm.say('set spec demo policy=none')).data).toMatchObject({ policy: 'none', barrier: false });
});

test('[TSK-10] what is read otherwise than the graph of a plan has it is counted, with the way to see it', async () => {
  await using swarm = await openSwarm();
  const graph =
    '\n## Task Dependency Graph\n\n```json\n{"waves":[{"id":0,"tasks":["1","9"]},{"id":1,"tasks":["2"]}]}\n```\n';
  const folder = writeSpec(swarm, 'demo', `- [ ] 1. A\n  - _Depends: 2_\n- [ ] 2. B\n- [ ] 3. C\n${graph}`);
  const dry = await swarm.say('import spec demo dry-run');
  expect(dry.message).toContain(` 3 findings about its graph: lint spec ${folder}/tasks.md.`);
  const reply = await swarm.say('import spec demo');
  expect(reply.message).toContain(' 3 findings about its graph: lint spec demo.');
  expect(reply.data).toMatchObject({ graph_findings: 3, warnings: [] });
  expect((await swarm.say('lint spec demo')).data).toMatchObject([
    { id: 'graph-contradiction:1:2' },
    { id: 'graph-task:unknown' },
    { id: 'graph-gap:all' },
  ]);
  expect((await swarm.say('import spec demo policy=strict')).data).toMatchObject({ graph_findings: 0 });
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
  writeFileSync(join(swarm.root, 'tasks.json'), '[{"title": "One"}]');
  writeSpec(swarm, 'double', '- [ ] 1. One\n  - _Depends: 9_\n- [ ] 1. Two\n  - Dependencies: luck\n');
  writeFileSync(join(writeSpec(swarm, 'binary', ''), 'tasks.md'), new Uint8Array([0xff, 0xfe, 0x00]));
  writeFileSync(join(writeSpec(swarm, 'wide', ''), 'tasks.md'), Buffer.from(`\uFEFF${PLAN}`, 'utf16le'));
  writeFileSync(join(writeSpec(swarm, 'latin', ''), 'tasks.md'), Buffer.from('- [ ] 1. Größe\n', 'latin1'));
  const before = await history(swarm);
  const refused: [string, number, string][] = [
    ['import spec nowhere', 3, 'nowhere/tasks.md cannot be read: there is no such file.'],
    ['import spec binary', 3, 'binary/tasks.md cannot be read: it is not text.'],
    ['import spec wide', 3, 'wide/tasks.md cannot be read: it is UTF-16.'],
    ['import spec latin', 3, 'latin/tasks.md cannot be read: it is not UTF-8 (Latin-1, perhaps).'],
    ['import spec empty', 2, 'has no tasks.'],
    ['import spec double', 2, 'double/tasks.md has 2 mistakes and 1 warning, and nothing was imported:'],
    ['import spec double', 2, 'double/tasks.md:4: error: task 1-2 depends on “luck”, which is no task of this plan.'],
    [
      'import spec tasks.json',
      2,
      `tasks.json is no plan but a list; to take what it lists: import task ${quote(join(swarm.root, 'tasks.json'))}`,
    ],
    ['import spec none.json', 3, 'none.json cannot be read'],
    ['import spec empty, double', 2, 'This takes one spec, and 2 are named'],
    ['import spec empty policy=loose', 2, 'policy'],
  ];
  for (const [text, exit, message] of refused) {
    const reply = await swarm.say(text);
    expect([text, reply.exit, reply.message]).toEqual([text, exit, expect.stringContaining(message)]);
  }
  for (const name of ['wide', 'latin'])
    expect([name, (await swarm.say(`import spec ${name}`)).hint]).toEqual([name, expect.stringContaining('UTF-8')]);
  expect(await history(swarm)).toEqual(before);
});

test('[TSK-12] the brief of a task of a bugfix has the text of its criteria, from bugfix.md', async () => {
  await using swarm = await openSwarm();
  const folder = writeSpec(swarm, 'mending', '- [ ] 1. Mend it\n  - _Requirements: 2.1 (the fix), 3.1_\n');
  writeFileSync(join(folder, 'bugfix.md'), '### Expected Behavior\n\n2.1 WHEN it is asked THEN it SHALL wait\n');
  const reply = await swarm.say('import spec mending');
  expect(reply.message).toContain('1 warning: line 1: task 1 refers to requirement 3.1, which does not exist.');
  expect((await swarm.state()).tasks['1']).toMatchObject({
    requirements: ['2.1', '3.1'],
    acceptance_criteria: ['2.1: WHEN it is asked THEN it SHALL wait'],
  });
  expect((await swarm.say('lint spec mending')).data).toMatchObject([
    { id: 'unknown-reference:1:3.1', severity: 'error', file: `${folder}/tasks.md`, line: 2 },
  ]);
});

test('[TSK-12] a plan by headings is ticked at the boxes of its steps when its task is merged', async () => {
  await using swarm = await openSwarm({
    files: { 'specs/heads/tasks.md': '## Task 1: A\n- [ ] first\n- [ ] second\n## Task 2: B\n- [ ] other\n' },
  });
  await swarm.say('import spec specs/heads');
  await swarm.say('run task 1 wait=true');
  await taskIs(swarm, '1', 'done');
  await swarm.say('merge completed branches');
  expect(swarm.git('show', 'drover/integration:specs/heads/tasks.md')).toBe(
    '## Task 1: A\n- [x] first\n- [x] second\n## Task 2: B\n- [ ] other',
  );
});

test('[TSK-10] what a plan that is read again would change is said before, by dry-run and by preview', async () => {
  await using swarm = await openSwarm();
  const folder = writeSpec(swarm, 'demo', '- [ ] 1. A\n- [ ] 2. B\n- [ ] 3. C\n');
  expect((await swarm.say('import spec demo dry-run')).message).not.toContain('Different');
  expect((await swarm.say(`preview import spec ${folder}`)).data).toMatchObject({ notice: null });
  await swarm.say('import spec demo');
  expect((await swarm.say('import spec demo dry-run')).message).toContain('Different in the file: nothing.');
  writeSpec(swarm, 'demo', '- [ ] 1. A\n- [x] 2. Bee\n- [ ] 4. D\n');
  const difference = 'Different in the file: 1 task new, 1 removed, 1 retitled, 1 ticked by hand';
  expect((await swarm.say('import spec demo dry-run')).message).toContain(difference);
  expect((await swarm.say('preview import spec demo')).message).toContain(difference);
  expect((await swarm.state()).tasks['2']).toMatchObject({ title: 'B', state: 'open' });
});
