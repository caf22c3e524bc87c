import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTasks } from '../../../src/tasks/spec/spec-tasks.ts';
import { tick, tickDone, untickAmong } from '../../../src/tasks/spec/tick.ts';
import { tasksText } from '../source.ts';

const leaves = parseTasks(tasksText).tasks.filter((task) => task.leaf);
const differing = (a: string, b: string): number[] => [...a].flatMap((character, i) => (character === b[i] ? [] : [i]));

test('[TSK-4] ticking changes one line of the plan and leaves it without a last line end', () => {
  const ticked = tick(tasksText, '3.1', 'Implement WorkspaceManager using git worktree for efficient isolation');
  if ('problem' in ticked) throw new Error(ticked.problem);
  expect(ticked.line).toBe(27);
  const before = tasksText.split('\n');
  const changed = ticked.text.split('\n').flatMap((line, i) => (line === before[i] ? [] : [line]));
  expect(changed).toEqual(['  - [x] 3.1 Implement WorkspaceManager using git worktree for efficient isolation']);
  expect(ticked.text.endsWith('_')).toBe(true);
});

test('[TSK-4] a group is ticked with the last of its tasks, not before', () => {
  const done = (...numbers: string[]) => leaves.filter((task) => numbers.includes(task.number));
  expect(tickDone(tasksText, done('4.1')).lines).toEqual([57]);
  expect(tickDone(tasksText, done('4.1', '4.2')).lines).toEqual([56, 57, 64]);
  expect(tickDone(tickDone(tasksText, done('4.1')).text, done('4.1', '4.2')).lines).toEqual([56, 64]);
  expect(tickDone(tasksText, done('2.2')).lines).toEqual([11, 19]);
  expect(tickDone(tasksText, leaves).lines).toHaveLength(31 + 15);
  expect(tickDone(tasksText, leaves).text).not.toContain('[ ]');
});

test('groups of groups are ticked when everything below is', () => {
  const text = '- [ ] 1. A\n- [ ] 1.1 B\n- [-] 1.1.1 C\n- [~] 1.1.2 D\n- [x] 1.2 E';
  const two = [
    { number: '1.1.1', title: 'C' },
    { number: '1.1.2', title: 'D' },
  ];
  expect(tickDone(text, two.slice(0, 1)).lines).toEqual([3]);
  expect(tickDone(text, two).lines).toEqual([1, 2, 3, 4]);
});

test.each([
  ['- [ ] 1. B', 'task 1 is called “B” now'],
  ['- [ ] 2. A', 'task 1 is not there any more'],
  ['## Task 1: A', 'task 1 has no box to tick'],
  ['- [ ] 1. A\n- [ ] 1. A', 'task 1 “A” is there 2 times'],
  ['```\n- [ ] 1. A\n```', 'task 1 is not there any more'],
])('%j is not ticked: %s', (text, problem) => {
  expect(tick(text, '1', 'A')).toEqual({ problem });
  expect(tickDone(text, [{ number: '1', title: 'A' }])).toEqual({ text, lines: [], problems: [problem] });
});

test.each([
  ['- [] 1. A', '- [x] 1. A'],
  ['- [  ] 1. A', '- [x ] 1. A'],
  ['- ⬜ 1. A', '- ✅ 1. A'],
  ['- ⬜\uFE0F 1. A\r\n- 🔄 2. B\r\n', '- ✅ 1. A\r\n- 🔄 2. B\r\n'],
])('[TSK-4] %j is ticked as %j, and is done when it is read again', (text, ticked) => {
  expect(tickDone(text, [{ number: '1', title: 'A' }])).toMatchObject({ text: ticked, problems: [] });
  expect(parseTasks(ticked).tasks[0]).toMatchObject({ number: '1', title: 'A', state: 'done' });
});

test('a tick of what is ticked changes nothing', () => {
  expect(tick('- [X] 1. A', '1', 'A')).toEqual({ text: '- [X] 1. A', line: 1 });
  expect(tick('- ✅ 1.', '1', 'Task 1')).toEqual({ text: '- ✅ 1.', line: 1 });
});

