import type { AgentAdapter } from './adapter.ts';
import { readHookMessage } from './hook-message.ts';
import { taskPrompt } from './prompt.ts';

/** The agent program that comes with Drover: it works through a plan without a model, for trials, demos and tests. */
export const rehearsal: AgentAdapter = {
  agent: 'rehearsal',
  title: 'Rehearsal',
  program: 'node',
  // Its version is Drover's own; that of Node would mislead.
  versionArgs: [],
  install: 'It comes with Drover.',
  passEnv: ['DROVER_REHEARSAL_*'],
  prompt: 'typed',
  hooks: true,
  launch: ({ instance, node, rehearsal: entry, resume, uuid, prompt }) => ({
    argv: [
      node,
      entry,
      '--name',
      instance,
      resume === undefined ? '--session-id' : '--resume',
      resume ?? uuid,
      ...(prompt === undefined ? [] : ['--', prompt]),
    ],
    env: {},
    files: [],
    conversation: resume ?? uuid,
  }),
  promptFor: taskPrompt,
  readHook: readHookMessage,
  interruptKeys: ['C-c'],
  quitKeys: ['C-d'],
};
