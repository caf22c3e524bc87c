import { expect, test } from 'vitest';
import { claude } from '../../src/agents/claude.ts';
import { launchOptions } from './options.ts';

const options = launchOptions();
const UUID = options.uuid;

test('a new conversation gets an id that is known before the start', () => {
  const { argv, conversation } = claude.launch(options);
  expect({ argv, conversation }).toEqual({
    argv: [
      ...['claude', '--settings', `${options.home}/settings.json`, '--add-dir', options.home],
      ...['--permission-mode', 'acceptEdits', '--session-id', UUID],
    ],
    conversation: UUID,
  });
});

test('a conversation is gone on with under its own id', () => {
  const { argv, conversation } = claude.launch(launchOptions({ resume: 'old-id' }));
  expect([argv.slice(-2), conversation]).toEqual([['--resume', 'old-id'], 'old-id']);
});

test('a prompt at the start comes last and is never taken for an option', () => {
  expect(claude.launch(launchOptions({ prompt: '--help me' })).argv.slice(-2)).toEqual(['--', '--help me']);
});

test('its settings hook every event that matters, in order where order matters, and touch nothing of the project', () => {
  const [file, ...others] = claude.launch(options).files;
  const { hooks, ...rest } = JSON.parse(file!.content) as { hooks: Record<string, [{ hooks: [object] }]> };
  // With `args` it is started as it is, and no shell reads its path.
  const started = { type: 'command', command: "/opt/it's drover/hook.sh", args: [], timeout: 10 };
  const waited = [{ hooks: [started] }];
  const background = [{ hooks: [{ ...started, async: true }] }];
  expect([file!.path, others]).toEqual([`${options.home}/settings.json`, []]);
  expect(hooks).toEqual({
    SessionStart: waited,
    UserPromptSubmit: waited,
    Stop: waited,
    StopFailure: waited,
    SessionEnd: waited,
    PreToolUse: background,
    PostToolUse: background,
    PostToolUseFailure: background,
    PermissionRequest: [{ hooks: [{ ...started, command: "/opt/it's drover/ask-hook.sh", timeout: 604_800 }] }],
    Notification: background,
  });
  expect(rest).toEqual({ tui: 'default', permissions: { allow: expect.arrayContaining(['Bash(git commit:*)']) } });
});

type Brought = ReturnType<NonNullable<typeof claude.broughtIn>>[number];

test('[SEC-9] a home of its own gets settings and login of the person, and no conversation', () => {
  const [usual] = claude.broughtIn!({ HOME: '/home/ada' }) as [Brought];
  expect(usual).toMatchObject({ from: '/home/ada', into: '' });
  expect(usual.copies).toEqual(
    expect.arrayContaining(['.claude.json', '.claude/.credentials.json', '.claude/settings.json']),
  );
  // What the settings name lies beside them.
  const named = ['hooks', 'scripts', 'statusline.sh', 'statusline-command.sh', 'output-styles', 'rules'];
  expect(usual.copies).toEqual(expect.arrayContaining([...named, 'keybindings.json'].map((name) => `.claude/${name}`)));
  const [other] = claude.broughtIn!({ HOME: '/home/ada', CLAUDE_CONFIG_DIR: '/etc/claude' }) as [Brought];
  expect(other).toMatchObject({ from: '/etc/claude', into: '.claude' });
  expect(other.copies).toEqual(expect.arrayContaining(['.claude.json', '.credentials.json']));
  expect([...usual.copies, ...other.copies].filter((name) => name.includes('projects'))).toEqual([]);
});
