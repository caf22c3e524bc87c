import { expect, test } from 'vitest';
import { parseTasks } from '../../../src/tasks/spec/spec-tasks.ts';

const numbers = (text: string): string[] => parseTasks(text).tasks.map(({ number }) => number);
const messages = (text: string): string[] =>
  parseTasks(text).warnings.map(({ line, message }) => `${line}: ${message}`);

test('[TSK-12] boxes without a number under a heading that has no numbered tasks are criteria, and what is below them too', () => {
  const text = [
    '- [ ] 1. A',
    '',
    '## Definition of Done',
    '- [ ] All green',
    '  - on every machine',
    '- [ ] Merged',
    'and some prose',
    '## Later',
    '- [ ] 2. B',
  ].join('\n');
  expect(parseTasks(text).tasks).toMatchObject([
    { number: '1', details: [] },
    { number: '2', details: [] },
  ]);
  expect(messages(text)).toEqual([
    '4: 2 boxes without a number under “Definition of Done” are read as criteria, not as tasks',
  ]);
});

test('[TSK-12] boxes inside of a numbered task are its steps, also where the task has its own box', () => {
  const text = '- [ ] 1. A\n  - [x] first\n    - [ ] of the first\n  - [ ] second\n- [ ] 2. B\n  1. [ ] step\n';
  const { tasks, warnings } = parseTasks(text);
  expect(tasks.map(({ number, details, state }) => [number, details, state])).toEqual([
    ['1', ['first', 'of the first', 'second'], 'open'],
    ['2', ['step'], 'open'],
  ]);
  expect(warnings).toEqual([]);
});

test.each([
  ['- [ ] 2.a Alpha', '2.a', 'Alpha', '2'],
  ['- [ ] 1.1.a Alpha', '1.1.a', 'Alpha', '1'],
  ['- [ ] 7.3.5a Alpha', '7.3.5a', 'Alpha', '7'],
  ['- [ ] **FOUNDATION-1: Core** things', 'FOUNDATION-1', 'Core things', 'FOUNDATION-1'],
  ['- [ ] CORE-2 Alpha\n- [ ] CORE-3 Beta', 'CORE-2', 'Alpha', 'CORE-2'],
  ['- [ ] T001 Alpha\n- [ ] T002 Beta', 'T001', 'Alpha', 'T001'],
  ['- [ ] 2．検索', '2', '検索', '2'],
  ['- [x ] 3. Alpha', '3', 'Alpha', '3'],
  ['- [] 3. Alpha', '3', 'Alpha', '3'],
  ['- ⬜ 3. Alpha', '3', 'Alpha', '3'],
])('[TSK-12] %j has an id', (text, number, title, group) => {
  expect(parseTasks(text).tasks[0]).toMatchObject({ number, title, group });
});

test('a year, a standard and a slash are no ids', () => {
  expect(parseTasks('- [ ] 1. A\n- [ ] 2. 2024 roadmap\n- [ ] 3.A/B tests\n').tasks.map(({ title }) => title)).toEqual([
    'A',
    '2024 roadmap',
    'A/B tests',
  ]);
  expect(parseTasks('- [ ] 2024 roadmap\n- [ ] UTF-8: everywhere\n').tasks).toMatchObject([
    { number: '1', title: '2024 roadmap' },
    { number: '2', title: 'UTF-8: everywhere' },
  ]);
});

test('[TSK-12] a number that is used again gets another one, and so do the parts below it', () => {
  const text = '- [ ] 1. A\n  - [ ] 1.1 B\n- [ ] 1. C\n  - [ ] 1.1 D\n- [ ] 1.1 E\n';
  expect(parseTasks(text).tasks.map(({ number, title, parent }) => [number, title, parent])).toEqual([
    ['1', 'A', null],
    ['1.1', 'B', '1'],
    ['1-2', 'C', null],
    ['1-2.1', 'D', '1-2'],
    ['1-2.1-2', 'E', '1-2'],
  ]);
  expect(messages(text)).toEqual([
    '3: task 1 is there already in line 1, so this one is called 1-2',
    '5: task 1-2.1 is there already in line 4, so this one is called 1-2.1-2',
  ]);
});

test('[TSK-12] a line that is there twice is one task, open while one of the two is', () => {
  const text = '- [x] 1. A\n\n- [ ] 1. A\n  - detail\n- [x] 2. B\n- [x] 2. B\n';
  expect(parseTasks(text).tasks).toMatchObject([
    { number: '1', state: 'open', details: ['detail'], times: 2 },
    { number: '2', state: 'done' },
  ]);
  expect(messages(text)[0]).toBe('3: task 1 is there already in line 1 with the same title: both are read as one');
});

test('a heading about a task that is there is notes', () => {
  const text = '- [ ] 1. A\n\n### Task 1 Completion\n- all good\n- [ ] Signed\n';
  expect(parseTasks(text).tasks).toMatchObject([{ number: '1', title: 'A', details: [] }]);
  expect(messages(text)[0]).toBe('3: task 1 is there already in line 1, so this heading is read as notes');
});

test('[TSK-12] a task without a number among numbered ones gets one, and one alone below a numbered heading has that', () => {
  expect(numbers('- [ ] 1. A\n- [ ] Do it\n- [ ] Do more\n- [ ] 2. B\n')).toEqual(['1', '1-2', '1-3', '2']);
  const text =
    '## 1. Build\n- [ ] 1.1 A\n## 2. Checkpoint\n- [ ] Ensure all tests pass\n## 3. Release\n- [ ] a\n- [ ] b\n';
  expect(numbers(text)).toEqual(['1.1', '2', '3.1', '3.2']);
  expect(messages(text)[0]).toBe('4: the task “Ensure all tests pass” has no number and is called 2');
  expect(numbers('- [ ] Before\n- [ ] 1. A\n')).toEqual(['0-2', '1']);
});

test('[TSK-12] a plan without numbers is numbered as it stands; lists of criteria in it stay criteria', () => {
  const plan = parseTasks('# Core\n- [x] Parse\n- [ ] Write\n  - [ ] a\n  - [ ] b\n## Success Criteria\n- [ ] fast\n');
  expect(plan.given).toBe(false);
  expect(plan.tasks.map(({ number, leaf, state }) => [number, leaf, state])).toEqual([
    ['1', true, 'done'],
    ['2', false, 'open'],
    ['2.1', true, 'open'],
    ['2.2', true, 'open'],
  ]);
  expect(numbers('## Success Criteria\n- [ ] fast\n')).toEqual(['1']);
});

test('[TSK-12] a numbered parent without a box is a group, and a numbered line without parts is said', () => {
  const text =
    '1. Parser\n   - notes of it\n   - [ ] 1.1 Lexer\n     1. a step\n2. Tests\n   - [ ] 2.1 Units\n3. Nothing here\n';
  const plan = parseTasks(text);
  expect(plan.tasks.map(({ number, title, leaf, details }) => [number, title, leaf, details])).toEqual([
    ['1', 'Parser', false, ['notes of it']],
    ['1.1', 'Lexer', true, ['a step']],
    ['2', 'Tests', false, []],
    ['2.1', 'Units', true, []],
  ]);
  expect(plan.groups.map(({ title }) => title)).toEqual(['Parser', 'Tests']);
  expect(messages(text)).toEqual([
    '7: “3. Nothing here” has neither a box nor tasks below it, so it is not read as a task',
  ]);
});

test('a box without a number around numbered ones is no task', () => {
  expect(numbers('- [ ] Phase one\n  - [ ] 1.1 A\n  - [ ] 1.2 B\n')).toEqual(['1.1', '1.2']);
});
