import type { LaunchMode, Leeway } from '../state/modes.ts';
import type { AgentAdapter, Reply, Signal } from './adapter.ts';
import { readHookMessage } from './hook-message.ts';
import { homeOf, type LoginRule, NOBODY } from './login.ts';
import { asWords, taskPrompt } from './prompt.ts';
import { meaningOf, REFUSED, shortReply } from './reply.ts';
import { screenReader } from './screen-patterns.ts';

// From Kiro's documentation and sources. No hook of it tells that it waits for a permission; only the screen does.
const readPatterns = screenReader({
  question: /^.*(?:requires approval|Allow this action\?).*$/mu,
  working: /Kiro is working|esc to cancel|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] Thinking\.\.\./u,
  idle: /^\s*▸ Credits: [\d.]+/mu,
  // Kiro's full screen, and the prompt of its plain one with nothing behind it.
  ready: /ask a question or describe a task|^(?:\[[^\]\n]+\] )?> ?$(?!\s*\S)/imu,
});

/** Kiro's tools, and the names that rules have for them. */
const TOOLS: Readonly<Record<string, string>> = {
  execute_bash: 'Bash',
  shell: 'Bash',
  fs_write: 'Write',
  write: 'Write',
  fs_read: 'Read',
  read: 'Read',
};

/** What Kiro does, by its screen. Its dialogs name the tool, and not for sure what it is used on: only rules for the whole tool hold. */
const readScreen = (screen: string): Signal | undefined => {
  const signal = readPatterns(screen);
  const tool = /(?<tool>\w+) requires approval/u.exec(screen)?.groups?.['tool'];
  if (signal?.kind !== 'waiting' || tool === undefined) return signal;
  return { ...signal, asks: { tool: TOOLS[tool] ?? tool, subject: '', helper: null, whole: false } };
};

// The question of Kiro's plain screen stays where it is when it was answered.
const readAsking = (screen: string): boolean => /requires approval[\s\S]*Yes, single permission/u.test(screen);

const READING = 'read,grep,glob';

/**
 * What each leeway trusts Kiro to do without asking. Kiro has no flag for harmless commands: which of them need no
 * question is for a person's own configuration of it.
 */
const TRUST: Readonly<Record<Leeway, string>> = {
  read: `--trust-tools=${READING}`,
  ask: '--trust-tools=',
  edit: `--trust-tools=${READING},write`,
  auto: `--trust-tools=${READING},write`,
  full: '--trust-all-tools',
};

const flags = (mode: LaunchMode | undefined): string[] => (mode ? [TRUST[mode.leeway], ...mode.args] : []);

/** The keys for Kiro's full screen, a list (yes for once, yes for ever, no), and its plain one, which asks for a letter. */
const reply = (question: string, answer: string): Reply => {
  if (!question.includes('requires approval')) return shortReply(question, answer);
  const meaning = meaningOf(answer);
  if (meaning === 'yes') return { keys: ['Enter'] };
  return { keys: ['Down', 'Down', 'Enter', 'wait:500'], afterwards: meaning === 'no' ? REFUSED : answer };
};

const login: LoginRule = {
  variables: ['KIRO_API_KEY'],
  files: (env) => [
    `${env['XDG_DATA_HOME'] || `${homeOf(env)}/.local/share`}/kiro-cli`,
    `${homeOf(env)}/Library/Application Support/kiro-cli`,
    `${homeOf(env)}/.kiro`,
    `${homeOf(env)}/.aws/amazonq`,
  ],
  read: ({ file }) => ({ kind: 'unknown', why: `it has run before (${file}), and keeps its login to itself` }),
  otherwise: NOBODY,
  repair: 'kiro-cli login',
};

/** Kiro CLI, by its documentation and followed by its screen: it was not seen running. */
export const kiro: AgentAdapter = {
  agent: 'kiro',
  title: 'Kiro',
  program: 'kiro-cli',
  versionArgs: ['--version'],
  install: 'https://kiro.dev/docs/cli/installation',
  passEnv: ['KIRO_*'],
  login,
  prompt: 'typed',
  hooks: false,
  startsOnScreen: true,
  // Kiro's sessions belong to a folder and their ids are not told: `--resume` goes on with the folder's last one.
  launch: ({ mode, resume, prompt }) => ({
    argv: [
      'kiro-cli',
      'chat',
      ...flags(mode),
      ...(resume === undefined ? [] : ['--resume']),
      ...(prompt === undefined ? [] : [prompt]),
    ],
    env: {},
    files: [],
  }),
  flags,
  promptFor: taskPrompt,
  asWords,
  readHook: readHookMessage,
  readScreen,
  reply,
  readAsking,
  interruptKeys: ['C-c'],
  quitKeys: ['text:/quit', 'Enter'],
};
