import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import type { Signal } from '../../src/agents/adapter.ts';
import { adapterFor } from '../../src/agents/index.ts';
import { opencode } from '../../src/agents/opencode.ts';
import { INSTEAD } from '../../src/agents/refusal.ts';
import { isWhole, parseSpoolFile } from '../../src/agents/spool-message.ts';
import { launchModeOf, modeNamed } from '../../src/state/modes.ts';
import { settingsSchema } from '../../src/state/settings.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { launchOptions, withoutUse } from './options.ts';

type Plugin = {
  event(happened: { event: Event }): Promise<void>;
  'tool.execute.before'(call: { tool: string }, input: { args?: object }): Promise<void>;
  'tool.execute.after'(call: { tool: string; args?: object }): Promise<void>;
};
// It is plain JavaScript, because opencode loads it as it is.
const FILE = resolve('assets/opencode-plugin.js');
const { Drover } = (await import(FILE)) as { Drover: () => Promise<Plugin> };

const settings = settingsSchema.parse({ modes: { auto: { autonomy: 'auto', args: { opencode: ['-m', 'a/b'] } } } });
const launched = (name?: string) => {
  const mode = name === undefined ? undefined : launchModeOf(modeNamed(name, settings), 'opencode');
  const { argv, env } = opencode.launch(launchOptions({ mode, hook: '/opt/a b#c/hook.sh', home: '/h' }));
  const config = JSON.parse(env['OPENCODE_CONFIG_CONTENT']!) as {
    plugin: string[];
    permission: Record<string, unknown>;
  };
  return { argv, ...config };
};

afterEach(() => vi.unstubAllEnvs());

type Event = { readonly type: string; readonly properties: object };
const S = { sessionID: 's' };
const busy: Event = { type: 'session.status', properties: { ...S, status: { type: 'busy' } } };
const idle: Event = { type: 'session.idle', properties: S };
const asks: Event = {
  type: 'permission.asked',
  properties: { ...S, id: 'p', permission: 'bash', patterns: ['rm *'], metadata: { command: 'rm x' } },
};
const replied = (reply: string): Event => ({ type: 'permission.replied', properties: { ...S, requestID: 'p', reply } });
const error = (name: string, data?: object): Event => ({
  type: 'session.error',
  properties: { ...S, error: { name, data } },
});

/** What Drover hears when these things happen in opencode: the plugin, the hook and the spool are the real ones. */
const heard = async (happen: (plugin: Plugin) => Promise<unknown>): Promise<(Signal | undefined)[]> => {
  using folder = temporaryFolder('plugin');
  vi.stubEnv('DROVER_HOOK', resolve('assets/hook.sh'));
  vi.stubEnv('DROVER_SPOOL', folder.path);
  vi.stubEnv('DROVER_INSTANCE', 'opencode-1');
  vi.stubEnv('DROVER_TOKEN', 't');
  const plugin = await Drover();
  await happen(plugin);
  await plugin.event({ event: { type: 'session.created', properties: { info: { id: 'the end' } } } });
  const found = new Map<string, unknown>();
  const isOver = () => {
    for (const name of readdirSync(folder.path).filter((one) => /\.(?:json|hook)$/.test(one))) {
      const text = readFileSync(`${folder.path}/${name}`, 'utf8');
      if (!found.has(name) && (name.endsWith('.json') || isWhole(text))) found.set(name, parseSpoolFile(text)?.body);
    }
    return [...found.values()].some((body) => JSON.stringify(body).includes('the end'));
  };
  await vi.waitUntil(isOver);
  return [...found.values()]
    .map((body) => withoutUse(opencode.readHook(body)))
    .filter((one) => !JSON.stringify(one).includes('the end'));
};
const events = (...all: readonly Event[]) =>
  heard(async (plugin) => {
    for (const event of all) await plugin.event({ event });
  });

