import type { AgentAdapter } from './adapter.ts';
import { taskPrompt } from './prompt.ts';
import { shortReply } from './reply.ts';

/**
 * Stands for an agent that runs although nobody knows it any more. Nothing of what it tells or shows is understood, and it
 * is asked to leave by the keys that most programs take; it is never started.
 */
export const strangerAdapter = (name: string): AgentAdapter => ({
  agent: name,
  title: name,
  program: '',
  versionArgs: [],
  install: 'Add it under "agents" in .drover/config.json, or trust what that says of it: drover trust',
  passEnv: [],
  prompt: 'typed',
  hooks: false,
  launch: () => ({ argv: [], env: {}, files: [] }),
  flags: () => [],
  promptFor: taskPrompt,
  readHook: () => undefined,
  reply: shortReply,
  interruptKeys: ['C-c'],
  quitKeys: ['C-d'],
});
