import fc from 'fast-check';
import { expect, test } from 'vitest';
import { claude } from '../../src/agents/claude.ts';
import { opencode } from '../../src/agents/opencode.ts';
import { answersTo, questionsIn } from '../../src/agents/questions.ts';
import type { EventDraft } from '../../src/state/index.ts';
import type { Request } from '../../src/state/instances.ts';
import { possibleAnswer, questionOf } from '../../src/attention/question.ts';
import { created, moved, stateOf } from '../tui/fake-swarm.ts';

const instanceWith = (question: string, request?: Partial<Request>) => {
  const requests = request && {
    requests: [{ ask: null, tool: '', subject: '', helper: null, question, ...request }],
  };
  const waits: EventDraft = {
    type: 'instance.moved',
    data: { instance_id: 'rehearsal-1', state: 'waiting', source: 'hook', question, ...requests },
  };
  return stateOf([created(1), waits]).instances['rehearsal-1']!;
};
const read = (question: string, request?: Partial<Request>) => questionOf(instanceWith(question, request))!;
const said = (question: string, request?: Partial<Request>) =>
  read(question, request).choices.map(({ label, answer }) => `${label}=${answer}`);

test('an agent that does not wait asks nothing', () => {
  expect(questionOf(stateOf([created(1), moved('rehearsal-1', 'idle')]).instances['rehearsal-1']!)).toBeNull();
  const silent = stateOf([created(1), moved('rehearsal-1', 'waiting')]).instances['rehearsal-1']!;
  expect(questionOf(silent)).toMatchObject({ text: '', choices: [] });
});

test.each([
  ['Shall I use port 8080?'],
  ['May it use Bash: rm -rf build?'],
  ['It wrote the files. Do you want to go on?'],
  ['Overwrite README.md? [y/N]'],
  ['Proceed (yes/no)'],
])('%s can be answered by yes or no', (question) => {
  expect(said(question)).toEqual(['Yes=yes', 'No=no']);
});

test('a question that wants words has no choices', () => {
  expect(read('Shall the wind be in m/s or in km/h?')).toMatchObject({ choices: [], words: 'your answer' });
  expect(said('Shall I go on or not?')).toEqual(['Yes=yes', 'No=no']);
  expect(read('Which port shall it be?')).toMatchObject({ choices: [], words: 'your answer' });
});

test('the rows of a dialog are chosen by their numbers, and which one is marked is said', () => {
  const question = read('It asks whether you trust this folder. Choices: ❯ 1. Yes, I trust it / 2. No, exit');
  expect(question.text).toBe('It asks whether you trust this folder.');
  expect(question.choices).toEqual([
    { label: 'Yes, I trust it', help: 'marked in its dialog', answer: '1' },
    { label: 'No, exit', help: '', answer: '2' },
  ]);
});

test('numbered choices within a question are found, numbers that are none are not', () => {
  expect(said('Which one? 1) Vue 2) React, 3) none of them')).toEqual(['Vue=1', 'React=2', 'none of them=3']);
  expect(read('Which one? 1) Vue 2) React').text).toBe('Which one?');
  expect(said('Use version 2. Which port?')).toEqual([]);
  expect(said('Pick: 2) b 3) c')).toEqual([]);
});

test('[AGT-5] a permission shows in full what it is for, and words of one’s own refuse it', () => {
  const question = read('May it use Bash?', { tool: 'Bash', subject: 'npm test\n&& npm run build', helper: 'h1' });
  expect(question).toMatchObject({
    text: 'May it use Bash? (asked by a helper of it)',
    subject: 'npm test\n&& npm run build',
    words: 'or refuse it in your own words',
  });
  expect(question.choices.map(({ answer }) => answer)).toEqual(['yes', 'no']);
});

test('[AGT-5] a plan is shown in full before it is approved', () => {
  const input = { plan: '# Do\n1. this' };
  const question = read('Shall it carry out its plan? # Do 1. this', { tool: 'ExitPlanMode', subject: '# Do', input });
  expect(question).toMatchObject({ text: 'Shall it carry out its plan?', subject: '# Do\n1. this' });
  expect(question.choices.map(({ answer }) => answer)).toEqual(['yes', 'no']);
});

test('[AGT-5] the options of a question that the agent put are the choices, with what they mean', () => {
  const options = [{ label: 'Vue', description: 'small' }, { label: 'React' }];
  const asked = (more: object) => ({ tool: 'AskUserQuestion', questions: [{ question: 'Which?', options, ...more }] });
  expect(read('Which? (Vue / React)', asked({}))).toMatchObject({
    text: 'Which?',
    choices: [
      { label: 'Vue', help: 'small', answer: 'Vue' },
      { label: 'React', help: '', answer: 'React' },
    ],
    many: false,
  });
  expect(read('Which?', asked({ multiSelect: true }))).toMatchObject({
    many: true,
    words: 'several may be named, with commas between them',
  });
});