test('a turn of opencode begins with its work and ends with what it said last', async () => {
  const said = (messageID: string, text: string): Event => ({
    type: 'message.part.updated',
    properties: { part: { ...S, type: 'text', messageID, text } },
  });
  const signals = await events(
    { type: 'session.created', properties: { info: { id: 's' } } },
    { type: 'message.updated', properties: { info: { id: 'm1', role: 'user' } } },
    busy,
    said('m1', 'the prompt'),
    said('m2', 'fin'),
    said('m2', 'finished'),
    busy,
    idle,
    idle,
  );
  expect(signals).toEqual([
    { kind: 'ready', conversation: 's' },
    { kind: 'working' },
    { kind: 'finished', summary: 'finished' },
  ]);
});

test('what opencode asks is a question until it is allowed, and a refusal ends its turn', async () => {
  const working = { kind: 'working', note: 'Bash: rm x' };
  expect(await events(busy, asks, replied('once'), asks, replied('reject'), idle)).toEqual([
    { kind: 'working' },
    { kind: 'waiting', question: 'May it use Bash: rm x?' },
    working,
    { kind: 'waiting', question: 'May it use Bash: rm x?' },
    { kind: 'failed', class: 'stopped', message: 'interrupted', ifAsking: INSTEAD },
  ]);
});

test('the questions of opencode are asked in its words', async () => {
  const asked: Event = {
    type: 'question.asked',
    properties: { ...S, id: 'q', questions: [{ question: 'Red or blue?' }] },
  };
  const answer = (type: string): Event => ({ type, properties: { ...S, requestID: 'q' } });
  expect(await events(busy, asked, answer('question.replied'), asked, answer('question.rejected'), idle)).toEqual([
    { kind: 'working' },
    { kind: 'waiting', question: 'Red or blue?' },
    { kind: 'working', note: 'AskUserQuestion' },
    { kind: 'waiting', question: 'Red or blue?' },
    expect.objectContaining({ kind: 'failed', class: 'stopped' }),
  ]);
});

test('an error of its service and an interrupt end a turn of opencode, another attempt does not', async () => {
  const retry: Event = {
    type: 'session.status',
    properties: { ...S, status: { type: 'retry', attempt: 1, message: 'Overloaded' } },
  };
  const signals = await events(
    ...[busy, retry, retry, error('APIError', { message: 'no credit' }), idle],
    ...[busy, error('MessageAbortedError'), idle],
    ...[busy, error('Odd'), { type: 'session.status', properties: { ...S, status: { type: 'idle' } } }, idle],
  );
  expect(signals).toEqual([
    { kind: 'working' },
    { kind: 'working', note: 'another attempt: Overloaded' },
    { kind: 'failed', class: 'agent', message: 'APIError: no credit' },
    { kind: 'working' },
    { kind: 'failed', class: 'stopped', message: 'interrupted', ifAsking: INSTEAD },
    { kind: 'working' },
    { kind: 'failed', class: 'agent', message: 'Odd: no details given' },
  ]);
});

test('turns of the helpers of opencode are not its own, and events of another shape do no harm', async () => {
  const helper = { sessionID: 'h' };
  const signals = await events(
    { type: 'session.created', properties: { info: { id: 'h', parentID: 's' } } },
    { type: 'session.status', properties: { ...helper, status: { type: 'busy' } } },
    { type: 'session.error', properties: { ...helper, error: { name: 'X' } } },
    { type: 'session.idle', properties: helper },
    { type: 'session.created', properties: {} },
    { type: 'permission.asked', properties: { ...helper, id: 'e', permission: 'external_directory' } },
    { type: 'permission.replied', properties: { ...helper, requestID: 'e', reply: 'reject' } },
    { type: 'something.new', properties: {} },
  );
  expect(signals).toEqual(
    [
      { kind: 'waiting', question: 'May it use external_directory: ?' },
      { kind: 'working', note: 'external_directory: ' },
    ].map((one) => expect.objectContaining({ kind: one.kind })),
  );
});

