import { expect, test } from 'vitest';
import { claudeUsage } from '../../src/agents/claude-usage.ts';
import { codexUsage } from '../../src/agents/codex-usage.ts';
import { geminiUsage } from '../../src/agents/gemini-usage.ts';
import { adapterFor } from '../../src/agents/index.ts';
import type { UsageLog } from '../../src/agents/usage-log.ts';
import { readUsageMessage } from '../../src/agents/usage-message.ts';
import { settingsSchema } from '../../src/state/settings.ts';
import { addTokens, NO_TOKENS, type Tokens } from '../../src/state/usage.ts';

const AT = '2026-11-20T15:39:54.839Z';

/** What the lines of a log add up to. */
const counted = (log: UsageLog, lines: readonly (object | string)[]) => {
  const counter = log.counter();
  const models: Record<string, Tokens> = {};
  let turns = 0;
  for (const line of lines)
    for (const step of counter.take(typeof line === 'string' ? line : JSON.stringify(line))) {
      turns += step.turns;
      if (step.turns === 0) models[step.model] = addTokens(models[step.model] ?? NO_TOKENS, step.tokens);
    }
  return { models, turns, context: counter.context() };
};

const tokens = (input: number, output: number, read = 0, write = 0): Tokens => ({
  input_tokens: input,
  output_tokens: output,
  cache_read_tokens: read,
  cache_write_tokens: write,
});

const answer = (id: string, output: number, more: object = {}, model = 'claude-opus-5-5') => ({
  type: 'assistant',
  timestamp: AT,
  message: {
    id,
    model,
    usage: { input_tokens: 10, output_tokens: output, cache_read_input_tokens: 500, cache_creation_input_tokens: 20 },
  },
  ...more,
});
const prompt = (promptId: string, more: object = {}) => ({ type: 'user', timestamp: AT, promptId, ...more });

test('an answer of Claude Code counts once, with its last numbers, and one of a sub-agent fills no context', () => {
  const used = counted(claudeUsage, [
    prompt('p1'),
    answer('m1', 1),
    answer('m1', 40),
    answer('m1', 40),
    // What a tool answers belongs to the same prompt.
    prompt('p1'),
    answer('m2', 7, {}, 'claude-haiku-5'),
    answer('s1', 3, { isSidechain: true }),
    prompt('p2', { isSidechain: true }),
    prompt('p3', { isMeta: true }),
    answer('e1', 99, {}, '<synthetic>'),
  ]);
  expect(used).toEqual({
    models: { 'claude-opus-5-5': tokens(20, 43, 1000, 40), 'claude-haiku-5': tokens(10, 7, 500, 20) },
    turns: 1,
    context: { used_tokens: 537, window_tokens: null },
  });
});

test('what is no whole line of a transcript, or holds no numbers, counts nothing', () => {
  const whole = JSON.stringify(answer('m1', 40));
  const odd = [
    whole.slice(0, 60),
    'null',
    '[]',
    '"text"',
    { type: 'assistant' },
    { type: 'assistant', message: { id: 'm', model: 'x', usage: { input_tokens: 'many', output_tokens: -1 } } },
    { type: 'user' },
    { type: 'summary' },
  ];
  for (const log of [claudeUsage, codexUsage, geminiUsage])
    expect(counted(log, odd)).toMatchObject({ turns: 0, models: log === claudeUsage ? { x: NO_TOKENS } : {} });
});

const count = (input: number, cached: number, output: number) => ({
  input_tokens: input,
  cached_input_tokens: cached,
  cache_write_input_tokens: 0,
  output_tokens: output,
  total_tokens: input + output,
});
const event = (type: string, rest: object = {}) => ({ type: 'event_msg', timestamp: AT, payload: { type, ...rest } });
const told = (total: object, last: object, window: number | null = 258_400) =>
  event('token_count', { info: { total_token_usage: total, last_token_usage: last, model_context_window: window } });
const model = (name: string) => ({ type: 'turn_context', timestamp: AT, payload: { model: name } });

