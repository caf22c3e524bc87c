import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../src/lib/errors.ts';
import { parseTasks } from '../../../src/tasks/spec/spec-tasks.ts';
import { designText, tasksText } from '../source.ts';

const only = (text: string) => parseTasks(text).tasks[0]!;
const failure = (text: string, file?: string): AppError => {
  try {
    parseTasks(text, file);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('nothing was refused');
};

describe('the real plan', () => {
  const plan = parseTasks(tasksText);
  const leaves = plan.tasks.filter((task) => task.leaf);

  test('[TSK-3] has 16 groups, 33 tasks, of which 2 are done and 31 open, with 121 links to 90 criteria', () => {
    expect(plan.title).toBe('Multi-Instance Kiro Orchestration System Implementation Plan');
    expect(plan.groups).toHaveLength(16);
    expect(plan.tasks).toHaveLength(48);
    expect(leaves).toHaveLength(33);
    expect(leaves.filter((task) => task.state === 'done').map((task) => task.number)).toEqual(['1', '2.1']);
    expect(leaves.filter((task) => task.state === 'open')).toHaveLength(31);
    const links = leaves.flatMap((task) => task.requirements);
    expect([links.length, new Set(links).size]).toEqual([121, 90]);
    expect(plan.warnings).toEqual([]);
  });

  test('keeps its bullets whole and its lines countable', () => {
    expect(leaves.flatMap((task) => task.details)).toHaveLength(139);
    expect(leaves.filter((task) => task.details.length === 5).map((task) => task.number)).toEqual([
      '1',
      '3.4',
      '14.1',
      '15.1',
      '15.2',
      '16.1',
      '16.2',
    ]);
    const first = plan.tasks[0]!;
    expect(first).toMatchObject({ number: '1', line: 3, leaf: true, parent: null, group: '1', state: 'done' });
    expect(first.details[4]).toContain('>90% coverage');
    for (const task of plan.tasks) expect(tasksText[task.boxes[0]!.at]).toBe(task.state === 'done' ? 'x' : ' ');
  });

  test('names four tasks for all requirements, one of them with ids beside', () => {
    const all = leaves.filter((task) => task.allRequirements);
    expect(all.map((task) => [task.number, task.requirements])).toEqual([
      ['13.1', []],
      ['13.2', ['21.2', '21.3', '21.4', '21.5']],
      ['16.1', []],
      ['16.2', []],
    ]);
  });

  test('groups carry the title of their parent; a top-level task is a group of its own', () => {
    expect(plan.groups[0]).toMatchObject({ number: '1', tasks: ['1'], line: 3 });
    expect(plan.groups[2]).toMatchObject({
      title: 'Instance Management and Isolation System',
      tasks: ['3.1', '3.2', '3.3', '3.4'],
    });
  });
});

test.each([
  ['- [x] 1. Title', { state: 'done', number: '1', title: 'Title' }],
  ['- [X] 1) Title', { state: 'done' }],
  ['* [-] 1 Title', { state: 'in-progress' }],
  ['+ [~] 1: Title', { state: 'queued', title: 'Title' }],
  ['-   [ ]   2.1   Title  ', { number: '2.1', title: 'Title', state: 'open' }],
  ['- [ ]* 2.1 Title', { optional: true, number: '2.1' }],
  ['- [ ]\\* 2.1 Title', { optional: true, number: '2.1' }],
  ['- [ ] 2.1* Title', { optional: true, number: '2.1', title: 'Title' }],
  ['- [ ] 2.1 (P) Title', { parallel: true, title: 'Title' }],
  ['- [ ] 2.1 Title (P)', { parallel: true, title: 'Title' }],
  ['- [ ] **2.1 Title**', { number: '2.1', title: 'Title' }],
  ['- [ ] **2.1** Title', { number: '2.1', title: 'Title' }],
  ['- [ ] Task 4: Title', { number: '4', title: 'Title' }],
  ['1. [x] Title', { number: '1', title: 'Title', state: 'done' }],
  ['\t- [ ] 2.1.1 Title', { number: '2.1.1', group: '2' }],
  ['- [] 3 Title', { number: '3', boxes: [{ at: 3 }], state: 'open' }],
  ['- ✅ 3. Title', { number: '3', boxes: [{ at: 2 }], state: 'done' }],
  ['- [✅] 3. Title', { number: '3', boxes: [{ at: 3 }], state: 'done' }],
  ['- ⏳ 3. Title', { state: 'queued' }],
  ['## Task 7: Title', { number: '7', title: 'Title', boxes: [] }],
  ['### Task 7.2 - Title ✅', { number: '7.2', title: 'Title', state: 'done' }],
  ['## [x] Task 7. Title ##', { number: '7', title: 'Title', state: 'done', boxes: [{ at: 4 }] }],
  ['## 🚀 Task 7: Title', { number: '7' }],
  ['\uFEFF- [ ] 1. Title', { number: '1', boxes: [{ at: 4 }], line: 1 }],
])('%j is a task', (text, expected) => {
  expect(only(text)).toMatchObject(expected);
});

test.each(['- [x](https://example.org)', '- [x]: note', 'plain text', '- 2.1 no box', '1. ordered', '## 2. Heading'])(
  '%j is not a task',
  (text) => {
    expect(parseTasks(text).tasks).toEqual([]);
  },
);

test.each([
  ['_Requirements: 1.1-1.3, 2.4_', ['1.1', '1.2', '1.3', '2.4']],
  ['_Requirements: 1.1 – 1.2_', ['1.1', '1.2']],
  ['_Requirements: 1.1-2_', ['1.1', '1.2']],
  ['_Requirements: 1-3_', ['1', '2', '3']],
  ['**Validates: Requirements 1.2**', ['1.2']],
  ['**Validates: Requirements 1.2, 3.4**', ['1.2', '3.4']],
  ['**Requirements:** 1.1, 1.1', ['1.1']],
  ['Requirements: R1.1; Requirement 2.2 and 2.3', ['1.1', '2.2', '2.3']],
  ['_Requirements: FR-1, NFR-2.3_', ['FR-1', 'NFR-2.3']],
  ['_Requirements: 1.5-1.2_', ['1.5', '1.2']],
  ['_Requirements: 1.1-2.4_', ['1.1', '2.4']],
  ['_Requirements: 1.1-1.9999_', ['1.1', '1.9999']],
])('%s names %j', (text, ids) => {
  const task = only(`- [ ] 1. Title\n  - ${text}`);
  expect(task.requirements).toEqual(ids);
  expect(task.details).toEqual([]);
});

test('what cannot be read as a requirement stays a detail, with a warning, and as a prerequisite it is a mistake', () => {
  const plan = parseTasks(
    '- [ ] 1. A\n  - Requirements: talk to users\n  - Dependencies: zod 4.1\n  - _Depends: none_\n',
  );
  expect(plan.tasks[0]).toMatchObject({ details: ['talk to users'], requirements: [], depends: [] });
  expect(plan.warnings).toMatchObject([{ line: 2, message: '“talk to users” is not read as a requirement' }]);
  expect(plan.mistakes).toMatchObject([
    { line: 3, message: 'task 1 depends on “zod 4.1”, which is no task of this plan' },
  ]);
  expect(parseTasks('- [ ] 1. A\n  - _Requirements: 1.9-1.2_').warnings).toHaveLength(1);
});

test('prerequisites are read, ranges and groups included, also when the list goes on in the next line', () => {
  const task = only('- [ ] 4. A\n  - _Depends: 2.1, 3_\n  - _Requirements: 1.1,\n    1.2_\n');
  expect(task).toMatchObject({ depends: ['2.1', '3'], requirements: ['1.1', '1.2'] });
  expect(only('- [ ] 4. A\n  _Depends on: tasks 1.1-1.3_').depends).toEqual(['1.1', '1.2', '1.3']);
});

test('three levels, flat numbering and any indent give the same tree', () => {
  const nested = '- [ ] 1. A\n    - [ ] 1.1 B\n\t\t- [ ] 1.1.1 C\n          - note\n    - [ ] 1.2 D';
  const flat = '- [ ] 1. A\n- [ ] 1.1 B\n- [ ] 1.1.1 C\n  - note\n- [ ] 1.2 D';
  const tree = (text: string) => parseTasks(text).tasks.map((t) => [t.number, t.parent, t.group, t.leaf, t.details]);
  expect(tree(nested)).toEqual([
    ['1', null, '1', false, []],
    ['1.1', '1', '1', false, []],
    ['1.1.1', '1.1', '1', true, ['note']],
    ['1.2', '1', '1', true, []],
  ]);
  expect(tree(flat)).toEqual(tree(nested));
});

test('a note that stands further out belongs to the group', () => {
  const plan = parseTasks('- [ ] 1. A\n  - [ ] 1.1 B\n    - of B\n      goes on\n  - of A\n- of the last one\n');
  expect(plan.tasks.map((task) => task.details)).toEqual([['of A'], ['of B goes on', 'of the last one']]);
  expect(plan.warnings).toEqual([{ line: 6, message: 'a bullet that is not indented is taken as part of task 1.1' }]);
});

test('line ends, byte order mark and a missing last line end change nothing', () => {
  const plain = tasksText.split('\n');
  const strip = (text: string) => parseTasks(text).tasks.map(({ boxes: _boxes, ...task }) => task);
  expect(strip(`\uFEFF${plain.join('\r\n')}\r\n`)).toEqual(strip(tasksText));
  expect(strip(plain.join('\r'))).toEqual(strip(tasksText));
});

test('lines that mean nothing are warnings with their number and nothing is lost silently', () => {
  const plan = parseTasks(
    '# T\n\nIntro.\n\n- [?] 1. A\n  -\n\n---\n\nLost words.\n- [ ] 2.\n\n\n\n## Notes\n\nJust prose.\n',
  );
  expect(plan.warnings).toEqual([
    { line: 5, message: 'the mark [?] of task 1 is read as open' },
    { line: 6, message: 'an empty bullet' },
    { line: 10, message: 'text that belongs to no task: “Lost words.”' },
    { line: 11, message: 'task 2 has no title' },
  ]);
  expect(plan.tasks[1]!.title).toBe('Task 2');
});

test('code blocks and comments hold no tasks', () => {
  const text = [
    '- [ ] 1. A',
    '  - run',
    '    ```sh',
    '    - [ ] 9.9 not a task',
    '      indented',
    '    ```',
    '<!--',
    '- [ ] 8. hidden',
    '-->',
    '- [ ] 2. B',
    '~~~',
    'x',
    '~~~~',
    '```never closed',
    '- [ ] 3. C',
    '```` too',
    '```js `inline` ```',
  ].join('\n');
  const plan = parseTasks(text);
  expect(plan.tasks.map((task) => task.number)).toEqual(['1', '2', '3']);
  expect(plan.tasks[0]!.details).toEqual(['run\n  ```sh\n  - [ ] 9.9 not a task\n    indented\n  ```']);
  expect(plan.tasks[1]!.details).toEqual(['~~~\nx\n~~~~']);
  expect(plan.warnings[0]).toEqual({ line: 4, message: 'a code block is not read as a task' });
});

test('a block of code without any task around is let be', () => {
  expect(parseTasks('```\nx\n```\n<!-- open').tasks).toEqual([]);
});

test('headings `Task 1: …` hold their prose, their steps and what those say of the state', () => {
  const plan = parseTasks(
    '# Plan\n## Task 1: One\nDo it.\n\n- [x] first\n1. [x] second\n### Notes\n- more\n_Requirements: 1.1_\n## Task 2: Two\n- [x] a\n- [ ] b\n## Task 3: Three\n- [ ] c\n',
  );
  expect(plan.tasks.map((task) => [task.number, task.state])).toEqual([
    ['1', 'done'],
    ['2', 'in-progress'],
    ['3', 'open'],
  ]);
  expect(plan.tasks[0]).toMatchObject({
    details: ['Do it.', 'first', 'second', 'Notes', 'more'],
    requirements: ['1.1'],
  });
});

test('numbered headings name groups, other headings too, else the number does', () => {
  const titles = (text: string) => parseTasks(text).groups.map((group) => group.title);
  expect(titles('# P\n## 2. Storage\n- [ ] 2.1 A\n- [ ] 2.2 B')).toEqual(['Storage']);
  expect(titles('# P\n## Phase two\n- [ ] 2.1 A')).toEqual(['Phase two']);
  expect(titles('- [ ] 2.1 A')).toEqual(['Task 2']);
});

test('what is not text is refused', () => {
  expect(failure('- [ ] 1. A\n\0\u0001')).toMatchObject({ code: 'spec/not-text', exit: 2 });
  expect(failure('- [ ] 1. A\n\0\u0001').message).toContain('tasks.md:2');
});

test('other documents of a spec have no tasks', () => {
  expect(parseTasks(designText).tasks).toEqual([]);
});

test('ten thousand tasks are read', () => {
  const text = Array.from(
    { length: 10_000 },
    (_, i) => `- [ ] ${i + 1}. Task\n  - detail\n  - _Requirements: 1.1_\n`,
  ).join('');
  expect(parseTasks(text).tasks).toHaveLength(10_000);
});

test('a file of broken fences and comments has no tasks', () => {
  const text = Array.from({ length: 20_000 }, (_, i) => (i % 2 ? '```` x' : '<!-- y')).join('\n');
  expect(parseTasks(text).tasks).toEqual([]);
});

test('lines that no person wrote are left alone', () => {
  const plan = parseTasks(`- [ ] 1. A\n# ${'a '.repeat(50_000)}\n- [ ] ${'1.'.repeat(50_000)}\n`);
  expect(plan.tasks.map((task) => task.number)).toEqual(['1']);
  expect(plan.warnings[0]).toEqual({ line: 2, message: 'a line of 100002 characters is not read' });
  expect(parseTasks(`- [ ] ${'1.'.repeat(30)} A`)).toMatchObject({ given: false, tasks: [{ number: '1' }] });
});

test('whatever a file holds, it is read or refused with a reason', () => {
  const piece = fc.constantFrom(
    '- ',
    '[ ] ',
    '[x] ',
    '1',
    '2',
    '.',
    '*',
    '_',
    '```',
    '\n',
    '\r\n',
    '\t',
    '  ',
    '#',
    'Task ',
    ': ',
    'Requirements',
    'Depends',
    '-',
    ',',
    '(P) ',
    '<!--',
    '-->',
    '✅',
    '\0',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      try {
        for (const task of parseTasks(pieces.join('')).tasks)
          expect(task.number).toMatch(/^\d+(\.\d+)*(\.?[a-z])?(-\d+)*(\.\d+)*$/);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
      }
    }),
    { numRuns: 3000 },
  );
});

test('[WTR-7] a line of files claims them for its task and stays in its text; what is no pattern is told', () => {
  const text = [
    '- [ ] 1. One',
    '  - Write it',
    '  - _Files: `src/login/**`, docs/*.md_',
    '  - **Files**: src/other.ts',
    '- [ ] 2. Two',
    '  - _Files: none_',
    '- [ ] 3. Three',
    '  _Files: /etc/passwd, src/../x, lib/_',
    '- [ ] 4. Four',
  ].join('\n');
  const { tasks, warnings } = parseTasks(text);
  expect(tasks.map(({ files }) => files)).toEqual([['src/login/**', 'docs/*.md'], [], ['lib/'], undefined]);
  expect(tasks[0]!.details).toEqual(['Write it', '_Files: `src/login/**`, docs/*.md_', '**Files**: src/other.ts']);
  expect(warnings.map(({ line, message }) => `${line}: ${message}`)).toEqual([
    '8: “/etc/passwd” is not claimed: a pattern begins at the top of the repository',
    '8: “src/../x” is not claimed: a pattern begins at the top of the repository',
  ]);
});
