import { expect, test } from 'vitest';
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
