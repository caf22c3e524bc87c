import type { Request } from '../state/instances.ts';
import type { LaunchMode, Leeway } from '../state/modes.ts';
import type { AgentAdapter, LaunchOptions, Reply, Signal } from './adapter.ts';
import { hostsNamed } from './endpoints.ts';
import { typedText } from './input-box.ts';
import { homeOf, type LoginRule, valueAt } from './login.ts';
import { asWords, taskPrompt } from './prompt.ts';
import { answersTo, questionsIn, refusesQuestions } from './questions.ts';
import { INSTEAD, readRefusableHook } from './refusal.ts';
import { meaningOf, REFUSED, typedReply } from './reply.ts';

type Rule = 'allow' | 'ask' | 'deny';
type Permissions = Readonly<Record<string, Rule | Readonly<Record<string, Rule>>>>;

/** opencode's rules for commands, of which the last one that matches counts: the one for all others comes first. */
const commands = (others: Rule, git: readonly string[]): Readonly<Record<string, Rule>> => ({
  '*': others,
  ...Object.fromEntries([...git.map((pattern) => `git ${pattern}`), 'drover report *'].map((rule) => [rule, 'allow'])),
});

const READING = ['status*', 'diff*', 'log*', 'show*'];

/** What each leeway lets opencode do without a question, as its configuration says it. */
const PERMISSIONS: Readonly<Record<Leeway, Permissions>> = {
  read: { edit: 'deny', bash: commands('deny', READING) },
  ask: { edit: 'ask', bash: commands('ask', []) },
  // The task contract wants commits, and work that is sent back a merge into its own branch; `mergetool` is another command.
  edit: { edit: 'allow', bash: commands('ask', [...READING, 'add*', 'commit*', 'merge *']) },
  auto: { edit: 'allow', bash: 'allow' },
  full: { '*': 'allow', doom_loop: 'allow' },
};

/** The arguments that a person adds for opencode; what it may do is in its configuration. */
const flags = (mode: LaunchMode | undefined): readonly string[] => mode?.args ?? [];

/** The plugin lies beside the hook. */
const pluginOf = (hook: string): string => {
  const path = hook.replace(/[^/]+$/u, 'opencode-plugin.js');
  return `file://${encodeURI(path).replaceAll(/[?#]/gu, encodeURIComponent)}`;
};

/** opencode's configuration for this run alone, which is laid over the person's own and the project's. */
const configFor = ({ hook, home, mode }: LaunchOptions): string =>
  JSON.stringify({
    plugin: [pluginOf(hook)],
    permission: {
      ...(mode ? PERMISSIONS[mode.leeway] : {}),
      // The brief lies outside of the worktree.
      external_directory: mode?.leeway === 'full' ? 'allow' : { [`${home}/**`]: 'allow' },
    },
  });

const launch = (options: LaunchOptions) => {
  const { mode, resume, prompt } = options;
  return {
    argv: [
      'opencode',
      ...flags(mode),
      ...(resume === undefined ? [] : ['--session', resume]),
      ...(prompt === undefined ? [] : [`--prompt=${prompt}`]),
    ],
    // opencode would replace itself while others of it are at work.
    env: { OPENCODE_CONFIG_CONTENT: configFor(options), OPENCODE_DISABLE_AUTOUPDATE: '1' },
    files: [],
    conversation: resume,
  };
};

/** The words that opencode shows in its empty box, in a colour like any other. */
const SUGGESTION = /^Ask anything(?:\.{3}|…).*$/u;

/** What stands in opencode's input box, whose last line names the model. */
const readBox = (screen: string): string | undefined => {
  const lines = typedText(screen).split('\n');
  const end = lines.findLastIndex((line) => /^\s*╹▀/u.test(line));
  if (end < 0) return undefined;
  const start = lines.findLastIndex((line, at) => at < end && !/^\s*┃/u.test(line)) + 1;
  const inside = lines.slice(start, end).map((line) => line.replace(/^\s*┃/u, '').trim());
  return inside
    .filter((line) => line !== '')
    .slice(0, -1)
    .join('\n')
    .replace(SUGGESTION, '');
};

// opencode's plugin is loaded long before the program takes keys.
const readScreen = (screen: string): Signal | undefined =>
  readBox(screen) === undefined ? undefined : { kind: 'ready' };

// A dialog that has just appeared takes no keys for a moment, and quick keys are taken for one.
const SETTLE = 'wait:500';

/** The keys for opencode's permission dialog, a row of "once", "always" and "reject", and its lists with numbers. */
const reply = (question: string, answer: string): Reply => {
  if (question === INSTEAD) return typedReply(question, answer);
  const meaning = meaningOf(answer);
  if (meaning === 'yes') return { keys: [SETTLE, 'Enter'] };
  const chosen = /^[1-9]$/u.exec(answer.trim())?.[0];
  if (chosen !== undefined) return { keys: [SETTLE, `text:${chosen}`] };
  const reject = [SETTLE, 'Right', 'wait:100', 'Right', 'wait:100', 'Enter', SETTLE];
  return { keys: reject, afterwards: meaning === 'no' ? REFUSED : answer };
};

