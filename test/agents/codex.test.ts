import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { codex } from '../../src/agents/codex.ts';
import { adapterFor } from '../../src/agents/index.ts';
import { INSTEAD } from '../../src/agents/refusal.ts';
import { launchModeOf, modeNamed } from '../../src/state/modes.ts';
import { settingsSchema } from '../../src/state/settings.ts';
import { launchOptions } from './options.ts';

const settings = settingsSchema.parse({ modes: { auto: { autonomy: 'auto', args: { codex: ['-m', 'x'] } } } });
const inMode = (name: string) =>
  codex.launch(launchOptions({ mode: launchModeOf(modeNamed(name, settings), 'codex') })).argv;

/** The screen of Codex 0.169 with this above its input box. */
const screen = (said: string, typed = 'Ask Codex to do anything'): string => `
  >_ OpenAI Codex (v0.169.0)

› ${'the prompt before'}

${said}

› ${typed}

  gpt-5.1-codex default · /w/x-1
  ← for agents · ? for shortcuts
`;

// What Codex 0.169 itself has written into the config.toml of a person who chose "Trust all and continue".
const TRUSTED = {
  session_start: '1c40e54f825330f041ea54c91e3772c4dd8587b2e7fd60d9a01364570549fff1',
  user_prompt_submit: 'f3830cfc66cfa067218311d51128589e2dc80da8f3509c811a7670a333f5f75b',
  pre_tool_use: 'a9af4b6a36a6ffcedc825ba3abcc8788ec62340403b28c39b1985125e4d1577f',
  post_tool_use: '6ec09feb2b506fd9cf825745f8a4d93668f69194127cd0e42c03e0592d057230',
  permission_request: 'a70c62021ee3043c96b2094430f4e534a659bbaa4845540ed28f25dd8b70fe62',
  stop: 'c15d55f62b9a96a449823ebdf9065a618012668e91e3449f2cd3a0d5e58c5b25',
  interrupt: '15ab546f286b7fae2d443eeb7221694c30be9f622ae5e082184a5e87fb63bb4d',
  session_end: 'ce66041093b09f64ae24eb066ba4d50116a71c39aba9862cf58494930700a874',
};

