import type { LaunchMode, Leeway } from '../state/modes.ts';
import type { AgentAdapter, Launch, LaunchOptions, Signal } from './adapter.ts';
import { readHookMessage } from './hook-message.ts';
import { agentAmong, agentFiles, DERIVED, derivedAgents } from './kiro-agents.ts';
import { answerStep, readAsking } from './kiro-dialog.ts';
import { kiroRecord } from './kiro-record.ts';
import { readBox, readDialog, readScreen } from './kiro-screen.ts';
import { toolNamed } from './kiro-tools.ts';
import { homeOf, type LoginRule, NOBODY } from './login.ts';
import { asWords, taskPrompt } from './prompt.ts';
import { shortReply } from './reply.ts';

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

/** The engine that made a conversation is the only one that can go on with it; its ids say which that is. */
const engineOf = (conversation: string | undefined): string => (conversation?.startsWith('sess_') ? 'v3' : 'v2');

const launch = (options: LaunchOptions): Launch => {
  const { derived, mode, prompt, record, resume } = options;
  const { agent, others } = agentAmong(flags(mode));
  const agents = derivedAgents(options, agent);
  return {
    argv: [
      'kiro-cli',
      'chat',
      ...(agents.length > 0 ? ['--agent', DERIVED, ...others] : flags(mode)),
      // Without an id it would go on with the folder's newest conversation, which may be the person's.
      ...(resume === undefined ? [] : ['--resume-id', resume]),
      ...(prompt === undefined ? [] : [prompt]),
    ],
    env: {
      KIRO_ACP_RECORD_PATH: record,
      KIRO_AGENT_ENGINE: engineOf(resume),
      ...(agents.length > 0 ? { KIRO_AGENT_CONFIG_DIR: derived } : {}),
    },
    // The record holds what is said and, of the third engine, a token: it is there for nobody else before Kiro opens it.
    files: [{ path: record, content: '' }, ...agents],
    conversation: resume,
  };
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const EVENTS: Readonly<Record<string, string>> = {
  agentSpawn: 'SessionStart',
  userPromptSubmit: 'UserPromptSubmit',
  postToolUse: 'PostToolUse',
  stop: 'Stop',
};

/** What Kiro's hooks say, which is what those of Claude Code say in other words. */
const readHook = (body: unknown): Signal | undefined => {
  if (!isRecord(body)) return undefined;
  const { hook_event_name: name, tool_name, tool_input, assistant_response } = body;
  const event = typeof name === 'string' && Object.hasOwn(EVENTS, name) ? EVENTS[name]! : name;
  const path = isRecord(tool_input) ? tool_input['path'] : undefined;
  return readHookMessage({
    ...body,
    hook_event_name: event,
    ...(typeof tool_name === 'string' ? { tool_name: toolNamed(tool_name) } : {}),
    ...(isRecord(tool_input) && typeof path === 'string' ? { tool_input: { file_path: path, ...tool_input } } : {}),
    ...(typeof assistant_response === 'string' ? { last_assistant_message: assistant_response } : {}),
  });
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

/** Kiro CLI, followed by the record of its own frames, by hooks, and by its screen; none of it was seen running. */
export const kiro: AgentAdapter = {
  agent: 'kiro',
  title: 'Kiro',
  program: 'kiro-cli',
  versionArgs: ['--version'],
  install: 'https://kiro.dev/docs/cli/installation',
  passEnv: ['KIRO_*'],
  hosts: [
    ...['q.us-east-1.amazonaws.com', 'codewhisperer.us-east-1.amazonaws.com', 'oidc.us-east-1.amazonaws.com'],
    ...['prod.us-east-1.auth.desktop.kiro.dev', 'runtime.us-east-1.kiro.dev'],
  ],
  login,
  prompt: 'typed',
  hooks: true,
  launch,
  flags,
  promptFor: taskPrompt,
  asWords,
  readHook,
  readScreen,
  record: kiroRecord,
  derivesFrom: agentFiles,
  readDialog,
  readBox,
  clearKey: 'C-u',
  reply: shortReply,
  answerStep,
  readAsking,
  interruptKeys: ['Escape'],
  quitKeys: ['text:/quit', 'Enter'],
};
