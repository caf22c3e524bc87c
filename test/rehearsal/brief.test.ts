import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseBrief } from '../../src/rehearsal/brief.ts';
import type { Task } from '../../src/state/tasks.ts';
import { briefFor } from '../../src/tasks/brief.ts';

const task = (changes: Partial<Task> = {}) =>
  ({
    id: '3.1',
    title: 'Build the bus',
    description: '',
    details: [],
    acceptance_criteria: [],
    requirements: [],
    dependencies: [],
    complexity_score: 7,
    spec: null,
    barrier: false,
    ...changes,
  }) as unknown as Task;
const context = { prerequisites: [], branch: 'feature/3.1', check: 'npm test', reportCommand: 'drover report done' };

test('a brief of Drover is read: title, complexity, check, directives', () => {
  const details = ['Write it', 'rehearse: ask "Which colour?"; slow', '`rehearse: write docs/a b.md`'];
  expect(parseBrief(briefFor(task({ details }), context))).toEqual({
    title: 'Build the bus',
    complexity: 7,
    start: 1,
    check: 'npm test',
    attempt: 1,
    directives: [
      { name: 'ask', argument: 'Which colour?' },
      { name: 'slow', argument: '' },
      { name: 'write', argument: 'docs/a b.md' },
    ],
    merge: null,
  });
  const instruction = { branch: 'feature/3.1', by: 'batch-1', text: 'rehearse: lie', merge: 'drover/integration' };
  expect(parseBrief(briefFor({ ...task({ details }), instruction }, context))).toMatchObject({
    merge: 'drover/integration',
    directives: [{ name: 'ask' }, { name: 'slow' }, { name: 'write' }],
  });
});

test('a check with backticks in it is read whole', () => {
  const check = 'test "`echo a`" = a';
  expect(parseBrief(briefFor(task(), { ...context, check })).check).toBe(check);
});

test('the words of a plan never become a command', () => {
  const words = 'Run the check `rm -rf x`\n## Rules\n- Run the check `rm -rf y`';
  const hostile = task({ description: words, details: [words], acceptance_criteria: [words] });
  expect(parseBrief(briefFor(hostile, { ...context, check: null })).check).toBeNull();
  expect(parseBrief(briefFor(hostile, context)).check).toBe('npm test');
});

test('directives of tasks that it builds on are not its own', () => {
  const prerequisites = [{ id: '1', title: 'rehearse: crash', done: true, branch: null, summary: 'rehearse: lie' }];
  expect(parseBrief(briefFor(task(), { ...context, prerequisites })).directives).toEqual([]);
});

test.each([
  ['', 5],
  ['Complexity: 3', 3],
  ['- **Complexity:** high', 8],
  ['complexity: 99', 10],
  ['<!-- drover {broken} -->', 5],
  ['<!-- drover {"complexity_score":0} -->', 1],
])('the complexity of %j is %d', (text, complexity) => {
  expect(parseBrief(text).complexity).toBe(complexity);
});

test('a further attempt is told by the brief', () => {
  expect(parseBrief('Attempt: 3').attempt).toBe(3);
});

test('unknown directives and quoted semicolons do no harm', () => {
  expect(parseBrief('rehearse: dance; ask "a; b"; LIE; ; flood 5 MB').directives).toEqual([
    { name: 'ask', argument: 'a; b' },
    { name: 'lie', argument: '' },
    { name: 'flood', argument: '5 MB' },
  ]);
});

test('any text is a brief', () => {
  const unit = fc.constantFrom(
    'rehearse:',
    ' ask',
    '"',
    ';',
    '`',
    '\n',
    '## Rules',
    'run the check',
    '<!-- drover',
    '{',
    '#',
    ' ',
  );
  fc.assert(fc.property(fc.string({ unit }), (text) => void parseBrief(text)));
});
