import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as pause, setImmediate } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { parseSpoolFile } from '../../src/agents/spool-message.ts';
import { readUsageMessage } from '../../src/agents/usage-message.ts';
import { temporaryFolder } from '../helpers/folder.ts';

type Plugin = { event(happened: { event: { type: string; properties: object } }): Promise<void> };
type Client = { session: Record<'messages' | 'children', (of: { path: { id: string } }) => Promise<unknown>> };
// It is plain JavaScript, because opencode loads it as it is.
const { Drover } = (await import(resolve('assets/opencode-plugin.js'))) as {
  Drover: (surroundings: { client?: Client }) => Promise<Plugin>;
};

afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

const answer = (tokens: object | undefined, cost = 0, modelID = 'gpt-6') => ({
  info: { role: 'assistant', modelID, providerID: 'openai', tokens, cost },
});
const tokens = (input: number, output: number, reasoning = 0, cache = { read: 0, write: 0 }) => ({
  ...{ input, output, reasoning, cache },
});

/** A server of opencode that knows two sessions: one, and its helper. */
const clientWith = (messages: readonly object[]): Client => ({
  session: {
    messages: async ({ path }) => ({
      data: path.id === 's' ? messages : [answer(tokens(5, 1), 0.01, 'small')],
    }),
    children: async ({ path }) => (path.id === 's' ? { data: [{ id: 'helper' }] } : {}),
  },
});

/** What Drover's hook gets in one turn, in order. */
const turn = async (
  client: Client | undefined,
  between: readonly (object | (() => void))[] = [],
): Promise<readonly unknown[]> => {
  using folder = temporaryFolder('plugin');
  vi.stubEnv('DROVER_HOOK', resolve('assets/hook.sh'));
  vi.stubEnv('DROVER_SPOOL', folder.path);
  vi.stubEnv('DROVER_INSTANCE', 'opencode-1');
  vi.stubEnv('DROVER_TOKEN', 't');
  const plugin = await Drover(client ? { client } : {});
  const session = { sessionID: 's' };
  const happen = (type: string, properties: object) => plugin.event({ event: { type, properties } });
  const begin = () => happen('session.status', { ...session, status: { type: 'busy' } });
  await begin();
  for (const one of between)
    if (typeof one === 'function') one();
    else await happen('message.updated', { info: { ...session, ...one } });
  await happen('session.idle', session);
  const bodies = (): readonly { hook_event_name: string }[] =>
    readdirSync(folder.path)
      .filter((name) => !name.endsWith('.tmp'))
      .map((name) => parseSpoolFile(readFileSync(`${folder.path}/${name}`, 'utf8'))?.body)
      .filter((body): body is { hook_event_name: string } => body !== undefined);
  // All is said in order: what comes after it has everything before it, and the numbers that were there by then.
  await setImmediate();
  await begin();
  const begun = () => bodies().filter((body) => body.hook_event_name === 'UserPromptSubmit').length;
  // The clock of the plugin may stand still.
  while (begun() < 2) await pause(10);
  return bodies().flatMap((body) => readUsageMessage(body) ?? []);
};

test('at the end of a turn the session tells what it has used since it began, its helpers included', async () => {
  const messages = [
    { info: { role: 'user' } },
    answer(tokens(1000, 30, 3, { read: 500, write: 20 }), 0.02),
    answer(undefined),
    answer(tokens(0, 0)),
  ];
  expect(await turn(clientWith(messages))).toEqual([
    {
      conversation: 's',
      models: {
        'gpt-6': { input_tokens: 1000, output_tokens: 33, cache_read_tokens: 500, cache_write_tokens: 20 },
        small: { input_tokens: 5, output_tokens: 1, cache_read_tokens: 0, cache_write_tokens: 0 },
      },
      turns: 1,
      usd: 0.03,
      context: { used_tokens: 1553, window_tokens: null },
    },
  ]);
});

test('money that opencode reckons as nothing is unknown', async () => {
  const client: Client = {
    session: { messages: async () => ({ data: [answer({ input: 5 })] }), children: async () => ({}) },
  };
  expect(await turn(client)).toMatchObject([{ usd: null, models: { 'gpt-6': { input_tokens: 5 } } }]);
});

test('a server that cannot be asked costs nothing but the numbers', async () => {
  const broken = { session: { messages: () => Promise.reject(new Error('gone')), children: async () => ({}) } };
  expect(await turn(broken)).toEqual([]);
  expect(await turn(undefined)).toEqual([]);
});

test('in a long turn it is told now and then', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  const client = clientWith([answer(tokens(1, 1))]);
  const later = () => void vi.setSystemTime(Date.now() + 16_000);
  const answered = { role: 'assistant', id: 'm', time: { completed: 1 } };
  expect(await turn(client, [answered, later, { ...answered, time: {} }])).toHaveLength(1);
  expect(await turn(client, [later, answered, answered])).toHaveLength(2);
});

test('nothing else waits for numbers: the end of a turn least of all', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout'], now: Date.now() });
  const mute = { session: { messages: () => new Promise<never>(() => undefined), children: async () => ({}) } };
  const later = () => void vi.setSystemTime(Date.now() + 16_000);
  const answered = { role: 'assistant', id: 'm', time: { completed: 1 } };
  expect(await turn(mute, [later, answered])).toEqual([]);
});
