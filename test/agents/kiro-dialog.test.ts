import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AnswerStep } from '../../src/agents/adapter.ts';
import { answerStep } from '../../src/agents/kiro-dialog.ts';
import { readBox, readDialog, readScreen } from '../../src/agents/kiro-screen.ts';
import type { Request } from '../../src/state/instances.ts';

const dialog = (rows: readonly string[], marked: number, title = 'execute_bash requires approval · trust options') =>
  [
    ...['I will make a branch.', '', `  ${title}`, '', '    git branch other', ''],
    ...rows.map((row, at) => `  ${at === marked ? '❯' : ' '} ${row}`),
    ...['', '  ESC to close · Tab to edit'],
  ].join('\n');

const V2 = ['Yes, single permission', 'Trust, always allow in this session', 'No (Tab to edit)'];
const V2_ALL = [...V2.slice(0, 2), 'Trust, allow all for this session', V2[2]!];
const V2_TWO = [V2[0]!, V2[2]!];
const V3 = ['Allow', 'Always allow', 'Deny', 'Always deny'];
const TRUST = ['No, exit', 'Yes, I accept', "Yes, and don't ask again"];
const TRUSTING = 'Kiro is running in trust all tools mode';

const asking = { question: '', requests: [] };
const step = (screen: string, answer: string) => answerStep(screen, asking, answer);
const decides = (on: string, key = 'Enter') => ({ kind: 'decide', on, keys: [key] });

test.each([
  [V2, 0, 'yes', decides('Yes, single permission')],
  [V2, 1, 'yes', { kind: 'move', key: 'Up' }],
  [V2, 0, 'no', { kind: 'move', key: 'Down' }],
  [V2, 2, 'no', decides('No (Tab to edit)')],
  [V2_ALL, 2, 'no', { kind: 'move', key: 'Down' }],
  [V2_TWO, 1, 'no', decides('No (Tab to edit)')],
  [V3, 0, 'yes', decides('Allow')],
  [V3, 1, 'yes', { kind: 'move', key: 'Up' }],
  [V3, 3, 'no', { kind: 'move', key: 'Up' }],
  [V3, 2, 'no', decides('Deny')],
  [V3, 0, '2', { kind: 'move', key: 'Down' }],
  [V2, 0, '7', { kind: 'unclear', why: expect.stringContaining('Yes, single permission / Trust') }],
  [V2, 0, '12', { kind: 'unclear', why: expect.stringContaining('Yes, single permission / Trust') }],
])('of the rows %j with the mark on %i the answer %j means %j', (rows, marked, answer, wanted) => {
  expect(step(dialog(rows, marked), answer)).toEqual(wanted);
});

test('words instead of a yes or a no close the dialog, which never approves, and are said then', () => {
  expect(step(dialog(V2, 0), 'use a tag')).toMatchObject({
    ...decides('x', 'Escape'),
    on: expect.any(String),
    afterwards: 'use a tag',
  });
});

test('the mode that trusts all tools is accepted for this time, and its third row is nobody’s plain yes', () => {
  const at = (marked: number, answer: string) => step(dialog(TRUST, marked, TRUSTING), answer);
  expect([at(0, 'yes'), at(1, 'yes'), at(2, 'yes'), at(0, 'no')]).toEqual([
    { kind: 'move', key: 'Down' },
    decides('Yes, I accept'),
    { kind: 'move', key: 'Up' },
    decides('No, exit'),
  ]);
  expect(readDialog(dialog(TRUST, 0, TRUSTING))).toMatchObject({ kind: 'waiting' });
});

test('a question is answered by one of its rows, and never by the one for other words', () => {
  const rows = ['Red', 'Blue', 'Type a different answer'];
  const at = (marked: number, answer: string) => step(dialog(rows, marked, 'Which colour?'), answer);
  expect([at(0, 'blue'), at(1, 'Bl'), at(1, '1'), at(0, 'type'), at(0, 'green')]).toEqual([
    { kind: 'move', key: 'Down' },
    decides('Blue'),
    { kind: 'move', key: 'Up' },
    { kind: 'unclear', why: expect.any(String) },
    { kind: 'unclear', why: expect.any(String) },
  ]);
});

