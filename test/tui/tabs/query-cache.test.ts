import { expect, onTestFinished, test, vi } from 'vitest';
import { openQueryCache } from '../../../src/tui/tabs/query-cache.ts';
import { reply } from '../fake-swarm.ts';

const open = (fails = false) => {
  vi.useFakeTimers();
  const asked: string[] = [];
  let answered = 0;
  const inquiries = openQueryCache({
    ask: async (text) => {
      asked.push(text);
      if (fails) throw new Error('no daemon');
      return reply({ message: `${text} ${asked.length}` });
    },
    onAnswer: () => {
      answered += 1;
    },
    now: () => Date.now(),
  });
  onTestFinished(() => {
    inquiries.close();
    vi.useRealTimers();
  });
  return { inquiries, asked, answered: () => answered };
};

test('a command is asked once, and again when the swarm has changed and the time is over', async () => {
  const { inquiries, asked, answered } = open();
  const wanted = [{ text: 'list', everyMs: 1000 }];
  inquiries.want(wanted, 1);
  inquiries.want(wanted, 1);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toEqual(['list']);
  expect(inquiries.answers.get('list')?.message).toBe('list 1');
  expect(answered()).toBe(1);
  await vi.advanceTimersByTimeAsync(5000);
  inquiries.want(wanted, 1);
  expect(asked).toHaveLength(1);
  inquiries.want(wanted, 2);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toHaveLength(2);
  inquiries.want(wanted, 3);
  expect(asked).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toHaveLength(3);
});

test('what changes without the swarm is asked by the time alone, and only while it is wanted', async () => {
  const { inquiries, asked } = open();
  inquiries.want([{ text: 'log', everyMs: 1000, always: true }], 1);
  await vi.advanceTimersByTimeAsync(0);
  inquiries.want([{ text: 'log', everyMs: 1000, always: true }], 1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toHaveLength(2);
  inquiries.want([], 1);
  await vi.advanceTimersByTimeAsync(5000);
  expect(asked).toHaveLength(2);
});

test('what hangs on something that has changed is asked again at once', async () => {
  const { inquiries, asked } = open();
  const wanted = (basis: string) => [{ text: 'status git', everyMs: 15_000, always: true, basis }];
  inquiries.want(wanted('moving'), 1);
  await vi.advanceTimersByTimeAsync(10);
  inquiries.want(wanted('moving'), 2);
  expect(asked).toHaveLength(1);
  inquiries.want(wanted('delivered'), 3);
  inquiries.want(wanted('delivered'), 3);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toHaveLength(2);
  expect(inquiries.answers.get('status git')?.message).toBe('status git 2');
  // What changes while it is answered is asked after it.
  inquiries.want(wanted('merged'), 4);
  inquiries.want(wanted('rolled back'), 5);
  await vi.advanceTimersByTimeAsync(0);
  inquiries.want(wanted('rolled back'), 5);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toHaveLength(4);
});

test('while the daemon is away what was known stays, and it is asked again', async () => {
  const { inquiries, asked } = open(true);
  inquiries.want([{ text: 'list', everyMs: 1000 }], 1);
  await vi.advanceTimersByTimeAsync(0);
  expect(inquiries.answers.size).toBe(0);
  inquiries.want([{ text: 'list', everyMs: 1000 }], 1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toHaveLength(2);
});

test('nothing is asked after the end, and only the latest answers are kept', async () => {
  const { inquiries, asked, answered } = open();
  for (let i = 0; i < 20; i += 1) {
    inquiries.want([{ text: `show ${i}`, everyMs: 1000 }], 1);
    await vi.advanceTimersByTimeAsync(0);
  }
  expect([...inquiries.answers.keys()]).toEqual(Array.from({ length: 12 }, (_, i) => `show ${i + 8}`));
  inquiries.want([{ text: 'last', everyMs: 1000 }], 1);
  inquiries.close();
  const before = answered();
  await vi.advanceTimersByTimeAsync(0);
  inquiries.want([{ text: 'after', everyMs: 1000 }], 2);
  expect([asked.at(-1), answered()]).toEqual(['last', before]);
});

test('an answer that is wanted stays, however many others came since', async () => {
  const { inquiries, asked } = open();
  const always = { text: 'status git', everyMs: 15_000, always: true };
  for (let i = 0; i < 30; i += 1) {
    inquiries.want([always, { text: `review task t${i}`, everyMs: 1000 }], i);
    await vi.advanceTimersByTimeAsync(1);
  }
  expect(inquiries.answers.get('status git')?.message).toBe('status git 1');
  expect([asked.length, inquiries.answers.size]).toEqual([31, 12]);
});
