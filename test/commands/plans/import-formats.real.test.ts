import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { fixtures, textOf } from '../../tasks/formats/plans.ts';
import { history, QUICK } from '../stage.ts';

const fixtureOf = (file: string) => fixtures.find((one) => one.file === file)!;

const openWith = async (file: string): Promise<{ swarm: Swarm; place: string; text: string }> => {
  const { place } = fixtureOf(file);
  const text = textOf({ file });
  const swarm = await openSwarm({ files: { [place]: text }, env: QUICK });
  return { swarm, place, text };
};

test.each([
  ['taskmaster.json', '.taskmaster', 'taskmaster', { waves: [2, 2], tasks: 7, done: 2, open: 4, edges: 11 }],
  ['beads.jsonl', '.beads/issues.jsonl', 'beads', { waves: [2, 1], tasks: 4, done: 1, open: 3, edges: 3 }],
  ['spec-kit.md', 'specs/001-parcels', '001-parcels', { waves: [1, 2, 1, 1], tasks: 7, done: 2, open: 5, edges: 9 }],
  ['openspec.md', 'openspec/changes/add-field', 'add-field', { waves: [2, 1], tasks: 5, done: 2, open: 3, edges: 6 }],
  ['headings.md', 'PLAN.md', 'PLAN', { waves: [1, 1], tasks: 3, done: 1, open: 2, edges: 2 }],
] as const)(
  '[TSK-11] %s is imported by its place alone, and a second import changes nothing',
  async (file, said, name, counts) => {
    const { swarm } = await openWith(file);
    await using _ = swarm;
    const { format, ids, held = [], cancelled = [] } = fixtureOf(file);
    const reply = await swarm.say(`import spec ${said}`);
    expect(reply).toMatchObject({ exit: 0, data: { spec: name, format, created: ids.length, ...counts } });
    const { tasks, specs } = await swarm.state();
    expect(specs[name]).toMatchObject({ format, tasks: ids });
    expect(ids.filter((id) => tasks[id]?.held)).toEqual(held);
    expect(ids.filter((id) => tasks[id]?.state === 'cancelled')).toEqual(cancelled);
    const before = await history(swarm);
    expect((await swarm.say(`import spec ${said}`)).data).toMatchObject({ created: 0, edited: 0, gone: [] });
    expect((await history(swarm)).slice(before.length)).toEqual(['command.finished']);
  },
);

test.each([
  ['taskmaster.json', '.taskmaster', '"status": "pending"', '"status": "done"'],
  // The epic is closed with the last of its parts.
  ['beads.jsonl', '.beads', /"status":"(?:in_progress|open)"(?=.*"(?:epic|feature)")/gu, '"status":"closed"'],
  ['spec-kit.md', 'specs/001-parcels', '- [ ] T003', '- [x] T003'],
] as const)(
  '[TSK-11] what is done of %s is ticked in the merge, and no other byte changes',
  async (file, said, open, ticked) => {
    const { swarm, place, text } = await openWith(file);
    await using _ = swarm;
    await swarm.say(`import spec ${said}`);
    const [first] = fixtureOf(file).ids.filter((id) => !fixtureOf(file).done.includes(id));
    expect((await swarm.say(`run task ${first} wait=true`)).exit).toBe(0);
    expect((await swarm.say('merge completed branches')).exit).toBe(0);
    expect(swarm.git('show', `drover/integration:${place}`)).toBe(text.replace(open, ticked).trim());
    expect(swarm.git('status', '--porcelain')).toBe('');
  },
);

test.each([
  ['broken.json', '{ "tasks": [ { "id": 1, "title": "One" "status": "done" } ] }', 'broken.json', 'taskmaster'],
  ['none.json', '{ "tasks": [ { "id": 1, "title": "One", "dependencies": [7] } ] }', 'task 1 depends on 7', undefined],
  ['list.json', '{ "tasks": [ { "id": 1, "title": "One", "dependencies": "2" } ] }', 'which is no list', undefined],
  ['odd.json', '{ "tasks": [ { "id": "a b", "title": "One" } ] }', 'cannot be the id of a task', undefined],
  ['bare.json', '{ "tasks": [ { "id": 1, "title": "One" }, { "title": "Two" } ] }', 'a task without an id', undefined],
  ['deep.json', `{ "tasks": ${'['.repeat(5000)}${']'.repeat(5000)} }`, 'too deep', 'taskmaster'],
  [
    'issues.jsonl',
    '{"id":"a-1","title":"One","status":"open"}\n{"id":"a-2",',
    'issues.jsonl:2: error: this is not JSON',
    undefined,
  ],
  [
    'link.jsonl',
    '{"id":"a-1","title":"One","status":"open","dependencies":[{"type":"blocks"}]}',
    'names no task',
    undefined,
  ],
  [
    'need.jsonl',
    '{"id":"a-1","title":"One","status":"open","dependencies":[{"depends_on_id":"a-9","type":"blocks"}]}',
    'task a-1 depends on a-9',
    undefined,
  ],
  ['tasks.md', '- [ ] T001 One\n- [ ] T002 Two (depends on T009)\n', 'task T002 depends on T009', undefined],
  ['luck.md', '- [ ] T001 One\n- [ ] T002 Two (depends on Phase 9)\n', 'depends on “Phase 9”', undefined],
  ['plan.md', '# Plan\n\nWords.\n', 'plan.md has no tasks.', undefined],
] as const)('%s is refused in one answer, and nothing of it is imported', async (name, text, message, format) => {
  await using swarm = await openSwarm();
  writeFileSync(join(swarm.root, name), text);
  const reply = await swarm.say(`import spec ${name}${format === undefined ? '' : ` format=${format}`}`);
  expect([reply.exit, reply.message]).toEqual([2, expect.stringContaining(message)]);
  const { tasks, specs } = await swarm.state();
  expect([tasks, specs]).toEqual([{}, {}]);
});

test('[TSK-11] all mistakes are told in one answer, with their lines', async () => {
  await using swarm = await openSwarm();
  const tasks = [
    '{ "id": 1, "title": "One", "dependencies": [8] }',
    '{ "id": 2, "title": "Two", "dependencies": [3] }',
    '{ "id": 3, "title": "Three", "dependencies": [2] }',
  ];
  writeFileSync(join(swarm.root, 'plan.json'), `{ "tasks": [\n${tasks.join(',\n')}\n] }`);
  const { exit, message } = await swarm.say('import spec plan.json');
  expect(exit).toBe(2);
  expect(message).toContain('plan.json has 2 mistakes');
  expect(message).toMatch(/plan\.json:2: error: task 1 depends on 8, which is no task/u);
  expect(message).toMatch(/plan\.json:[34]: error: these tasks wait for each other/u);
});
