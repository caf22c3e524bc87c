import { expect, test, vi } from 'vitest';
import type { Answer, Order } from '../../src/process/messages.ts';
import { serve } from '../../src/process/serve.ts';

/** A broker in this process, with the other end of its line in the test's hands. */
const broker = () => {
  const answers: Answer[] = [];
  let order: (order: Order) => void = () => {};
  let hangUp: () => void = () => {};
  const leave = vi.fn();
  serve(
    {
      send: (answer) => answers.push(answer),
      onOrder: (listener) => {
        order = listener;
      },
      onGone: (listener) => {
        hangUp = listener;
      },
    },
    leave,
  );
  return { answers, order: (next: Order) => order(next), hangUp: () => hangUp(), leave };
};

const env = { PATH: process.env['PATH'] ?? '' };

test('the broker answers each order once, with an exit or with an error for people', async () => {
  const { answers, order } = broker();
  order({ kind: 'run', id: 1, request: { file: 'echo', args: ['hello'], env } });
  order({ kind: 'run', id: 2, request: { file: 'no-such-program', args: [], env } });
  order({ kind: 'kill', id: 99 });
  await vi.waitUntil(() => answers.length === 2);
  expect(answers.toSorted((a, b) => a.id - b.id)).toEqual([
    { kind: 'exit', id: 1, exit: { code: 0, signal: null, stdout: 'hello\n', stderr: '', timedOut: false } },
    {
      kind: 'failed',
      id: 2,
      code: 'process/missing',
      exit: 1,
      message: 'the program "no-such-program" was not found',
      hint: 'Install "no-such-program", or add its folder to PATH.',
    },
  ]);
});

test('the broker ends its children and leaves when the program that forked it is gone', async () => {
  const { answers, order, hangUp, leave } = broker();
  order({ kind: 'run', id: 1, request: { file: 'sleep', args: ['60'], env } });
  hangUp();
  expect(leave).not.toHaveBeenCalled();
  await vi.waitUntil(() => leave.mock.calls.length === 1);
  expect(answers).toMatchObject([{ kind: 'exit', id: 1, exit: { signal: 'SIGTERM' } }]);
});

test('an idle broker leaves at once', () => {
  const { hangUp, leave } = broker();
  hangUp();
  expect(leave).toHaveBeenCalledOnce();
});