test('totals of Codex are divided among its models, repeated ones add nothing, and one that begins anew is added', () => {
  const used = counted(codexUsage, [
    { type: 'session_meta', timestamp: AT, payload: { id: 'c' } },
    event('task_started'),
    model('gpt-6'),
    told(count(1200, 1000, 33), count(1200, 1000, 33)),
    told(count(1200, 1000, 33), count(1200, 1000, 33)),
    event('token_count', { info: null }),
    model('gpt-6-mini'),
    told(count(2200, 1500, 66), count(1000, 500, 33)),
    event('task_started'),
    told(count(100, 0, 5), count(100, 0, 5), null),
  ]);
  expect(used).toEqual({
    models: { 'gpt-6': tokens(200, 33, 1000), 'gpt-6-mini': tokens(600, 38, 500) },
    turns: 2,
    context: { used_tokens: 105, window_tokens: null },
  });
});

const said = (id: string, output: number) => ({
  id,
  type: 'gemini',
  timestamp: AT,
  model: 'gemini-3.8-flash',
  tokens: { input: 1200, output, cached: 200, thoughts: 5, tool: 1, total: 1234 },
});

test('messages of Gemini CLI count once, also where they are written again all together', () => {
  const used = counted(geminiUsage, [
    { sessionId: 's', kind: 'main' },
    { $set: { messages: [{ id: 'u0', type: 'user', content: [{ text: '<session_context>' }] }] } },
    { id: 'u1', type: 'user', timestamp: AT, content: [{ text: 'Task t1' }] },
    said('g1', 33),
    { $set: { lastUpdated: AT } },
    said('g1', 33),
    { id: 'u2', type: 'user', timestamp: AT, content: [{ functionResponse: {} }] },
    { id: 'u3', type: 'user', timestamp: AT, content: 'more' },
    { $set: { messages: [said('g1', 33), said('g2', 10), 'odd'] } },
  ]);
  expect(used).toEqual({
    models: { 'gemini-3.8-flash': tokens(2002, 53, 400) },
    turns: 2,
    context: { used_tokens: 1238, window_tokens: null },
  });
});

test('the name of a model is one, or it is called unknown', () => {
  expect(counted(claudeUsage, [answer('m', 1, {}, '__proto__')]).models).toHaveProperty('unknown');
  expect(counted(codexUsage, [model('a b'), told(count(1, 0, 1), count(1, 0, 1))]).models).toHaveProperty('unknown');
});

test('each agent says where it writes down what it uses, in the home that its configuration gives it', () => {
  const of = { conversation: 'd4c0b246-db3d', transcript: undefined, env: { HOME: '/h' } };
  const seen = { ...of, transcript: '/h/p/d4.jsonl' };
  expect(claudeUsage.files(seen)).toEqual(['/h/p/d4.jsonl', '/h/p/d4c0b246-db3d/subagents/*.jsonl']);
  expect([claudeUsage.files(of), codexUsage.files(of), codexUsage.files(seen)]).toEqual([[], [], ['/h/p/d4.jsonl']]);
  expect(geminiUsage.files(of)).toEqual(['/h/.gemini/tmp/*/chats/session-*-d4c0b246.jsonl']);
  expect(geminiUsage.files({ ...of, conversation: '../*' })).toEqual([]);
  expect(geminiUsage.files({ ...of, env: {} })).toEqual([]);
  const settings = settingsSchema.parse({ agents: { gemini: { env: { GEMINI_CLI_HOME: '/g' } } } });
  expect(adapterFor('gemini', settings).usageLog!.files(of)).toEqual([
    '/g/.gemini/tmp/*/chats/session-*-d4c0b246.jsonl',
  ]);
});

test('what an agent tells by itself is read with what it leaves out as nothing, and refused when it is no such message', () => {
  const models = { m: { input_tokens: 5.4, output_tokens: -3 } };
  expect(readUsageMessage({ hook_event_name: 'Usage', session_id: 'c', models, usd: 'much' })).toEqual({
    conversation: 'c',
    models: { m: tokens(5, 0) },
    turns: 0,
    usd: null,
    context: null,
  });
  expect(
    readUsageMessage({
      hook_event_name: 'Usage',
      session_id: 'c',
      models: {},
      turns: 2,
      usd: 0.5,
      context: { used_tokens: 10, window_tokens: 100 },
    }),
  ).toMatchObject({ turns: 2, usd: 0.5, context: { used_tokens: 10, window_tokens: 100 } });
  expect(readUsageMessage({ hook_event_name: 'Stop', session_id: 'c', models })).toBeUndefined();
  expect(readUsageMessage({ hook_event_name: 'Usage', session_id: '../c', models })).toBeUndefined();
  expect(readUsageMessage(null)).toBeUndefined();
});
