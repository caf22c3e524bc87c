import fc from 'fast-check';
import { expect, test } from 'vitest';
import { claudeRegister } from '../../src/agents/claude-register.ts';
import { adapterFor } from '../../src/agents/index.ts';
import { settingsSchema } from '../../src/state/settings.ts';

const entry = (changes: object = {}): string =>
  JSON.stringify({
    pid: 18_958,
    sessionId: '8321b523',
    cwd: '/w/p1',
    version: '2.1.329',
    tmux: 'cc-819b1130:@0.%12',
    status: 'idle',
    statusUpdatedAt: 1_795_157_149_160,
    ...changes,
  });

test('what a session of Claude Code says of itself is read with its pane and its time', () => {
  expect(claudeRegister.read(entry())).toEqual({
    conversation: '8321b523',
    pid: 18_958,
    pane: '%12',
    at: 1_795_157_149_160,
    signal: { kind: 'rests' },
  });
});

test.each([
  [{ status: 'busy' }, { kind: 'working', note: 'at work' }],
  [{ status: 'shell' }, { kind: 'working', note: 'in the background: a command', background: true }],
  [
    { status: 'waiting', waitingFor: 'dialog open' },
    { kind: 'waiting', question: 'a dialog is open in its terminal', attach: true },
  ],
  [{ status: 'waiting' }, { kind: 'waiting', question: 'a dialog is open in its terminal', attach: true }],
  [
    { status: 'waiting', waitingFor: 'permission\nprompt' },
    { kind: 'waiting', question: 'permission prompt', attach: true },
  ],
])('%o means %o', (changes, signal) => {
  expect(claudeRegister.read(entry(changes))?.signal).toEqual(signal);
});

test('a file that is not whole, or of another shape, says nothing', () => {
  for (const text of ['', entry().slice(0, -9), '[]', entry({ status: 'dreaming' }), entry({ pid: -1 })])
    expect(claudeRegister.read(text)).toBeUndefined();
  fc.assert(fc.property(fc.json(), (text) => void claudeRegister.read(text)));
  expect(claudeRegister.read(entry({ tmux: 7 }))?.pane).toBeNull();
});

test('the register lies where the agent’s own configuration lies', () => {
  expect(claudeRegister.folder({ HOME: '/home/ada' })).toBe('/home/ada/.claude/sessions');
  expect(claudeRegister.folder({})).toBe('/.claude/sessions');
  expect(claudeRegister.folder({ HOME: '/home/ada', CLAUDE_CONFIG_DIR: '/c' })).toBe('/c/sessions');
  const own = settingsSchema.parse({ agents: { claude: { env: { CLAUDE_CONFIG_DIR: '/own' } } } });
  expect(adapterFor('claude', own).register!.folder({ HOME: '/home/ada' })).toBe('/own/sessions');
});
