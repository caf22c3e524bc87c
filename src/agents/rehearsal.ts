import type { LaunchMode } from '../state/modes.ts';
import type { AgentAdapter } from './adapter.ts';
import { readHookMessage } from './hook-message.ts';
import { typedBehind } from './input-box.ts';
import { taskPrompt } from './prompt.ts';
import { typedReply } from './reply.ts';

const flags = (mode: LaunchMode | undefined): string[] =>
  mode ? ['--mode', mode.name, '--autonomy', mode.leeway, ...mode.args] : [];

/** The agent program that comes with Drover: it works through a plan without a model, for trials, demos and tests. */
export const rehearsal: AgentAdapter = {
  agent: 'rehearsal',
  title: 'Rehearsal',
  pretends: true,
  program: 'node',
  // Its version is Drover's own; that of Node would mislead.
  versionArgs: [],
  install: 'It comes with Drover.',
  passEnv: ['DROVER_REHEARSAL_*'],
  prompt: 'typed',
  hooks: true,
  launch: ({ instance, node, rehearsal: entry, mode, resume, uuid, prompt }) => ({
    argv: [
      node,
      entry,
      '--name',
      instance,
      ...flags(mode),
      resume === undefined ? '--session-id' : '--resume',
      resume ?? uuid,
      ...(prompt === undefined ? [] : ['--', prompt]),
    ],
    env: {},
    files: [],
    conversation: resume ?? uuid,
  }),
  flags,
  promptFor: taskPrompt,
  readHook: readHookMessage,
  readTyped: typedBehind(/^❯ *$/u),
  reply: typedReply,
  interruptKeys: ['C-c'],
  quitKeys: ['C-d'],
};
