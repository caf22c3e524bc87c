import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { migrateState } from '../../src/state/store/migrate.ts';
import { taskPlanSchema, taskSchema } from '../../src/state/tasks.ts';
import { itemFacts } from '../../src/tasks/items/import-items.ts';
import { FIELDS, readItem } from '../../src/tasks/items/item.ts';
import { formatOf, itemsIn } from '../../src/tasks/items/read-items.ts';
import { after, begin, created, imported } from './journal.ts';

const read = (text: string, format: Parameters<typeof itemsIn>[1]) => itemsIn(text, format, 'none');
const mistakes = (text: string, format: Parameters<typeof itemsIn>[1]): string[] =>
  read(text, format).mistakes.map(({ line, message, fix }) => `${line}: ${message} → ${fix}`);

test('[TSK-2] the record of a task has every field of the data model, its state, assignee, check and links', () => {
  const model = [
    'id description requirements dependencies estimated_duration complexity_score required_capabilities',
    'acceptance_criteria state assignee check spec batch merge_commit',
  ];
  for (const field of model.join(' ').split(' ')) expect(Object.keys(taskSchema.shape)).toContain(field);
  expect(FIELDS.filter((field) => field !== 'state' && !(field in taskPlanSchema.shape))).toEqual([]);
});

test.each([0, 1])('[TSK-2] tasks of a store of version %i are read with all they had', (version) => {
  const file = new URL(`../fixtures/projections/${version}.json`, import.meta.url);
  const old = JSON.parse(readFileSync(file, 'utf8')) as { state: { tasks: Record<string, object> } };
  const { tasks } = migrateState(old.state, version) as typeof old.state;
  expect(Object.keys(tasks)).not.toEqual([]);
  for (const [id, task] of Object.entries(tasks)) {
    expect(taskSchema.strict().parse(task)).toEqual(task);
    const { run: _run, history: _history, ...before } = old.state.tasks[id] as Record<string, unknown>;
    expect(task).toMatchObject(before);
  }
});

test('[TSK-2] a field that does not exist is refused with the nearest one, and nothing is dropped in silence', () => {
  expect(readItem({ title: 'One', prioritty: 'high', zzz: 1 }, 3)).toEqual({
    mistakes: [
      { line: 3, message: 'there is no field "prioritty"', fix: 'Did you mean priority?' },
      {
        line: 3,
        message: 'there is no field "zzz"',
        fix: expect.stringContaining('Leave it out; fields are id, title'),
      },
    ],
  });
  expect(readItem({ title: 'One', deps: ['1'], dependencies: ['2'] }, 1)).toMatchObject({
    mistakes: [{ message: '"dependencies" is said twice' }],
  });
  expect(readItem({ id: '__proto__', title: '', details: [1, 2] }, 1)).toMatchObject({
    mistakes: [
      { message: '"id" cannot be "__proto__"' },
      { message: '"title" cannot be ""' },
      { message: '"details" cannot be [1,2]' },
    ],
  });
  expect(readItem({ title: 'One', details: ['a', 2], check: 5, requirements: [''] }, 1)).toEqual({
    mistakes: [
      {
        line: 1,
        message: '"details" cannot be ["a",2]',
        fix: 'Correct it, or leave it out: entry 2: it has to be a text.',
      },
      {
        line: 1,
        message: '"requirements" cannot be [""]',
        fix: expect.stringContaining('entry 1: it needs at least 1'),
      },
      { line: 1, message: '"check" cannot be 5', fix: 'Correct it, or leave it out: it has to be a text.' },
    ],
  });
  expect(readItem({ id: 'constructor', title: 'One' }, 1)).toMatchObject({
    mistakes: [{ message: '"id" cannot be "constructor"', fix: expect.stringContaining('take another') }],
  });
  expect(readItem('text', 1)).toMatchObject({ mistakes: [{ message: 'this is not a task' }] });
  expect(readItem({}, 1)).toMatchObject({ mistakes: [{ message: 'the title is missing' }] });
  expect(readItem({ title: 'One', estimate: '30m', criteria: ['fast'], check: null }, 1)).toEqual({
    item: { title: 'One', estimated_duration: 1_800_000, acceptance_criteria: ['fast'], check: null, line: 1 },
  });
});

