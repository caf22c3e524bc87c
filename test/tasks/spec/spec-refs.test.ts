import { expect, test } from 'vitest';
import { parseTasks } from '../../../src/tasks/spec/spec-tasks.ts';

const before = '- [ ] 1. Base\n- [ ] 2. Data\n  - [ ] 2.1 Domain data\n- [ ] 3. Net\n';
const last = (line: string, plan = before) => {
  const { tasks, mistakes } = parseTasks(`${plan}- [ ] 9. Last${line.startsWith(' (') ? line : `\n  - ${line}`}\n`);
  return { ...tasks.find(({ number }) => number === '9')!, mistakes: mistakes.map(({ message }) => message) };
};

test.each([
  ['_Depends: 2.1_', ['2.1']],
  ['Depends on: 3', ['3']],
  ['Depends on task 3', ['3']],
  [' (depends on 3)', ['3']],
  [' (needs 2.1; re-runs task 1)', ['2.1']],
  [' (needs 2.x, 3)', ['2', '3']],
  [' (blocked by tasks 1-3)', ['1', '2', '3']],
  ['Dependencies: Task 2.1 (for domain data)', ['2.1']],
  ['**Dependencies:** Tasks 2.1, 3 (Phase 2 complete)', ['2.1', '3']],
  ['_Prerequisites: 1 and 3_', ['1', '3']],
  ['Dependencies: None - can begin at once', []],
  ['Dependencies: Domain data', ['2.1']],
])('[TSK-10] %j is honoured', (line, depends) => {
  expect(last(line)).toMatchObject({ depends, mistakes: [] });
});

test('[TSK-10] a heading is named by its beginning, and stands for the tasks below it', () => {
  const plan = '## Phase 1: Storage\n- [ ] 1. A\n- [ ] 2. B\n## Phase 2: Net\n';
  expect(last('Dependencies: Phase 1 complete', plan).depends).toEqual(['1', '2']);
  expect(last('Dependencies: All components from Phase 1', plan).depends).toEqual(['1', '2']);
});

test('[TSK-10] a prerequisite that cannot be read is a mistake that names it', () => {
  expect(last('Dependencies: other-spec/11.2, 3')).toMatchObject({
    depends: ['3'],
    mistakes: ['task 9 depends on “other-spec/11.2”, which is no task of this plan'],
  });
  expect(last(' (depends on phase 7)').mistakes).toEqual([
    'task 9 depends on “phase 7”, which is no task of this plan',
  ]);
});

test.each([' (requires pages:write)', ' (requires 18)', ' (blocked by Node.js version)', ' (after 5 minutes)'])(
  '%j is no prerequisite',
  (line) => {
    expect(last(line)).toMatchObject({ depends: [], mistakes: [] });
  },
);

test.each([
  ['_Requirements: 1.1 (speed), 2.3_', ['1.1', '2.3']],
  ['_Requirements: US-011.6 - upload of reports_', ['US-011.6']],
  ['_Requirements: Core validation (1.2, 2.1-2.2)_', ['1.2', '2.1', '2.2']],
  ['_Requirements: DR1.1, REQ-4, REQ-2.3_', ['DR1.1', '4', '2.3']],
  ['_需求: 1.1, 2.1_', ['1.1', '2.1']],
  ['_要件：1.1、2.1_', ['1.1', '2.1']],
])('[TSK-12] %j names its requirements', (line, requirements) => {
  expect(last(line)).toMatchObject({ requirements, details: [] });
});

test('prose behind a list of ids is a detail, and a list goes on after its comma', () => {
  expect(last('_Requirements: 1.1_\n    which matters')).toMatchObject({ details: ['which matters'] });
  expect(last('_Depends: 1,\n    3_').depends).toEqual(['1', '3']);
});
