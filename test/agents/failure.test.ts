import { expect, test } from 'vitest';
import type { Signal } from '../../src/agents/adapter.ts';
import { claude } from '../../src/agents/claude.ts';
import { codex } from '../../src/agents/codex.ts';
import { failureIn } from '../../src/agents/failure.ts';
import { gemini } from '../../src/agents/gemini.ts';
import { opencode } from '../../src/agents/opencode.ts';
import { resetTime } from '../../src/agents/reset-time.ts';

const hook = (error: string, words: string) => ({
  hook_event_name: 'StopFailure',
  error,
  last_assistant_message: words,
});
const ofCodex = (words: string): string => `› the prompt\n\n■ ${words}\n\n› \n\n  gpt-5 · /w`;
const ofGemini = (words: string): string =>
  ` > the prompt\n\n✕ [API Error: ${words}]\n\n${'─'.repeat(40)}\n >   Type your message or @path/to/file\n\n /w  no sandbox`;

type Sample = readonly [agent: string, said: Signal | undefined, expected: string, resets?: string | null];

const claudeSaid = (error: string, words: string): Signal | undefined => claude.readHook(hook(error, words));
const openSaid = (error: string, words: string): Signal | undefined => opencode.readHook(hook(error, words));
const codexSaid = (words: string): Signal | undefined => codex.readScreen!(ofCodex(words));
const geminiSaid = (words: string): Signal | undefined => gemini.readScreen!(ofGemini(words));

const SAMPLES: readonly Sample[] = [
  ['claude', claudeSaid('authentication_failed', 'Please run /login · API Error: 401 scripted error'), 'login'],
  ['claude', claudeSaid('rate_limit', "You've hit your 5-hour limit · resets 9:02am (UTC)"), 'limited', '9:02am (UTC)'],
  ['claude', claudeSaid('rate_limit', 'API Error: Request rejected (429)'), 'limited', null],
  ['claude', claudeSaid('server_error', 'API Error: Repeated 529 Overloaded errors.'), 'overloaded'],
  ['claude', claudeSaid('server_error', 'API Error: 500 Internal server error'), 'overloaded'],
  ['claude', claudeSaid('billing_error', 'Your account is disabled'), 'credit'],
  ['claude', claudeSaid('unknown', 'Credit balance is too low'), 'credit'],
  ['claude', claudeSaid('unknown', 'API Error: Connection error. (ECONNRESET)'), 'network'],
  ['claude', claudeSaid('unknown', 'API Error: 400 scripted bad request'), 'agent'],
  [
    'codex',
    codexSaid('unexpected status 401 Unauthorized: scripted , url: http://127.0.0.1:37569/v1/responses'),
    'login',
  ],
  ['codex', codexSaid('exceeded retry limit, last status: 429 Too Many Requests'), 'limited', null],
  ['codex', codexSaid("You've hit your usage limit. Upgrade to Pro or try again at 3:51 PM."), 'limited', '3:51 PM.'],
  [
    'codex',
    codexSaid("You've hit your usage limit. Try again in 2 hours 5 minutes."),
    'limited',
    'in 2 hours 5 minutes.',
  ],
  ['codex', codexSaid('unexpected status 503 Service Unavailable: scripted, url: http://x:429/v1'), 'overloaded'],
  ['codex', codexSaid('Quota exceeded. Check your plan and billing details.'), 'credit'],
  ['codex', codexSaid('stream disconnected before completion: error sending request for url'), 'network'],
  ['codex', codexSaid('{"error":{"message":"scripted error 400","type":"x"}}'), 'agent'],
  ['gemini', geminiSaid('{"error":{"code":400,"message":"API key not valid. Please pass a valid API key."}}'), 'login'],
  [
    'gemini',
    geminiSaid('You exceeded your current quota, please check your plan and billing details. Please retry in 33.28s.'),
    'limited',
    'in 33.28s.]',
  ],
  [
    'gemini',
    geminiSaid('{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}'),
    'overloaded',
  ],
  ['gemini', geminiSaid('exception TypeError: fetch failed sending request'), 'network'],
  ['gemini', geminiSaid('You exceeded your current quota, please check your plan and billing details.'), 'credit'],
  ['gemini', geminiSaid('{"error":{"code":400,"message":"scripted error"}}'), 'agent'],
  ['opencode', openSaid('ProviderAuthError', 'Missing API key'), 'login'],
  ['opencode', openSaid('APIError', 'Rate limit exceeded, retry after 20 s'), 'limited', 'after 20 s'],
  ['opencode', openSaid('APIError', 'Overloaded'), 'overloaded'],
  ['opencode', openSaid('APIError', 'insufficient_quota'), 'credit'],
  ['opencode', openSaid('UnknownError', 'Unable to connect. Is the computer able to access the url?'), 'network'],
  ['opencode', openSaid('MessageOutputLengthError', ''), 'agent'],
];

test.each(SAMPLES)('an error of %s (%j) is known as %s', (_agent, said, expected, resets) => {
  expect(said).toMatchObject(
    expected === 'limited' ? { kind: 'limited', resets } : { kind: 'failed', class: expected },
  );
});

test.each([
  ["ENOENT: no such file or directory, open '/tmp/drover-AdnsX/gone/rehearsal/1.md'", 'agent'],
  ["EACCES: permission denied, mkdir '/srv/rate-limit/503/402'", 'agent'],
  ['fatal: cannot open ~/work/dns/502/README.md: 1', 'agent'],
  ['Please run /login: read /tmp/a/b', 'login'],
  ['503 for /v1/messages', 'overloaded'],
  ['dns error: no such host', 'network'],
])('names of files say nothing of what failed: %s is %s', (said, expected) => {
  expect(failureIn(said)).toMatchObject({ kind: 'failed', class: expected });
});

const NOW = Date.parse('2026-11-20T16:00:00Z');

test.each([
  ['in 2 hours 5 minutes.', 125 * 60_000],
  ['in 33.28s.]', 33_280],
  ['after 20 s', 20_000],
  ['1d 2h', 26 * 3_600_000],
  ['45 minutes', 45 * 60_000],
  ['9:02pm (UTC)', (5 * 60 + 2) * 60_000],
  ['9pm (UTC)', 5 * 3_600_000],
])('a limit that ends %s ends so many milliseconds from now: %i', (words, ms) => {
  expect(resetTime(words, NOW)).toBe(NOW + ms);
});