test('[TSK-9] JSON is read as an array, as one task or as a task a line, and mistakes have their lines', () => {
  expect(read('[{"title":"A"},\n{"title":"B, [\\"x\\"]","details":["1","2"]}\n]', 'json').items).toMatchObject([
    { title: 'A', line: 1 },
    { title: 'B, ["x"]', line: 2 },
  ]);
  expect(read('{\n"title":"A"}', 'json').items).toHaveLength(1);
  expect(mistakes('[\n {"title":"A"},\n {"titel":"B"},\n 5\n]', 'json')).toEqual([
    '3: there is no field "titel" → Did you mean title?',
    expect.stringMatching(/^3: the title is missing/),
    expect.stringMatching(/^4: this is not a task/),
  ]);
  expect(mistakes('[\n {"title":"A"},\n {"title" "B"}\n]', 'json')).toEqual([
    '3: this is not JSON: a colon is missing behind a name → Correct it.',
  ]);
  expect(mistakes('[', 'json')).toEqual(['1: this is not JSON: a closing ] is missing → Correct it.']);
  expect(mistakes('[\n {"title": One},\n {"title":"B"}\n]', 'json')).toEqual([
    '2: this is not JSON: a word stands there that needs quotes → Correct it.',
  ]);
  expect(read('{"title":"A"}\r\n\n{"title":"B"}\n', 'jsonl').items).toMatchObject([{ line: 1 }, { line: 3 }]);
  expect(mistakes('{"title":"A"}\n{"title":\n{"x":1}', 'jsonl').map((one) => one.slice(0, 2))).toEqual([
    '2:',
    '3:',
    '3:',
  ]);
});

test('[TSK-9] a table is read by the names of its columns, with quotes, line feeds and other separators', () => {
  const { items } = read(
    '\uFEFFID,Title,Priority,deps,criteria,complexity,state\r\nA1,"One, ""quoted""\nand more",HIGH,,fast; small,7,done\r\n\r\nA2,Two,,A1 A3,,,\r\n',
    'csv',
  );
  expect(items).toEqual([
    {
      id: 'A1',
      title: 'One, "quoted" and more',
      priority: 'high',
      acceptance_criteria: ['fast', 'small'],
      complexity_score: 7,
      state: 'done',
      line: 2,
    },
    { id: 'A2', title: 'Two', dependencies: ['A1', 'A3'], line: 5 },
  ]);
  expect(read('id;title\n1;One, two', 'csv').items).toMatchObject([{ title: 'One, two' }]);
  expect(read('id\ttitle\n1\tOne', 'csv').items).toHaveLength(1);
  expect(mistakes('a,b\n1,2', 'csv')).toEqual([expect.stringContaining('1: the first line names no column "title"')]);
  expect(mistakes('', 'csv')).toHaveLength(1);
  expect(mistakes('title,prio,title\nA,high,B\nC,low,D,E\n,x,\n"open', 'csv').map((one) => one.slice(0, 40))).toEqual([
    '1: there is no field "prio" → Leave it o',
    '1: two columns are "title" → Keep one of',
    '3: there are 4 cells for 3 columns → Put',
    '4: the title is missing → Say in one lin',
    '5: a quote is not closed → Close it; a q',
  ]);
});

test('[TSK-9] a check list is read with numbers and without, and boxes in boxes are parts of a group', () => {
  const plain = read(
    '# Todo\n- [ ] Milk\n- [x] Bob\n- [ ] House\n  - [ ]* Roof\n    - tiles\n  - [ ] Floor\n',
    'markdown',
  );
  expect(
    plain.items.map(({ id, key, title, group, details, priority, state }) => [
      id,
      key,
      title,
      group,
      details,
      priority,
      state,
    ]),
  ).toEqual([
    [undefined, '1', 'Milk', undefined, [], undefined, undefined],
    [undefined, '2', 'Bob', undefined, [], undefined, 'done'],
    [undefined, '3.1', 'Roof', 'House', ['tiles'], 'low', undefined],
    [undefined, '3.2', 'Floor', 'House', [], undefined, undefined],
  ]);
  expect(plain.items.map(({ line }) => line)).toEqual([2, 3, 5, 7]);
  const numbered = '- [ ] 1.1 A\n  - _Requirements: 1.1_\n- [ ] 1.2 B\n  - _Depends: 1.1_\n';
  expect(read(numbered, 'markdown').items).toMatchObject([
    { id: '1.1', requirements: ['1.1'] },
    { id: '1.2', dependencies: ['1.1'] },
  ]);
  expect(itemsIn('- [ ] 1.1 A\n- [ ] 1.2 B\n', 'markdown', 'siblings').items[1]).toMatchObject({
    dependencies: ['1.1'],
  });
  const uneven = read('- [ ] 1. A\n- [ ] 1. B\n- [ ] C\n', 'markdown');
  expect(uneven.items.map(({ id }) => id)).toEqual(['1', '1-2', '1-3']);
  expect([...uneven.mistakes, ...uneven.warnings].map(({ line, message }) => `${line}: ${message}`)).toEqual([
    '2: task 1 is there already in line 1, so this one is called 1-2',
    '3: the task “C” has no number and is called 1-3',
  ]);
});