test('its hooks, and no others, are trusted by the hashes that its own dialog would write down', () => {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const { argv, files } = codex.launch(launchOptions({ hook: '/work/main/assets/hook.sh', sha256 }));
  const trusted = argv.find((arg) => arg.startsWith('hooks.state='))!;
  const found = trusted.matchAll(/config\.toml:(\w+):0:0"=\{trusted_hash="sha256:(\w+)"\}/g);
  expect(Object.fromEntries([...found].map(([, event, hash]) => [event, hash]))).toEqual(TRUSTED);
  expect(argv.filter((arg) => arg.startsWith('hooks.')).length).toBe(9);
  expect(argv).toContain('hooks.Stop=[{hooks=[{type="command",command="/work/main/assets/hook.sh",timeout=10}]}]');
  expect(files).toEqual([]);
});

test('it may write where a commit of its worktree writes, unless it may not write at all', () => {
  const added = ['--add-dir', '/r/.git/objects', '--add-dir', "/r/.git/worktrees/it's x-1"];
  for (const name of ['tdd', 'auto']) expect(inMode(name)).toEqual(expect.arrayContaining(added));
  for (const name of ['safe', 'review', 'beast']) expect(inMode(name)).not.toContain('--add-dir');
});

test('[AGT-7] each autonomy has its arguments for Codex', () => {
  const flags = ['safe', 'tdd', 'auto', 'beast', 'review'].map((name) =>
    codex.flags(launchModeOf(modeNamed(name, settings), 'codex')).join(' '),
  );
  expect(flags).toEqual([
    '--sandbox read-only --ask-for-approval on-request',
    '--sandbox workspace-write --ask-for-approval on-request',
    '--approve-for-me -m x',
    '--dangerously-bypass-approvals-and-sandbox',
    '--sandbox read-only --ask-for-approval never',
  ]);
  expect(codex.flags(undefined).join(' ')).toBe(flags[1]);
});

test('a conversation is gone on with under its own id, and a prompt is never taken for an option', () => {
  const { argv, conversation } = codex.launch(launchOptions({ resume: 'old-id', prompt: '--help me' }));
  expect([argv.slice(0, 2), argv.slice(-3), conversation]).toEqual([
    ['codex', 'resume'],
    ['old-id', '--', '--help me'],
    'old-id',
  ]);
  expect(codex.launch(launchOptions()).conversation).toBeUndefined();
});

test('it is ready when its input box is there', () => {
  expect(codex.readScreen!(screen('• all done'))).toEqual({ kind: 'ready' });
  expect(codex.readScreen!('')).toBeUndefined();
  expect(codex.readScreen!('\n  Reading your configuration\n')).toBeUndefined();
});

test('an error of its service, of which no hook tells, is read from the screen in the words of the service', () => {
  const failed = (message: string, kind = 'agent') => ({ kind: 'failed', class: kind, message });
  expect(codex.readScreen!(screen('■ {"error":{"message":"scripted error 400","type":"x"}}'))).toEqual(
    failed('scripted error 400'),
  );
  expect(codex.readScreen!(screen('■ stream disconnected\n  before completion'))).toEqual(
    failed('stream disconnected before completion', 'network'),
  );
  expect(codex.readScreen!(screen('■ unexpected status 401 Unauthorized: no key, url: http://x'))).toMatchObject({
    class: 'login',
  });
  for (const later of ['■ Conversation interrupted - use /feedback', '■ an error\n\n• it goes on'])
    expect(codex.readScreen!(screen(later))).toEqual({ kind: 'ready' });
});

test('the dialogs of its start are questions', () => {
  const trust = `
  Folder access
  /w/x-1

  Note: You’re in a subdirectory of a Git project. Trusting will apply to the repository root:
  /r

  Trust this folder? Codex can read, edit, and run files here

› 1. Trust and continue
  2. Back to Agent Command Center
`;
  const plain = trust.replace(/ {2}Note[\s\S]*?\/r\n/u, '');
  const hooks =
    '\n  Hooks need review\n  2 hooks are new or changed.\n\n› 1. Review hooks\n  2. Trust all and continue\n';
  const login = '\n> 1. Sign in with ChatGPT\n  2. Sign in with Device Code\n';
  const asked = [trust, plain, hooks, login].map((text) => {
    const signal = codex.readScreen!(text);
    return signal?.kind === 'waiting' && signal.question;
  });
  expect(asked).toEqual([
    'Trust this folder? /r',
    'Trust this folder? /w/x-1',
    'Hooks need review. 2 hooks are new or changed. Trust them all?',
    'Nobody is logged in: attach to it, or stop it and run "codex login".',
  ]);
});

test('its input box holds what was typed, and neither its grey words nor a dialog', () => {
  expect(codex.readBox!(screen('', 'do\n  this'))).toBe('do\nthis');
  expect(codex.readBox!(screen('', '\u001B[2mAsk Codex to do anything\u001B[0m'))).toBe('');
  expect(codex.readBox!('› 1. Yes, proceed (y)\n  2. No')).toBeUndefined();
  expect(codex.readBox!('› open')).toBe('open');
});

test('a refusal that ends its turn lets it ask what to do instead', () => {
  expect(codex.readHook({ hook_event_name: 'Interrupt' })).toEqual({
    kind: 'failed',
    class: 'stopped',
    message: 'interrupted',
    ifAsking: INSTEAD,
  });
  expect(codex.readHook({ hook_event_name: 'Stop', last_assistant_message: 'x' })).toEqual({
    kind: 'finished',
    summary: 'x',
  });
});

test.each([
  ['May it use Bash: ls?', 'yes', ['wait:500', 'Enter'], undefined],
  ['May it use Bash: ls?', '2', ['wait:500', 'text:2'], undefined],
  ['May it use Bash: ls?', 'no', ['wait:500', 'Escape', 'wait:500'], expect.stringMatching(/^No, not that/)],
  ['May it use Bash: ls?', 'use rm', ['wait:500', 'Escape', 'wait:500'], 'use rm'],
  ['Hooks need review. 2 hooks', 'yes', ['wait:500', 'Down', 'Enter'], undefined],
  ['Trust this folder? /r', 'no', ['wait:500', 'Escape'], undefined],
  [INSTEAD, 'no', ['text:no', 'Enter'], undefined],
])('asked "%s" the answer "%s" is given by the right keys', (question, answer, keys, afterwards) => {
  expect(codex.reply(question, answer)).toEqual({ keys, ...(afterwards === undefined ? {} : { afterwards }) });
});

test('Codex comes with Drover', () => {
  expect(adapterFor('codex', settings)).toBe(codex);
});

test('a login is for a person in its terminal, and its dialogs are known to stand there', () => {
  const login = '\n> 1. Sign in with ChatGPT\n  2. Sign in with Device Code\n';
  expect(codex.readScreen!(login)).toMatchObject({ kind: 'waiting', attach: true });
  expect(codex.readAsking!('› the prompt\n\n› 1. Yes, proceed (y)\n  2. No')).toBe(true);
  expect([screen('• all done'), ''].map((text) => codex.readAsking!(text))).toEqual([false, false]);
});
