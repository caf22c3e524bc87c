import { expect, test } from 'vitest';
import { noDaemon } from '../../src/client/errors.ts';
import { BIRTH_MS } from '../../src/client/start-claim.ts';
import { makeStartJudge } from '../../src/client/start-judge.ts';

const LOCKED = { error: { code: 'store/locked', exit: 1, message: 'somebody has it', hint: 'wait' } } as const;

const judging = () => {
  let now = 0;
  const judge = makeStartJudge(() => now);
  return {
    judge,
    at: (ms: number) => {
      now = ms;
    },
  };
};

test('[CLI-7] whoever came too late waits for the daemon that was quicker as long as a start may take', () => {
  const { judge, at } = judging();
  expect(judge(LOCKED, false)).toBeUndefined();
  at(BIRTH_MS - 1);
  expect(judge(LOCKED, true)).toBeUndefined();
  expect(judge(LOCKED, false)).toMatchObject(LOCKED.error);
  at(BIRTH_MS);
  expect(judge(LOCKED, true)).toMatchObject(LOCKED.error);
});

test('a start that ends without a word, or as soon as it has begun, is tried again for a while, and any other trouble is told', () => {
  const { judge, at } = judging();
  const silent = { silent: 'it ended with SIGKILL at its start' };
  expect([judge(silent, false), judge(silent, false)]).toEqual([undefined, undefined]);
  expect(judge(silent, false)).toSatisfy(noDaemon.matches);
  const other = { error: { ...LOCKED.error, code: 'git/missing' } };
  expect(judge(other, true)).toMatchObject(other.error);
  at(BIRTH_MS);
  expect(judge({ ready: true }, false)).toBeUndefined();
  expect(judge({ ready: true }, false)).toSatisfy(noDaemon.matches);
});