test('the format follows the name of the file, else the look of the text', () => {
  expect(['a.md', 'a.JSON', 'a.ndjson', 'a.tsv'].map((name) => formatOf(name, ''))).toEqual([
    'markdown',
    'json',
    'jsonl',
    'csv',
  ]);
  expect(
    ['[{}]', '{"a":1}\n{}', '{\n"a":1}', 'id,title\n', 'title\n', '- [ ] A', '[ ] title'].map((text) =>
      formatOf('stdin', text),
    ),
  ).toEqual(['json', 'jsonl', 'json', 'csv', 'csv', 'markdown', 'markdown']);
});

test('a second import changes only what the file says otherwise, and knows tasks without an id by their titles', () => {
  const first = read(
    '[{"title":"A","deps":["B"]},{"title":"B","priority":"high"},{"id":"x","title":"C"}]',
    'json',
  ).items;
  const facts = itemFacts(begin(created('t1')), first);
  expect(facts).toMatchObject({ created: ['t2', 't3', 'x'], edited: [], unchanged: 0, mistakes: [] });
  const state = after(begin(created('t1')), ...facts.drafts);
  expect(state.tasks['t2']).toMatchObject({ title: 'A', dependencies: ['t3'] });
  expect(itemFacts(state, first)).toMatchObject({ drafts: [], created: [], edited: [], unchanged: 3 });
  const set = after(state, {
    type: 'task.edited',
    data: { id: 't3', changes: { check: 'npm test', complexity_score: 9 } },
  });
  const changed = read('[{"title":"B","description":"more"},{"id":"x","title":"C renamed"}]', 'json').items;
  const second = itemFacts(set, changed, 'Group');
  expect(second.drafts).toEqual([
    { type: 'task.edited', data: { id: 't3', changes: { description: 'more', group: 'Group' } } },
    { type: 'task.edited', data: { id: 'x', changes: { title: 'C renamed', group: 'Group' } } },
  ]);
  const longer = read(`[{"id":"x","title":"${'word '.repeat(60)}"}]`, 'json').items;
  expect(itemFacts(set, longer).drafts[0]).toMatchObject({ data: { changes: { complexity_score: 4 } } });
});

test('ids that clash, unknown prerequisites and circles are refused as a whole', () => {
  const state = after(begin(created('1.1', { spec: 'demo' })), imported('demo', ['1.1']));
  const facts = itemFacts(
    state,
    read('[{"id":"1.1","title":"A"},{"id":"b","title":"B","deps":["nope"]},{"id":"b","title":"B"}]', 'json').items,
  );
  expect([facts.drafts, facts.mistakes.map(({ message }) => message)]).toEqual([
    [],
    [
      'task b is there already in line 1',
      'task 1.1 belongs to the plan demo',
      'it depends on "nope", which is no task',
    ],
  ]);
  expect(facts.warnings).toEqual([{ line: 1, message: 'line 1 has the same title “B”' }]);
  const cancelled = after(state, created('c'), { type: 'task.cancelled', data: { id: 'c' } }, created('d'), {
    type: 'task.archived',
    data: { id: 'd', archived: true },
  });
  const dead = itemFacts(cancelled, read('[{"title":"A","deps":["c","d","1.1"]}]', 'json').items);
  expect(dead.warnings.map(({ message }) => message)).toEqual([
    'it waits for c, which is cancelled',
    'it waits for d, which is archived',
  ]);
  const circle = read('[{"title":"A","deps":["B"]},{"title":"B","deps":["A"]}]', 'json').items;
  expect(() => itemFacts(state, circle)).toThrow('These tasks wait for each other: t1 → t2 → t1');
});

test('[WTR-7] a task of a file claims files, and what is no pattern is refused', () => {
  expect(read('title,files\nOne,src/a/** docs/*.md\n', 'csv').items).toMatchObject([
    { files: ['src/a/**', 'docs/*.md'] },
  ]);
  expect(readItem({ title: 'One', files: ['../x'] }, 3)).toEqual({
    mistakes: [
      {
        line: 3,
        message: '"files" cannot be ["../x"]',
        fix: 'A pattern begins at the top of the repository, without / before it and without . or .. in it.',
      },
    ],
  });
});

test('[TSK-2] a list that was saved with the mark of its encoding is read without it', () => {
  for (const format of ['json', 'jsonl'] as const)
    expect(read('\uFEFF{"title":"One"}', format)).toMatchObject({ items: [{ title: 'One' }], mistakes: [] });
});
