import { defineError } from '../lib/errors.ts';

export const unknownAgent = defineError(
  'agents/unknown',
  3,
  (p: { name: string; nearest?: string | undefined; known: readonly string[] }) => ({
    message: `no agent is called "${p.name}"`,
    hint: p.nearest
      ? `Did you mean "${p.nearest}"?`
      : `Known agents are ${p.known.join(', ')}; others are added under "agents" in .drover/config.json.`,
  }),
);

export const noCommand = defineError('agents/no-command', 2, (p: { name: string }) => ({
  message: `the agent "${p.name}" has no command`,
  hint: `Set "agents.${p.name}.command" in .drover/config.json to its program and arguments, as a list.`,
}));

export const notInstalled = defineError(
  'agents/not-installed',
  3,
  (p: { agent: string; program: string; install: string; others: readonly string[] }) => ({
    message: `The program of ${p.agent}, "${p.program}", is not in PATH.`,
    hint:
      p.others.length === 0
        ? p.install
        : `${p.install.replace(/\.$/u, '')}; or start one that is there, agent=${p.others.join(', agent=')}`,
  }),
);

export const noSuchChoice = defineError(
  'agents/no-such-choice',
  2,
  (p: { answer: string; choices: readonly string[] }) => ({
    message: `"${p.answer}" is none of the choices: ${p.choices.join(' / ')}`,
    hint: 'Answer with the number of one, with the word it begins with, or attach to it and choose there.',
  }),
);

export const badLaunch = defineError('agents/bad-launch', 2, (p: { what: string; value: string }) => ({
  message: `an agent cannot be started with ${p.what} "${p.value}"`,
  hint: 'Correct "command", "env" or "pass_env" of the agent in .drover/config.json.',
}));

export const tooFewAnswers = defineError('agents/too-few-answers', 2, (p: { wanted: number; given: number }) => ({
  message: `${p.wanted} questions are asked and ${p.given} answered`,
  hint: 'Answer all of them in their order, with a semicolon between two: answer claude-1 "Red; Big".',
}));

export const planInTerminal = defineError('agents/plan-in-terminal', 6, (p: { answer: string }) => ({
  message: `"${p.answer}" is not given to a plan by keys: the choices of its dialog change the mode of the agent.`,
  hint: 'Approve or deny it, or say what to change; where that is refused, attach to it and choose there.',
}));
