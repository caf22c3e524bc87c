import { expect, test } from 'vitest';
import { parseTasks } from '../../../src/tasks/spec/spec-tasks.ts';

const before = '- [ ] 1. Base\n- [ ] 2. Data\n- [ ] 3. Net\n';
const last = (text: string) => {
  const { tasks, mistakes, warnings } = parseTasks(`${before}- [ ] 9. ${text}\n`);
  return { ...tasks.find(({ number }) => number === '9')!, mistakes, warnings: warnings.map(({ message }) => message) };
};

test.each([
  ['Last _Depends: 3_', ['3']],
  ['Last *Depends on: 2, 3*', ['2', '3']],
  ['Last __Depends: 2-3__.', ['2', '3']],
  ['Last **Depends:** 3', ['3']],
  ['Last (_Depends: 3_)', ['3']],
  ['Last (Depends: 3)', ['3']],
  ['Last _Requirements: 1.1_ _Depends: 3_', ['3']],
  ['Last _Depends: none_', []],
  ['Last\n  - a point of it _Depends: 3_', ['3']],
  ['Last\n  - a point of it\n    that goes on _Depends: 3_', ['3']],
  ['Last\n  - [ ] a step of it _Depends: 3_', ['3']],
])('[TSK-10] what a task waits for is read in its own line as below it: %j', (text, depends) => {
  const { title } = last(text);
  expect(last(text)).toMatchObject({ depends, saysOrder: true, mistakes: [], warnings: [] });
  // Who imported the plan before knows the task by this title.
  expect(title).toBe(text.split('\n')[0]);
});

test('[TSK-12] requirements and claims of files are read in the line of their task as well', () => {
  expect(last('Last _Requirements: 1.1, 2.3_ _Files: src/a_b/**, docs/*.md_ _Depends: 1_')).toMatchObject({
    requirements: ['1.1', '2.3'],
    files: ['src/a_b/**', 'docs/*.md'],
    depends: ['1'],
    warnings: [],
  });
  expect(last('Check it all (requirements: all)')).toMatchObject({ allRequirements: true, requirements: [] });
});

test.each([
  ['Last, depends on 3', 'depends on 3'],
  ['Last - depends on: 2, 3', 'depends on: 2, 3'],
  ['Last Dependencies: 3', 'Dependencies: 3'],
  ['Last, blocked by tasks 1-2', 'blocked by tasks 1-2'],
  ['Last _Depends: the new parser_', 'the new parser'],
])('[TSK-10] what may be an order and is not read as one is told with its line: %j', (text, said) => {
  const { tasks, warnings, mistakes } = parseTasks(`${before}- [ ] 9. ${text}\n`);
  expect(tasks.find(({ number }) => number === '9')).toMatchObject({ depends: [] });
  expect(mistakes).toEqual([]);
  expect(warnings).toEqual([
    { line: 4, message: `“${said}” is not read as what task 9 waits for`, rule: 'unread-order' },
  ]);
});

test.each([
  'Say what depends on the order of 3 tasks',
  '**Dependencies: update the lock file**',
  'Dependencies: lodash 4',
  'Rename snake_case: old_name to new_name',
  'Show the ratio 3:2 (note: rounded)',
  'Write `a_b: 3`',
])('[TSK-10] a title that only talks of such things says nothing of the order: %j', (text) => {
  expect(last(text)).toMatchObject({ depends: [], requirements: [], saysOrder: false, mistakes: [], warnings: [] });
});
