import { expect, test } from 'vitest';
import { claude } from '../../src/agents/claude.ts';
import { opencode } from '../../src/agents/opencode.ts';
import { answersTo, questionsIn, questionsPut } from '../../src/agents/questions.ts';
import type { Request } from '../../src/state/instances.ts';

const colour = { question: 'Which colour?', options: [{ label: 'Red' }, { label: 'Blue' }, { label: 'Bluish' }] };
const many = { question: 'Which sizes?', options: [{ label: 'Big' }, { label: 'Small' }], multiSelect: true };
const offer = (...labels: string[]) => ({ question: 'Which?', options: labels.map((label) => ({ label })) });
const ports = offer('8080', '3000');
const versions = offer('2', '1');
const months = offer('01', '12', '02');
const cases = offer('red', 'Red');
const open = { question: 'Why?', options: [] };

test.each([
  [[colour], 'red', [['Red']]],
  [[colour], '2', [['Blue']]],
  [[colour], 'blue', [['Blue']]],
  [[colour], 'blu', [['blu']]],
  [[colour], 'something darker', [['something darker']]],
  [[many], 'big, 2', [['Big', 'Small']]],
  [[many], 'big, or so', [['big, or so']]],
  [[{ ...many, multiSelect: undefined, multiple: true }], '1,2', [['Big', 'Small']]],
  [[ports], '8080', [['8080']]],
  [[ports], '2', [['3000']]],
  // What is the number of one and the label of another one is the number: the question is shown with them.
  [[versions], '2', [['1']]],
  [[months], '02', [['02']]],
  [[months], '2', [['12']]],
  [[months], '003', [['02']]],
  [[{ ...ports, multiSelect: true }], '3000, 1', [['3000', '8080']]],
  [[cases], 'Red', [['Red']]],
  [[open], 'yes', [['yes']]],
  [[colour, open], '1; because of it', [['Red'], ['because of it']]],
])('the questions %j are answered by %j with %j', (questions, answer, expected) => {
  expect(answersTo(questions, answer)).toEqual(expected);
});

test('a choice that is none and a missing answer are refused', () => {
  for (const answer of ['yes', 'no', '0', '4'])
    expect(() => answersTo([colour], answer)).toThrow(`"${answer}" is none of the choices: Red / Blue / Bluish`);
  // The beginning of a number is another number.
  expect(() => answersTo([ports], '80')).toThrow('"80" is none of the choices: 1. 8080 / 2. 3000');
  expect(() => answersTo([colour, open], 'red')).toThrow('2 questions are asked and 1 answered');
  expect(() => answersTo([colour, open], 'red;')).toThrow('2 questions are asked and 1 answered');
});

test('questions are put with their choices; what asks none is none', () => {
  expect(questionsPut({ questions: [colour, open] })).toBe('Which colour? (Red / Blue / Bluish); Why?');
  expect(questionsPut({ questions: [versions, offer('a day', '1 hour')] })).toBe(
    'Which? (1. 2 / 2. 1); Which? (1. a day / 2. 1 hour)',
  );
  expect(questionsPut({ questions: [] })).toBeUndefined();
  expect(questionsIn('x').questions).toEqual([]);
});

const request = (changes: Partial<Request> = {}): Request => ({
  ask: 'claude-1-1-0.ask',
  tool: 'Bash',
  subject: 'rm x',
  helper: null,
  question: 'May it use Bash: rm x?',
  ...changes,
});
const decision = (line: string | undefined): unknown =>
  line && (JSON.parse(line) as { hookSpecificOutput: { decision: unknown } }).hookSpecificOutput.decision;

test('the hook of Claude Code is told what the person decided, in one line', () => {
  expect(decision(claude.replyToHook!(request(), 'yes'))).toEqual({ behavior: 'allow' });
  expect(decision(claude.replyToHook!(request(), 'no'))).toEqual({
    behavior: 'deny',
    message: expect.stringMatching(/^No, not that/),
  });
  expect(decision(claude.replyToHook!(request(), 'use\nrmdir'))).toEqual({ behavior: 'deny', message: 'use\nrmdir' });
  expect(claude.replyToHook!(request(), 'use\nrmdir')).not.toContain('\n');
  // A row of its dialog may say more than yes or no.
  expect(claude.replyToHook!(request(), '2')).toBeUndefined();
});

test('the questions of Claude Code get their answers, or are refused', () => {
  const asks = request({ tool: 'AskUserQuestion', questions: [colour, many] });
  expect(decision(claude.replyToHook!(asks, 'red; 1,2'))).toEqual({
    behavior: 'allow',
    updatedInput: {
      questions: [colour, many],
      answers: { 'Which colour?': 'Red', 'Which sizes?': 'Big, Small' },
    },
  });
  expect(decision(claude.replyToHook!(asks, 'no'))).toMatchObject({ behavior: 'deny' });
});

test('a no is the option of that name where there is one', () => {
  const asks = request({ tool: 'AskUserQuestion', questions: [offer('Yes', 'No')] });
  for (const answer of ['no', 'No', '2'])
    expect(decision(claude.replyToHook!(asks, answer))).toMatchObject({
      updatedInput: { answers: { 'Which?': 'No' } },
    });
  expect(decision(claude.replyToHook!(asks, 'nope'))).toMatchObject({ behavior: 'deny' });
  expect(JSON.parse(opencode.replyToHook!(asks, 'no')!)).toEqual({ answers: [['No']] });
});

test('[AGT-5] a plan of Claude Code is approved as it was read, and never by the rows of its dialog', () => {
  const input = { plan: '# Do\nthis', planFilePath: '/p.md' };
  const asks = request({ tool: 'ExitPlanMode', input });
  expect(decision(claude.replyToHook!(asks, 'yes'))).toEqual({ behavior: 'allow', updatedInput: input });
  expect(decision(claude.replyToHook!(asks, 'a test first'))).toEqual({ behavior: 'deny', message: 'a test first' });
  // Without the plan at hand nothing says what would be approved.
  expect(claude.replyToHook!(request({ tool: 'ExitPlanMode' }), 'yes')).toBeUndefined();
  for (const answer of ['yes', '1'])
    expect(() => claude.reply('Shall it carry out its plan? # Do this', answer)).toThrow('change the mode');
});

test('opencode is told the same in its words', () => {
  const told = (asks: Request, answer: string): unknown => JSON.parse(opencode.replyToHook!(asks, answer)!);
  expect(told(request(), 'yes')).toEqual({ reply: 'once' });
  expect(told(request(), 'no')).toEqual({ reply: 'reject', message: expect.stringMatching(/^No, not that/) });
  expect(told(request(), 'use rmdir')).toEqual({ reply: 'reject', message: 'use rmdir' });
  expect(told(request({ questions: [colour] }), '2')).toEqual({ answers: [['Blue']] });
  expect(told(request({ questions: [colour] }), 'no')).toEqual({ reject: true });
});
