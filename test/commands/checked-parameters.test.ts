import { expect, test } from 'vitest';
import { checkedParameters } from '../../src/commands/checked-parameters.ts';
import { understand } from '../../src/commands/dispatch.ts';
import { AppError } from '../../src/lib/errors.ts';
import { language } from '../fixtures/signatures.ts';

/** What a line is refused with. */
const refusal = (text: string): string => {
  try {
    understand(language, { text });
    return 'understood';
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
};

test.each([
  ['approve task 3.1 commit=1234567', { commit: '1234567' }],
  ['lock worktree login reason=5', { reason: '5' }],
  ['report usage input=5 model=4', { model: '4', input: 5 }],
  ['list logs grep=true', { grep: 'true' }],
])('[PRT-3] what looks like a number or a truth is text where text is wanted: %s', (text, params) => {
  expect(understand(language, { text }).params).toMatchObject(params);
});

test.each([
  ['launch 0 instances', 'launch instance: count: "0" is too small; say a whole number from 1 on.'],
  ['scale instances count=-1', 'scale instance: count: "-1" is too small; say a whole number from 0 on.'],
  ['list tasks limit=2.5', 'list task: limit: "2.5" is no whole number; say a whole number from 1 on.'],
  ['list tasks limit=many', 'list task: limit: "many" is no number; say a whole number from 1 on.'],
  ['plan tasks instances=5000', 'plan task: instances: "5000" is too large; say a whole number from 1 to 1000.'],
  ['create task x complexity=11', 'create task: complexity: "11" is too large; say a number from 1 to 10.'],
  ['report progress -5', '"-5" is no amount that "report" takes.'],
])('[PRT-5] a number that is not taken is refused with those that are: %s', (text, message) => {
  expect(refusal(text)).toBe(message);
});

test.each([
  ['list tasks priority=constructor', 'list task: priority: "constructor" is none of low, normal, high, urgent.'],
  ['comment task 3.1 file=a line=1 side=up "x"', 'comment task: side: "up" is none of new, old.'],
])('[PRT-5] a word that is none of those that are taken is refused with them: %s', (text, message) => {
  expect(refusal(text)).toBe(message);
});

test('[PRT-5] no parameter of any command is refused in the words of a library', () => {
  const words = /Invalid|Too (?:small|big)|Unrecognized|expected|received/u;
  const told = language.commands.flatMap((command) =>
    Object.keys(command.params.shape).flatMap((key) =>
      [null, -1, 1.5, true, '', '???', {}, [], [{}], ['']].flatMap((value) => {
        try {
          checkedParameters(command, { [key]: value } as Parameters<typeof checkedParameters>[1]);
          return [];
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          return [error.message];
        }
      }),
    ),
  );
  expect(told.length).toBeGreaterThan(500);
  expect(told.filter((one) => words.test(one))).toEqual([]);
});
