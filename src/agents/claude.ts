import { shellQuoted } from '../lib/text.ts';
import type { AgentAdapter, LaunchOptions } from './adapter.ts';
import { readHookMessage } from './hook-message.ts';
import { taskPrompt } from './prompt.ts';

/** Once a turn and in order: the agent waits for them, so that none overtakes the one before it. */
const IN_ORDER = ['SessionStart', 'UserPromptSubmit', 'Stop', 'StopFailure', 'SessionEnd'];
/** Many in a turn: in the background, so that they cost it no time. */
const IN_BACKGROUND = ['PreToolUse', 'PostToolUse', 'PostToolUseFailure', 'PermissionRequest', 'Notification'];

/** Seconds that the agent waits at most. */
const HOOK_TIMEOUT = 10;

/** The task contract wants commits; without these each of them would wait for a person. */
const ALLOWED = ['status', 'diff', 'log', 'show', 'add', 'commit'].map((command) => `Bash(git ${command}:*)`);

const hookEntry = (hook: string, background: boolean) => [
  {
    hooks: [
      { type: 'command', command: shellQuoted(hook), timeout: HOOK_TIMEOUT, ...(background ? { async: true } : {}) },
    ],
  },
];

/** Settings for this run only: they are added to the person's own and to the project's, and nothing is written there. */
const settingsFor = (hook: string): string => {
  const hooks = Object.fromEntries([
    ...IN_ORDER.map((event) => [event, hookEntry(hook, false)] as const),
    ...IN_BACKGROUND.map((event) => [event, hookEntry(hook, true)] as const),
  ]);
  // The full-screen drawing mode would keep its history and the mouse from tmux.
  return `${JSON.stringify({ tui: 'default', permissions: { allow: ALLOWED }, hooks }, null, 2)}\n`;
};

const launch = ({ home, hook, resume, uuid, prompt }: LaunchOptions) => {
  const settings = `${home}/settings.json`;
  const conversation = resume ?? uuid;
  return {
    argv: [
      'claude',
      '--settings',
      settings,
      '--add-dir',
      home,
      '--permission-mode',
      'acceptEdits',
      resume === undefined ? '--session-id' : '--resume',
      conversation,
      ...(prompt === undefined ? [] : ['--', prompt]),
    ],
    env: {},
    files: [{ path: settings, content: settingsFor(hook) }],
    conversation,
  };
};

export const claude: AgentAdapter = {
  agent: 'claude',
  title: 'Claude Code',
  program: 'claude',
  versionArgs: ['--version'],
  install: 'npm install -g @anthropic-ai/claude-code',
  passEnv: ['ANTHROPIC_*', 'CLAUDE_CODE_*', 'CLAUDE_CONFIG_DIR', 'DISABLE_TELEMETRY', 'DISABLE_AUTOUPDATER'],
  prompt: 'typed',
  hooks: true,
  launch,
  promptFor: taskPrompt,
  readHook: readHookMessage,
  interruptKeys: ['Escape'],
  // Typed words could be joined to what an interrupt put back into its input line.
  quitKeys: ['C-c', 'C-c'],
};