const replyToHook = (request: Request, answer: string): string | undefined => {
  const meaning = meaningOf(answer);
  const { questions } = questionsIn(request);
  if (questions.length > 0)
    return JSON.stringify(
      refusesQuestions(questions, answer) ? { reject: true } : { answers: answersTo(questions, answer) },
    );
  if (meaning === 'yes') return JSON.stringify({ reply: 'once' });
  // A refusal with words makes opencode go on; one without ends its turn.
  return JSON.stringify({ reply: 'reject', message: meaning === 'no' ? REFUSED : answer });
};

/** Whether opencode's permission dialog, or the list of a question, stands on its screen. */
const readAsking = (screen: string): boolean =>
  /^\s*┃\s*(?:△ Permission required|Allow once\b)|⇆ select {2,}enter (?:confirm|submit)|↑↓ select/mu.test(screen);

/** The services of which opencode takes a key, and where their models answer; another one's is named in `pass_env`. */
const SERVICES: Readonly<Record<string, string>> = {
  ANTHROPIC: 'api.anthropic.com',
  OPENAI: 'api.openai.com',
  OPENROUTER: 'openrouter.ai',
  GEMINI: 'generativelanguage.googleapis.com',
  GOOGLE_GENERATIVE_AI: 'generativelanguage.googleapis.com',
  GROQ: 'api.groq.com',
  MISTRAL: 'api.mistral.ai',
  DEEPSEEK: 'api.deepseek.com',
  XAI: 'api.x.ai',
};

/** Only of whom it has a key: each further one is a way out. */
const hostsFor: AgentAdapter['hostsFor'] = (env) =>
  Object.entries(SERVICES).flatMap(([name, host]) =>
    env[`${name}_API_KEY`] ? [host, ...hostsNamed(env, [`${name}_BASE_URL`])] : [],
  );

type Env = Parameters<LoginRule['files']>[0];
const dataOf = (env: Env): string => `${env['XDG_DATA_HOME'] || `${homeOf(env)}/.local/share`}/opencode`;
const settingsOf = (env: Env): string => `${env['XDG_CONFIG_HOME'] || `${homeOf(env)}/.config`}/opencode`;

const login: LoginRule = {
  variables: [],
  files: (env) => [`${dataOf(env)}/auth.json`],
  read: ({ file, content }) =>
    typeof content === 'object' && content !== null && Object.keys(content).length > 0
      ? { kind: 'yes', by: file }
      : undefined,
  endsByCopies: (content) =>
    typeof content === 'object' && content !== null && Object.values(content).some((one) => valueAt(one, 'refresh')),
  lasting: { words: 'a key by "opencode auth login"', command: 'opencode auth login' },
  otherwise: { kind: 'unknown', why: 'it has no login of its own, and may take a key of its provider' },
  repair: 'opencode auth login',
};

/** Settings, login and what the person has taught it; conversations stay where they are. */
const broughtIn: AgentAdapter['broughtIn'] = (env) => [
  {
    ...{ from: settingsOf(env), into: '.config/opencode' },
    copies: [
      ...['opencode.json', 'opencode.jsonc', 'config.json', 'AGENTS.md', 'themes'],
      ...[
        'agent',
        'agents',
        'command',
        'commands',
        'mode',
        'modes',
        'plugin',
        'plugins',
        'skill',
        'skills',
        'tool',
        'tools',
      ],
    ],
  },
  { from: dataOf(env), into: '.local/share/opencode', copies: ['auth.json', 'mcp-auth.json'] },
];

/** opencode, followed by a plugin that is given to it for the run. */
export const opencode: AgentAdapter = {
  agent: 'opencode',
  title: 'opencode',
  program: 'opencode',
  versionArgs: ['--version'],
  install: 'npm install -g opencode-ai',
  passEnv: ['OPENCODE_*', ...Object.keys(SERVICES).map((name) => `${name}_API_KEY`)],
  hosts: ['opencode.ai', 'models.dev'],
  hostsFor,
  login,
  broughtIn,
  prompt: 'typed',
  hooks: true,
  beginsLater: true,
  launch,
  flags,
  promptFor: taskPrompt,
  asWords,
  readHook: readRefusableHook,
  readScreen,
  readBox,
  clearKey: 'C-u',
  reply,
  replyToHook,
  readAsking,
  // opencode wants to be told twice, and takes two at once for another key.
  interruptKeys: ['Escape', 'wait:300', 'Escape'],
  // The first may only clear its input box.
  quitKeys: ['C-c', 'wait:300', 'C-c'],
};
