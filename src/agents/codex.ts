import { shellQuote } from '../lib/text.ts';
import type { LaunchMode, Leeway } from '../state/modes.ts';
import type { AgentAdapter, LaunchOptions, Reply } from './adapter.ts';
import {
  HOOKS_QUESTION,
  readCodexAsking,
  readCodexBox,
  readCodexScreen,
  showsCodexRequest,
  TRUST_QUESTION,
} from './codex-screen.ts';
import { codexUsage } from './codex-usage.ts';
import { hostsNamed } from './endpoints.ts';
import { homeOf, type LoginRule, NOBODY, valueAt } from './login.ts';
import { readCodexOsc } from './osc.ts';
import { asWords, taskPrompt } from './prompt.ts';
import { INSTEAD, readRefusableHook } from './refusal.ts';
import { meaningOf, REFUSED, typedReply } from './reply.ts';

/** Codex's events and the seconds that it waits for a hook of each; for the last two it takes no more. */
const HOOKS: Readonly<Record<string, number>> = {
  SessionStart: 10,
  UserPromptSubmit: 10,
  PreToolUse: 10,
  PostToolUse: 10,
  PermissionRequest: 10,
  Stop: 10,
  Interrupt: 3,
  SessionEnd: 3,
};

/** `-c` takes a path and a value in TOML, whose plain strings are written like those of JSON. */
const setting = (key: string, toml: string): string[] => ['-c', `${key}=${toml}`];

/**
 * Codex's hooks for this run, with the hashes that its own dialog would write down when a person trusts them. So neither
 * is a person asked for each instance, nor does a hook of the repository run that nobody has looked at.
 */
const hookArgs = ({ hook, sha256 }: LaunchOptions): string[] => {
  const command = shellQuote(hook);
  const trusted = Object.entries(HOOKS).map(([event, timeout]) => {
    const event_name = event.replaceAll(/(?<=.)[A-Z]/gu, (letter) => `_${letter}`).toLowerCase();
    const identity = { event_name, hooks: [{ async: false, command, timeout, type: 'command' }] };
    const hash = JSON.stringify(`sha256:${sha256(JSON.stringify(identity))}`);
    return `"/<session-flags>/config.toml:${event_name}:0:0"={trusted_hash=${hash}}`;
  });
  return [
    ...Object.entries(HOOKS).flatMap(([event, timeout]) =>
      setting(`hooks.${event}`, `[{hooks=[{type="command",command=${JSON.stringify(command)},timeout=${timeout}}]}]`),
    ),
    ...setting('hooks.state', `{${trusted.join(',')}}`),
  ];
};

/** Codex's sandbox in each leeway, and when it asks to leave that. */
const LEEWAY: Readonly<Record<Leeway, readonly string[]>> = {
  read: ['--sandbox', 'read-only', '--ask-for-approval', 'never'],
  ask: ['--sandbox', 'read-only', '--ask-for-approval', 'on-request'],
  edit: ['--sandbox', 'workspace-write', '--ask-for-approval', 'on-request'],
  // A model of Codex's service judges what it asks for.
  auto: ['--approve-for-me'],
  full: ['--dangerously-bypass-approvals-and-sandbox'],
};

const leewayOf = (mode: LaunchMode | undefined): Leeway => mode?.leeway ?? 'edit';

const flags = (mode: LaunchMode | undefined): string[] => [...LEEWAY[leewayOf(mode)], ...(mode?.args ?? [])];

// Codex's sandbox keeps the repository's git folder closed, and a commit of a worktree has to write there. Where nothing
// may be written Codex refuses to start with more folders to write to.
const folders = ({ mode, gitFolders }: LaunchOptions): string[] =>
  ['edit', 'auto'].includes(leewayOf(mode)) ? gitFolders.flatMap((folder) => ['--add-dir', folder]) : [];

