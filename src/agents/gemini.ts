import type { LaunchMode, Leeway } from '../state/modes.ts';
import type { AgentAdapter, LaunchOptions, Reply } from './adapter.ts';
import { hostsNamed, vertexHosts } from './endpoints.ts';
import { readGeminiAsking, readGeminiBox, readGeminiScreen } from './gemini-screen.ts';
import { geminiUsage } from './gemini-usage.ts';
import { readHookMessage } from './hook-message.ts';
import { homeOf, isOn, type LoginRule, NOBODY, timedLogin, valueAt } from './login.ts';
import { readGeminiOsc } from './osc.ts';
import { asWords, taskPrompt } from './prompt.ts';
import { INSTEAD } from './refusal.ts';
import { meaningOf, REFUSED, typedReply } from './reply.ts';

/** Gemini CLI's approval mode in each leeway, and the commands that need no question beside it. */
const LEEWAY: Readonly<Record<Leeway, { readonly mode: string; readonly git: readonly string[] }>> = {
  read: { mode: 'plan', git: [] },
  ask: { mode: 'default', git: [] },
  // The task contract wants commits, and work that is sent back a merge into its own branch.
  edit: { mode: 'auto_edit', git: ['status', 'diff', 'log', 'show', 'add', 'commit', 'merge'] },
  auto: { mode: 'auto_edit', git: ['status', 'diff', 'log', 'show', 'add', 'commit', 'merge'] },
  full: { mode: 'yolo', git: [] },
};

const leewayOf = (mode: LaunchMode | undefined) => LEEWAY[mode?.leeway ?? 'edit'];

const flags = (mode: LaunchMode | undefined): string[] => [
  '--approval-mode',
  leewayOf(mode).mode,
  ...(mode?.args ?? []),
];

const policyFor = (mode: LaunchMode | undefined): string => {
  const prefixes = [...leewayOf(mode).git.map((command) => `git ${command}`), 'drover report'];
  return `[[rule]]
toolName = "run_shell_command"
commandPrefix = ${JSON.stringify(prefixes)}
decision = "allow"
priority = 100
`;
};

const launch = ({ home, mode, resume, uuid, prompt }: LaunchOptions) => {
  const policy = `${home}/policy.toml`;
  const conversation = resume ?? uuid;
  return {
    argv: [
      'gemini',
      '--policy',
      policy,
      // The brief lies there.
      '--include-directories',
      home,
      ...flags(mode),
      resume === undefined ? '--session-id' : '--resume',
      conversation,
      ...(prompt === undefined ? [] : [`--prompt-interactive=${prompt}`]),
    ],
    env: {},
    files: [{ path: policy, content: policyFor(mode) }],
    conversation,
  };
};

// A dialog that has just appeared takes no keys for a moment.
const SETTLE = 'wait:500';

/** The keys for Gemini CLI's lists, in which the first row is yes. */
const reply = (question: string, answer: string): Reply => {
  if (question === INSTEAD) return typedReply(question, answer);
  const meaning = meaningOf(answer);
  if (meaning === 'yes') return { keys: [SETTLE, 'Enter'] };
  const chosen = /^[1-9]$/u.exec(answer.trim())?.[0];
  if (chosen !== undefined) return { keys: [SETTLE, `text:${chosen}`] };
  // Escape ends Gemini CLI's turn: what it is told then makes it go on.
  return { keys: [SETTLE, 'Escape', SETTLE], afterwards: meaning === 'no' ? REFUSED : answer };
};

const folderOf = (env: Parameters<LoginRule['files']>[0]): string => `${env['GEMINI_CLI_HOME'] || homeOf(env)}/.gemini`;

const login: LoginRule = {
  variables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GOOGLE_GENAI_USE_VERTEXAI'],
  files: (env) => [`${folderOf(env)}/oauth_creds.json`],
  read: ({ file, content }) =>
    typeof content === 'object' && content !== null
      ? timedLogin(file, valueAt(content, 'expiry_date'), valueAt(content, 'refresh_token'))
      : undefined,
  keptByOthers: ['GOOGLE_GENAI_USE_VERTEXAI', 'GOOGLE_APPLICATION_CREDENTIALS'],
  otherwise: NOBODY,
  repair: 'gemini',
};

/** Settings, login and what the person has taught it; conversations stay where they are. */
const broughtIn: AgentAdapter['broughtIn'] = (env) => [
  {
    ...{ from: folderOf(env), into: '.gemini' },
    copies: [
      ...['settings.json', 'oauth_creds.json', 'google_accounts.json', 'installation_id', 'state.json'],
      ...['trustedFolders.json', 'projects.json', '.env', 'GEMINI.md', 'commands', 'extensions', 'policies', 'skills'],
    ],
  },
];

/** Gemini CLI, followed by what it tells its terminal and by its screen. */
export const gemini: AgentAdapter = {
  agent: 'gemini',
  title: 'Gemini CLI',
  program: 'gemini',
  versionArgs: ['--version'],
  install: 'npm install -g @google/gemini-cli',
  passEnv: ['GEMINI_*', 'GOOGLE_*'],
  hosts: ['generativelanguage.googleapis.com', 'cloudcode-pa.googleapis.com', 'oauth2.googleapis.com'],
  hostsFor: (env) => [
    ...hostsNamed(env, ['GOOGLE_GEMINI_BASE_URL', 'GOOGLE_VERTEX_BASE_URL', 'CODE_ASSIST_ENDPOINT']),
    ...(isOn(env['GOOGLE_GENAI_USE_VERTEXAI']) ? vertexHosts(env, ['GOOGLE_CLOUD_LOCATION']) : []),
  ],
  login,
  broughtIn,
  prompt: 'typed',
  hooks: false,
  startsOnScreen: true,
  launch,
  flags,
  promptFor: taskPrompt,
  asWords,
  readHook: readHookMessage,
  readScreen: readGeminiScreen,
  readOsc: readGeminiOsc,
  usageLog: geminiUsage,
  readBox: readGeminiBox,
  clearKey: 'C-u',
  reply,
  readAsking: readGeminiAsking,
  interruptKeys: ['Escape'],
  // The first may clear the input box, the second warns, the third makes Gemini CLI leave.
  quitKeys: ['C-c', 'wait:200', 'C-c', 'wait:200', 'C-c'],
};