test('the tools of opencode have the names that Drover knows, so that written files are known', async () => {
  const signals = await heard(async (plugin) => {
    await plugin['tool.execute.before']({ tool: 'bash' }, { args: { command: 'ls' } });
    await plugin['tool.execute.after']({ tool: 'write', args: { filePath: '/w/a.ts', content: 'x' } });
    await plugin['tool.execute.before']({ tool: 'todoread' }, {});
    await plugin['tool.execute.after']({ tool: 'todoread' });
  });
  expect(signals).toEqual([
    { kind: 'working', note: 'Bash: ls' },
    { kind: 'touched', path: '/w/a.ts', note: 'Write: /w/a.ts' },
    { kind: 'working', note: 'todoread' },
    { kind: 'working', note: 'todoread' },
  ]);
});

test('a hook that is not there does opencode no harm', async () => {
  const plugin = await Drover();
  for (const hook of ['/nowhere/hook.sh', undefined]) {
    vi.stubEnv('DROVER_HOOK', hook);
    await expect(plugin.event({ event: busy })).resolves.toBeUndefined();
  }
});

test('[AGT-7] each autonomy has its permissions for opencode', () => {
  const bash = (name: string) => launched(name).permission['bash'];
  expect(['safe', 'tdd', 'auto', 'beast', 'review'].map((name) => launched(name).permission['edit'])).toEqual([
    ...['ask', 'allow', 'allow', undefined, 'deny'],
  ]);
  expect(bash('safe')).toEqual({ '*': 'ask', 'drover report *': 'allow' });
  expect(bash('tdd')).toMatchObject({ '*': 'ask', 'git commit*': 'allow', 'git merge *': 'allow' });
  expect(bash('auto')).toBe('allow');
  expect(bash('review')).toMatchObject({ '*': 'deny', 'git diff*': 'allow' });
  expect(launched('beast').permission).toMatchObject({ '*': 'allow', external_directory: 'allow' });
  expect(launched('auto').argv).toEqual(['opencode', '-m', 'a/b']);
  expect(launched().permission).toEqual({ external_directory: { '/h/**': 'allow' } });
});

test('its plugin lies beside the hook, whatever the folder is called', () => {
  expect(launched().plugin).toEqual(['file:///opt/a%20b%23c/opencode-plugin.js']);
  expect(adapterFor('opencode', settings)).toBe(opencode);
});

test('a conversation is gone on with, and a prompt is one argument', () => {
  const { argv, conversation } = opencode.launch(launchOptions({ resume: 'ses_1', prompt: '--help me' }));
  expect([argv, conversation]).toEqual([['opencode', '--session', 'ses_1', '--prompt=--help me'], 'ses_1']);
});

test('it is ready when its input box is there, and what was typed stands in it', () => {
  const box = (text: string) =>
    `  ┃  older prompt\n\n  ┃\n  ┃  ${text}\n  ┃\n  ┃  Build · Model Provider\n  ╹▀▀▀▀▀▀▀▀▀▀\n   footer`;
  expect(opencode.readScreen!(box('Ask anything…'))).toEqual({ kind: 'ready' });
  expect(opencode.readScreen!('  ┃  △ Permission required\n  ┃   Allow once')).toBeUndefined();
  expect(opencode.readBox!(box('do this\n  ┃  and that'))).toBe('do this\nand that');
  expect(opencode.readBox!(box('\u001B[38;2;1;2;3m\u001B[0m'))).toBe('');
});

test.each([
  ['May it use Bash: ls?', 'yes', ['wait:500', 'Enter'], undefined],
  ['Red or blue?', '2', ['wait:500', 'text:2'], undefined],
  ['May it use Bash: ls?', 'no', expect.arrayContaining(['Right', 'Enter']), expect.stringMatching(/^No, not that/)],
  ['May it use Bash: ls?', 'use rm', expect.arrayContaining(['Right', 'Enter']), 'use rm'],
  [INSTEAD, 'no', ['text:no', 'Enter'], undefined],
])('asked "%s" the answer "%s" is given by the right keys', (question, answer, keys, afterwards) => {
  expect(opencode.reply(question, answer)).toEqual({ keys, ...(afterwards === undefined ? {} : { afterwards }) });
});