test('of several questions at once each wants an answer, and one without options is read by its words', () => {
  const questions = [{ question: 'Which port?' }, { question: 'Which name?', options: [{ label: 'a' }] }, 'none'];
  expect(read('x', { tool: 'AskUserQuestion', questions: questions as Record<string, unknown>[] })).toMatchObject({
    text: '1. Which port?\n2. Which name? (a)',
    words: '2 answers, with semicolons between them',
  });
  expect(said('x', { tool: 'AskUserQuestion', questions: [{ question: 'Shall I go on?' }] })).toEqual([
    'Yes=yes',
    'No=no',
  ]);
});

test('nothing in a question acts on the terminal, and two questions are told apart', () => {
  const bad = read('May it use Bash?', { tool: 'Bash\u001B[2J', subject: 'echo \u001B]0;x\u0007' });
  expect([bad.text, bad.subject]).toEqual([String.raw`May it use Bash\u001b[2J?`, String.raw`echo \u001b]0;x\u0007`]);
  expect(read('one?').mark).not.toBe(read('two?').mark);
});

test('the answer that is proposed is one that the question takes, and none is proposed where words are wanted', () => {
  const style = { question: 'Which style?', options: [{ label: 'Plain' }, { label: 'Rich' }] };
  const parts = { question: 'Which parts?', multiSelect: true, options: [{ label: 'Head, foot' }, { label: 'Body' }] };
  const size = { question: 'Which size?', options: [{ label: 'Big; wide' }, { label: 'Small' }] };
  for (const questions of [[style], [parts], [size], [style, parts, size]]) {
    const answer = possibleAnswer(instanceWith('?', { questions }))!;
    const taken = answersTo(questionsIn({ questions }).questions, answer);
    expect(taken).toEqual(questions.map(({ options }) => [options[0]!.label]));
  }
  expect(possibleAnswer(instanceWith('?', { questions: [style, { question: 'Which port?' }] }))).toBeUndefined();
  expect(possibleAnswer(instanceWith('Which port?'))).toBeUndefined();
  expect(possibleAnswer(instanceWith('Shall I go on?'))).toBe('yes');
});

// Mostly what an answer could be taken for: numbers, a yes or a no, signs that part answers, other spellings of the same.
const tricky = [
  '1',
  '2',
  '3',
  '01',
  '2.',
  '8080',
  '3000',
  '10 s',
  'No',
  'no',
  'Yes',
  'n',
  'Red',
  'red',
  'Re',
  'a, b',
  '1,2',
];
const anyLabel = fc.oneof(
  fc.constantFrom(...tricky, 'a; b', '1; 2', '', ' ', ' 2 ', 'a  b', 'one\ntwo', 'x\u001B[2J', '\u00A0', '…'),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
const anyQuestion = fc.record({
  question: fc.constantFrom('Which?', 'Which one of them?'),
  options: fc.array(fc.record({ label: anyLabel }), { minLength: 1, maxLength: 12 }),
  multiSelect: fc.boolean(),
});
const asking = (questions: readonly Record<string, unknown>[]) => ({
  ...{ ask: 'a.ask', tool: 'AskUserQuestion', subject: '', helper: null, question: '?' },
  questions: [...questions],
});

test('whatever options a question has, each choice says exactly that option, and the proposed answer the first', () => {
  fc.assert(
    fc.property(anyQuestion, (one) => {
      const { choices } = read('?', asking([one]));
      const { questions } = questionsIn({ questions: [one] });
      expect(choices.map(({ answer }) => answersTo(questions, answer))).toEqual(
        one.options.map(({ label }) => [[label]]),
      );
      expect(possibleAnswer(instanceWith('?', asking([one])))).toBe(choices[0]!.answer);
      // What the agent is told is the option, not that the question is refused.
      for (const [at, { answer }] of choices.entries()) {
        expect(JSON.parse(opencode.replyToHook!(asking([one]), answer)!)).toEqual({
          answers: [[one.options[at]!.label]],
        });
        expect(JSON.parse(claude.replyToHook!(asking([one]), answer)!)).toMatchObject({
          hookSpecificOutput: { decision: { updatedInput: { answers: { [one.question]: one.options[at]!.label } } } },
        });
      }
    }),
    { numRuns: 1000 },
  );
});

test('whatever questions are asked at once, the proposed answer says the first option of each', () => {
  fc.assert(
    fc.property(fc.array(anyQuestion, { minLength: 1, maxLength: 4 }), (questions) => {
      const answer = possibleAnswer(instanceWith('?', asking(questions)))!;
      expect(answersTo(questionsIn({ questions }).questions, answer)).toEqual(
        questions.map(({ options }) => [options[0]!.label]),
      );
    }),
    { numRuns: 1000 },
  );
});

test('options that could be taken for numbers are shown with theirs', () => {
  const [ports, hours] = [
    { question: 'Which port?', options: [{ label: '8080' }, { label: '3000' }] },
    { question: 'How long?', options: [{ label: 'a day' }, { label: '1 hour' }] },
  ];
  expect(said('?', asking([ports]))).toEqual(['8080=1', '3000=2']);
  expect(said('?', asking([hours]))).toEqual(['a day=a day', '1 hour=1 hour']);
  expect(read('?', asking([ports, hours])).text).toBe(
    '1. Which port? (1. 8080 / 2. 3000)\n2. How long? (1. a day / 2. 1 hour)',
  );
});