// Lines that matter to the format, in any mixture and with any line end.
const line = fc.constantFrom(
  '- [ ] #. Title',
  '  - [-] #.1 Sub **bold**',
  '\t* [~]* #.2 (P) Other',
  '- [ ] #. Title ',
  '    - _Requirements: 1.1_',
  '```',
  '<!-- c',
  '-->',
  '',
  'text [ ] text',
  '- [x](link)',
);
const document = fc
  .tuple(fc.boolean(), fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 12 }), fc.boolean())
  .map(([bom, lines, final]) => {
    const text = lines.map(([content, end], i) => content.replace('#', `${i + 1}`) + end).join('');
    return (bom ? '\uFEFF' : '') + (final ? text : text.replace(/[\r\n]+$/u, ''));
  });

test('[TSK-4] whatever the file looks like, a tick changes exactly the one character in its box', () => {
  fc.assert(
    fc.property(document, (text) => {
      for (const task of parseTasks(text).tasks) {
        const ticked = tick(text, task.number, task.title);
        if ('problem' in ticked) throw new Error(ticked.problem);
        expect(differing(text, ticked.text)).toEqual([task.boxes[0]!.at]);
        expect(ticked.text.length).toBe(text.length);
        expect(ticked.text[task.boxes[0]!.at]).toBe('x');
        expect(ticked.line).toBe(task.line);
        expect(tick(ticked.text, task.number, task.title)).toEqual(ticked);
      }
    }),
    { numRuns: 500 },
  );
});

test('ticking everything at once is ticking one after the other', () => {
  fc.assert(
    fc.property(document, (text) => {
      const tasks = parseTasks(text).tasks.filter((task) => task.leaf);
      const together = tickDone(text, tasks);
      const oneByOne = tasks.reduce((current, task) => tickDone(current, [task]).text, text);
      expect(together.text).toBe(oneByOne);
      expect(differing(text, together.text)).toHaveLength(together.lines.length);
    }),
    { numRuns: 300 },
  );
});

test('[TSK-12] a task that is a heading is ticked by the boxes of its steps, one with a box by both', () => {
  const heading = '## Task 1: A\n- [x] a\n- [ ] b\n1. [ ] c\n## Task 2: B\n- [ ] d\n';
  expect(tickDone(heading, [{ number: '1', title: 'A' }])).toEqual({
    text: '## Task 1: A\n- [x] a\n- [x] b\n1. [x] c\n## Task 2: B\n- [ ] d\n',
    lines: [3, 4],
    problems: [],
  });
  const box = '- [ ] 1. A\n  - [ ] a\n  - [x] b\n- [ ] 2. B\n';
  expect(tick(box, '1', 'A')).toEqual({ text: '- [x] 1. A\n  - [x] a\n  - [x] b\n- [ ] 2. B\n', line: 1 });
});

test('[TSK-12] numbers that a plan did not give are ticked as they were given, and what is no text is told', () => {
  expect(tick('- [ ] A\n- [ ] B\n', '2', 'B')).toEqual({ text: '- [ ] A\n- [x] B\n', line: 2 });
  expect(tick('- [ ] 1. A\n- [ ] 1. B\n', '1-2', 'B')).toEqual({ text: '- [ ] 1. A\n- [x] 1. B\n', line: 2 });
  expect(tick('- [ ] 1. A\n\0', '1', 'A')).toEqual({ problem: 'task 1 is not there any more' });
});

test('[GIT-9] a tick that is taken back leaves the text as it was, whatever the file looks like', () => {
  fc.assert(
    fc.property(document, (text) => {
      const before = { text, tasks: parseTasks(text).tasks };
      const open = before.tasks.filter((task) => task.leaf && task.state !== 'done');
      const ticked = tickDone(text, open).text;
      expect(untickAmong({ text: ticked, tasks: parseTasks(ticked).tasks }, before, open)).toBe(text);
    }),
    { numRuns: 300 },
  );
});

test('a task whose steps were edited since gets the mark of its first open box', () => {
  const [before, now] = ['- [~] 1. A\n', '- [x] 1. A\n  - [x] a\n'].map((text) => ({
    text,
    tasks: parseTasks(text).tasks,
  }));
  expect(untickAmong(now!, before!, [{ number: '1', title: 'A' }])).toBe('- [~] 1. A\n  - [~] a\n');
});