const launch = (options: LaunchOptions) => {
  const { mode, resume, prompt } = options;
  return {
    argv: [
      'codex',
      ...(resume === undefined ? [] : ['resume']),
      // What Codex drew stays in tmux's history.
      '--no-alt-screen',
      // An update would be offered in a dialog before Codex begins.
      ...setting('check_for_update_on_startup', 'false'),
      ...hookArgs(options),
      ...folders(options),
      ...flags(mode),
      ...(resume === undefined ? [] : [resume]),
      ...(prompt === undefined ? [] : ['--', prompt]),
    ],
    env: {},
    files: [],
    conversation: resume,
  };
};

// A dialog that has just appeared takes no keys for a moment.
const SETTLE = 'wait:500';

/** The keys for Codex's lists, in which the first row is yes, except that hooks are shown before they are trusted. */
const reply = (question: string, answer: string): Reply => {
  if (question === INSTEAD) return typedReply(question, answer);
  const meaning = meaningOf(answer);
  const chosen = /^[1-9]$/u.exec(answer.trim())?.[0];
  if (chosen !== undefined) return { keys: [SETTLE, `text:${chosen}`] };
  if (meaning === 'yes') return { keys: [SETTLE, ...(question.startsWith(HOOKS_QUESTION) ? ['Down'] : []), 'Enter'] };
  const keys = [SETTLE, 'Escape'];
  // Before Codex has begun there is nobody to be told anything.
  if (question.startsWith(HOOKS_QUESTION) || question.startsWith(TRUST_QUESTION)) return { keys };
  // Escape ends Codex's turn: what it is told then makes it go on.
  return { keys: [...keys, SETTLE], afterwards: meaning === 'no' ? REFUSED : answer };
};

const folderOf = (env: Parameters<LoginRule['files']>[0]): string => env['CODEX_HOME'] || `${homeOf(env)}/.codex`;

const login: LoginRule = {
  variables: ['OPENAI_API_KEY', 'CODEX_API_KEY'],
  files: (env) => [`${folderOf(env)}/auth.json`],
  read: ({ file, content }) =>
    valueAt(content, 'OPENAI_API_KEY') || valueAt(content, 'tokens', 'refresh_token')
      ? { kind: 'yes', by: file }
      : undefined,
  endsByCopies: (content) => Boolean(valueAt(content, 'tokens', 'refresh_token')),
  lasting: { words: 'a key by "codex login --with-api-key"', command: 'codex login --with-api-key' },
  otherwise: NOBODY,
  repair: 'codex login',
};

/** Settings, login and what the person has taught it; conversations stay where they are. */
const broughtIn: AgentAdapter['broughtIn'] = (env) => [
  {
    ...{ from: folderOf(env), into: '.codex' },
    copies: ['config.toml', 'auth.json', 'AGENTS.md', 'agents', 'prompts', 'rules', 'skills'],
  },
];

/** Codex, followed by its hooks and what it tells its terminal. */
export const codex: AgentAdapter = {
  agent: 'codex',
  title: 'Codex',
  program: 'codex',
  versionArgs: ['--version'],
  install: 'npm install -g @openai/codex',
  passEnv: ['CODEX_*', 'OPENAI_*', 'AZURE_OPENAI_*'],
  hosts: ['api.openai.com', 'chatgpt.com', 'auth.openai.com'],
  hostsFor: (env) => hostsNamed(env, ['OPENAI_BASE_URL', 'AZURE_OPENAI_ENDPOINT', 'AZURE_OPENAI_BASE_URL']),
  login,
  broughtIn,
  prompt: 'typed',
  hooks: true,
  launch,
  flags,
  promptFor: taskPrompt,
  asWords,
  readHook: readRefusableHook,
  readScreen: readCodexScreen,
  readOsc: readCodexOsc,
  usageLog: codexUsage,
  readBox: readCodexBox,
  clearKey: 'C-u',
  reply,
  readAsking: readCodexAsking,
  showsRequest: showsCodexRequest,
  interruptKeys: ['Escape'],
  // The first may stop a turn or clear the input box, the others make Codex leave.
  quitKeys: ['C-c', 'C-c', 'C-c'],
};