test('a row whose name is a number is chosen by its place, or by its name where no place has that number', () => {
  const ports = ['8080', '2', '1', ...'abcdefg', 'Type a different answer'];
  const at = (marked: number, answer: string) => step(dialog(ports, marked, 'Which port?'), answer);
  expect([at(0, '8080'), at(1, '2'), at(2, '3'), at(9, '10')]).toEqual([
    decides('8080'),
    decides('2'),
    decides('1'),
    decides('g'),
  ]);
});

test('with several requests open only the dialog of the first one is answered', () => {
  const request = (subject: string): Request => ({
    ...{ ask: null, tool: 'Bash', subject, helper: null, whole: true, question: '' },
  });
  const answer = (first: string) =>
    answerStep(dialog(V2, 0), { question: '', requests: [request(first), request('git tag b')] }, 'yes');
  expect([answer('git branch other'), answer('rm -rf x')]).toEqual([
    decides('Yes, single permission'),
    { kind: 'unclear', why: expect.any(String) },
  ]);
});

test('a dialog that was only quoted further above is none', () => {
  const quoted = `${dialog(V2, 0)}\n${Array.from({ length: 20 }, (_, i) => `line ${i}`).join('\n')}`;
  expect(step(quoted, 'yes')).toBeUndefined();
});

test('the plain look is answered with a letter while nothing stands behind its question', () => {
  const plain = "Allow this action? Use 't' to trust (always allow) this tool for the session. [y/n/t]:";
  expect(step(`${plain}\n\n> `, 'yes')).toEqual({ kind: 'decide', on: '[y/n/t]', keys: ['text:y', 'Enter'] });
  expect(step(`${plain}\n\n> y\nRunning.`, 'yes')).toBeUndefined();
});

test('whatever rows there are and wherever the mark stands, steps lead to the row that is meant or to none', () => {
  const row = fc.constantFrom(...V2_ALL, ...V3, 'Modify request', 'Something else');
  const rows = fc.uniqueArray(row, { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(rows, fc.nat(), fc.constantFrom('yes', 'no'), (list, mark, answer) => {
      let marked = mark % list.length;
      for (let keys = 0; keys <= list.length; keys += 1) {
        const next: AnswerStep | undefined = step(dialog(list, marked), answer);
        if (next?.kind === 'move') marked += next.key === 'Down' ? 1 : -1;
        else if (next?.kind === 'decide' && next.keys[0] === 'Enter') {
          expect(next.on).toBe(list[marked]);
          expect(next.on).toMatch(answer === 'yes' ? /^(?:Yes, single|Allow$)/ : /^(?:No \(|Deny$)/);
          return;
        } else {
          // Escape for a no, and nothing at all for a yes.
          expect(next?.kind).toBe(answer === 'yes' ? 'unclear' : 'decide');
          return;
        }
      }
      throw new Error('it never came to an end');
    }),
  );
});

const RULE = '─'.repeat(40);
const boxed = (inside: string) => `said\n${RULE}\n${inside}\n${RULE}\n  mine · auto · ◔ 3%   ~/r · (main)`;

test.each([
  [boxed('› Ask a question or describe a task ↵'), ''],
  [boxed('› ask a question, or describe a task'), ''],
  [boxed('› Kiro is working · 3s · Type to steer · Ctrl+S to queue'), ''],
  [boxed('› half a li'), 'half a li'],
  [boxed('› first\n  second'), 'first\nsecond'],
  ['› half a li\n  mine · auto · ◔ 3%   ~/r', 'half a li'],
  ['  Initializing · type to queue a message', undefined],
  [dialog(V2, 0), undefined],
  ['nothing of a box', undefined],
])('in the box of %j stands %j', (screen, typed) => {
  expect(readBox(screen)).toBe(typed);
});

test.each([
  ['Monthly request limit reached\nThe limits reset on 12/01.', { kind: 'limited' }],
  ['Authentication Error: please log in again', { kind: 'failed', class: 'login' }],
  ['Kiro is having trouble responding right now', { kind: 'failed', class: 'overloaded' }],
])('the words %j at the end of a turn are a failure', (words, signal) => {
  expect(readScreen(`${words}\n${boxed('› Ask a question or describe a task ↵')}`)).toMatchObject(signal);
});

test('its words for being at work are the person’s to choose', () => {
  expect(readScreen(boxed('› Pondering · 3s · Type to steer · Ctrl+S to queue'))).toEqual({ kind: 'working' });
});
