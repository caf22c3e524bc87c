import type { AgentAdapter } from './adapter.ts';
import { readHookMessage } from './hook-message.ts';
import { taskPrompt } from './prompt.ts';
import { screenReader } from './screen-patterns.ts';

// From Kiro's documentation and sources. No hook of it tells that it waits for a permission; only the screen does.
const readScreen = screenReader({
  question: /^.*(?:requires approval|Allow this action\?).*$/mu,
  working: /Kiro is working|esc to cancel|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] Thinking\.\.\./u,
  idle: /^\s*▸ Credits: [\d.]+/mu,
  ready: /ask a question or describe a task/iu,
});

export const kiro: AgentAdapter = {
  agent: 'kiro',
  title: 'Kiro',
  program: 'kiro-cli',
  versionArgs: ['--version'],
  install: 'https://kiro.dev/docs/cli/installation',
  passEnv: ['KIRO_*'],
  prompt: 'typed',
  hooks: false,
  // Its sessions belong to a folder and it does not tell their ids: `--resume` goes on with the folder's last one.
  launch: ({ resume, prompt }) => ({
    argv: [
      'kiro-cli',
      'chat',
      ...(resume === undefined ? [] : ['--resume']),
      ...(prompt === undefined ? [] : [prompt]),
    ],
    env: {},
    files: [],
  }),
  promptFor: taskPrompt,
  readHook: readHookMessage,
  readScreen,
  interruptKeys: ['C-c'],
  quitKeys: ['text:/quit', 'Enter'],
};
