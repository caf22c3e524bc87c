import { expect, test } from 'vitest';
import type { Reply } from '../../../src/ports/swarm.ts';
import { makeCommandRunner } from '../../../src/tui/app/command-runner.ts';
import type { Program } from '../../../src/tui/app/options.ts';
import { fakeSwarm, reply } from '../fake-swarm.ts';

const GUEST: Program = { argv: ['tmux', 'attach'], env: {} };

/** Runs a command and the ones queued behind it over a swarm that answers so; tells what happened, in order. */
const runOver = async (answer: (text: string) => Promise<Reply>, queued: readonly string[] = []) => {
  const told: string[] = [];
  const client = fakeSwarm();
  client.answer = answer;
  const run = makeCommandRunner({
    options: { client, guest: (text) => (text.startsWith('attach') ? GUEST : null) },
    session: {
      apply: (event) => void told.push(`${event.kind} ${'command' in event ? event.command : ''}`),
      draw: () => void told.push('draw'),
    },
    visit: async ({ argv }) => void told.push(`visit ${argv.join(' ')}`),
  });
  await run({ kind: 'run', text: 'stop a-1', confirm: 'token', queued }).catch((error: Error) =>
    told.push(error.message),
  );
  return { told, ran: client.ran };
};

test('commands run one after the other, and the screen shows that each is on its way', async () => {
  const { told, ran } = await runOver(async () => reply(), ['list']);
  const stepsOf = (text: string) => [`asked ${text}`, 'draw', `replied ${text}`, `settled ${text}`];
  expect(told).toEqual([...stepsOf('stop a-1'), ...stepsOf('list')]);
  expect(ran).toEqual([
    { text: 'stop a-1', confirm: 'token' },
    { text: 'list', confirm: undefined },
  ]);
});

test('a command that fails, or asks first, keeps the rest back', async () => {
  const { ran } = await runOver(async () => reply({ exit: 5 }), ['list']);
  expect(ran).toHaveLength(1);
});

test('a command that gives the terminal away is no answer to read: the program runs instead', async () => {
  const { told } = await runOver(async () => reply(), ['attach a-1']);
  expect(told.slice(-4)).toEqual(['asked attach a-1', 'draw', 'settled attach a-1', 'visit tmux attach']);
  const failed = await runOver(async (text) => reply({ exit: text === 'attach a-1' ? 6 : 0 }), ['attach a-1']);
  expect(failed.told.at(-2)).toBe('replied attach a-1');
});

test('a command that cannot be sent is not on its way any more', async () => {
  const { told } = await runOver(() => Promise.reject(new Error('no daemon')));
  expect(told.slice(-2)).toEqual(['settled stop a-1', 'no daemon']);
});

test('each answer comes with how many of the commands have run by then', async () => {
  const counted: unknown[] = [];
  const client = fakeSwarm();
  client.answer = async () => reply();
  const run = makeCommandRunner({
    options: { client, guest: () => null },
    session: {
      apply: (event) => {
        if (event.kind === 'replied') counted.push([event.ran, event.queued?.length]);
      },
      draw: () => undefined,
    },
    visit: () => Promise.resolve(),
  });
  await run({ kind: 'run', text: 'list', queued: ['list', 'status'] });
  expect(counted).toEqual([
    [1, 2],
    [2, 1],
    [3, 0],
  ]);
});
