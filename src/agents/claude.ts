import type { Request } from '../state/instances.ts';
import type { LaunchMode, Leeway } from '../state/modes.ts';
import type { AgentAdapter, LaunchOptions, Reply } from './adapter.ts';
import { claudeRegister } from './claude-register.ts';
import { chooseKeys, readAnswered, readAsking, readDialog, readGoesOn, readRetry } from './claude-screen.ts';
import { claudeFirstStart } from './claude-start.ts';
import { claudeUsage } from './claude-usage.ts';
import { bedrockHosts, hostsNamed, vertexHosts } from './endpoints.ts';
import { planInTerminal } from './errors.ts';
import { PLAN_QUESTION, PLAN_TOOL, readHookMessage } from './hook-message.ts';
import { boxReader } from './input-box.ts';
import { homeOf, isOn, type LoginRule, NOBODY, timedLogin, valueAt } from './login.ts';
import { asWords, taskPrompt } from './prompt.ts';
import { answersTo, type Question, questionsIn, refusesQuestions } from './questions.ts';
import { meaningOf, REFUSED } from './reply.ts';

/** Events that come once a turn: Claude Code waits for their hooks, so that none overtakes the one before it. */
const IN_ORDER = ['SessionStart', 'UserPromptSubmit', 'Stop', 'StopFailure', 'SessionEnd'];
/** Events of which a turn has many: their hooks run in the background, so that they cost Claude Code no time. */
const IN_BACKGROUND = ['PreToolUse', 'PostToolUse', 'PostToolUseFailure', 'Notification'];

/** Seconds that Claude Code waits for a hook at most. */
const HOOK_TIMEOUT = 10;
/** Seconds that Claude Code waits for an answer: it shows its dialog meanwhile, and takes the answer that comes first. */
const ASK_TIMEOUT = 7 * 24 * 3600;

const READING = ['status', 'diff', 'log', 'show'];
const commands = (git: readonly string[]): string[] => [
  ...git.map((command) => `Bash(git ${command}:*)`),
  'Bash(drover report:*)',
];
const WRITING_TOOLS = ['Edit', 'Write', 'NotebookEdit'];

type Permissions = { readonly mode: string; readonly allow: readonly string[]; readonly deny?: readonly string[] };

// The task contract wants commits, and work that is sent back a merge into its own branch: without these each of them would
// wait for a person, who wants that in `ask` alone.
const WORKING = commands([...READING, 'add', 'commit', 'merge']);

/** Claude Code's permission mode in each leeway, with what is allowed and denied beside it. */
const PERMISSIONS: Readonly<Record<Leeway, Permissions>> = {
  // What is not allowed is denied without a question: nobody has to sit beside a review.
  read: { mode: 'dontAsk', allow: commands(READING), deny: WRITING_TOOLS },
  ask: { mode: 'default', allow: commands([]) },
  edit: { mode: 'acceptEdits', allow: WORKING },
  auto: { mode: 'auto', allow: WORKING },
  full: { mode: 'bypassPermissions', allow: WORKING },
};

const permissionsOf = (mode: LaunchMode | undefined): Permissions => PERMISSIONS[mode?.leeway ?? 'edit'];

const flags = (mode: LaunchMode | undefined): string[] => [
  '--permission-mode',
  permissionsOf(mode).mode,
  ...(mode?.args ?? []),
];

type HookEntry = { readonly background?: boolean; readonly timeout?: number };

const hookEntry = (hook: string, { background = false, timeout = HOOK_TIMEOUT }: HookEntry = {}) => [
  // Where `args` is there, even empty, Claude Code starts no shell around the hook.
  { hooks: [{ type: 'command', command: hook, args: [], timeout, ...(background ? { async: true } : {}) }] },
];

/** The hook that waits for an answer lies beside the other one. */
const askHookOf = (hook: string): string => hook.replace(/[^/]+$/u, 'ask-hook.sh');

/** Claude Code's settings for this run only: they are added to the person's own and the project's, where nothing is written. */
const settingsFor = ({ hook, mode, denied = [] }: LaunchOptions): string => {
  const hooks = Object.fromEntries([
    ...IN_ORDER.map((event) => [event, hookEntry(hook)] as const),
    ...IN_BACKGROUND.map((event) => [event, hookEntry(hook, { background: true })] as const),
    ['PermissionRequest', hookEntry(askHookOf(hook), { timeout: ASK_TIMEOUT })],
  ]);
  const { allow, deny = [] } = permissionsOf(mode);
  // What Claude Code does without a request cannot be denied by an answer.
  const never = [...deny, ...denied];
  const permissions = { allow, ...(never.length > 0 ? { deny: never } : {}) };
  // Whether a person wants the mode without permissions was asked when it was enabled.
  const asked = mode?.leeway === 'full' ? { skipDangerousModePermissionPrompt: true } : {};
  // The full-screen drawing mode would keep its history and the mouse from tmux.
  return `${JSON.stringify({ tui: 'default', ...asked, permissions, hooks }, null, 2)}\n`;
};

const launch = (options: LaunchOptions) => {
  const { home, mode, resume, uuid, prompt } = options;
  const settings = `${home}/settings.json`;
  const conversation = resume ?? uuid;
  return {
    argv: [
      'claude',
      '--settings',
      settings,
      '--add-dir',
      home,
      ...flags(mode),
      resume === undefined ? '--session-id' : '--resume',
      conversation,
      ...(prompt === undefined ? [] : ['--', prompt]),
    ],
    env: {},
    files: [{ path: settings, content: settingsFor(options) }],
    conversation,
  };
};

// A dialog that has just appeared takes no keys for a moment, and a letter behind Escape would be another key.
const SETTLE = 'wait:700';

/** The keys for Claude Code's dialogs, where letters mean nothing and Enter takes the first choice, which is yes. */
const reply = (question: string, answer: string): Reply => {
  const meaning = meaningOf(answer);
  // Its first row is another mode.
  if (question.startsWith(PLAN_QUESTION) && (meaning === 'yes' || /^\d$/u.test(answer.trim())))
    throw planInTerminal({ answer });
  const chosen = chooseKeys(question, meaning, answer);
  if (chosen) return { keys: [SETTLE, ...chosen.keys] };
  if (meaning === 'yes') return { keys: [SETTLE, 'Enter'] };
  if (/^[1-9]$/u.test(answer.trim())) return { keys: [SETTLE, `text:${answer.trim()}`] };
  // Escape ends the turn, and no hook tells of it: what Claude Code is told then makes it go on, and say so.
  return { keys: [SETTLE, 'Escape', SETTLE], afterwards: meaning === 'no' ? REFUSED : answer };
};

type Verdict = { readonly behavior: 'allow' | 'deny'; readonly message?: string; readonly updatedInput?: object };

const verdictLine = (decision: Verdict): string =>
  JSON.stringify({ hookSpecificOutput: { hookEventName: 'PermissionRequest', decision } });

/** The answer to Claude Code's questions: what the tool that asks them would have been told. */
const answersLine = (questions: readonly Question[], answer: string): string => {
  const given = answersTo(questions, answer);
  const answers = Object.fromEntries(questions.map((one, at) => [one.question, given[at]!.join(', ')]));
  return verdictLine({ behavior: 'allow', updatedInput: { questions, answers } });
};

const replyToHook = (request: Request, answer: string): string | undefined => {
  const meaning = meaningOf(answer);
  const { questions } = questionsIn(request);
  if (questions.length > 0 && !refusesQuestions(questions, answer)) return answersLine(questions, answer);
  if (meaning === 'yes' && request.tool === PLAN_TOOL)
    // Claude Code takes no yes to a plan that does not say which plan is meant.
    return request.input && verdictLine({ behavior: 'allow', updatedInput: request.input });
  if (meaning === 'yes') return verdictLine({ behavior: 'allow' });
  // A number is a row of the dialog, which may say more than yes or no.
  if (/^\d$/u.test(answer.trim())) return undefined;
  return verdictLine({ behavior: 'deny', message: meaning === 'no' ? REFUSED : answer });
};

const login: LoginRule = {
  variables: [
    ...['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'],
    ...['CLAUDE_CODE_USE_BEDROCK', 'CLAUDE_CODE_USE_VERTEX'],
  ],
  files: (env) => {
    const folder = env['CLAUDE_CONFIG_DIR'] || `${homeOf(env)}/.claude`;
    return [`${folder}/.credentials.json`, `${folder}/settings.json`];
  },
  read: ({ file, content }) => {
    if (valueAt(content, 'apiKeyHelper') !== undefined)
      return { kind: 'unknown', why: `${file} names a helper for its key` };
    const oauth = valueAt(content, 'claudeAiOauth');
    if (typeof oauth !== 'object' || oauth === null) return undefined;
    return timedLogin(file, valueAt(oauth, 'expiresAt'), valueAt(oauth, 'refreshToken'));
  },
  // Whoever has a key by a variable may have refused it in the program itself, which goes on with the login then.
  endsByCopies: (content, env) =>
    !['CLAUDE_CODE_OAUTH_TOKEN', 'ANTHROPIC_AUTH_TOKEN'].some((name) => env[name]) &&
    Boolean(valueAt(content, 'claudeAiOauth', 'refreshToken')),
  keptByOthers: ['CLAUDE_CODE_USE_BEDROCK', 'CLAUDE_CODE_USE_VERTEX'],
  lasting: {
    words: 'the token of "claude setup-token" in CLAUDE_CODE_OAUTH_TOKEN',
    command: 'claude setup-token',
  },
  otherwise: NOBODY,
  keychain: true,
  repair: 'claude /login',
};

/** What its settings call, where that lies in its own folder as usual: hooks, and what draws its status line. */
const CALLED = [
  ...['hooks', 'scripts', 'statusline.sh', 'statusline-command.sh', 'statusline.py', 'statusline.js', 'statusline.mjs'],
] as const;

const OWN_FILES = [
  ...['settings.json', '.credentials.json', 'CLAUDE.md', 'keybindings.json', 'rules', 'output-styles'],
  ...['agents', 'commands', 'skills', 'plugins'],
  ...CALLED,
] as const;

/** Settings, login and what the person has taught it; conversations stay where they are. */
const broughtIn: AgentAdapter['broughtIn'] = (env) => {
  const folder = env['CLAUDE_CONFIG_DIR'];
  return folder
    ? [{ from: folder, into: '.claude', copies: ['.claude.json', ...OWN_FILES] }]
    : [{ from: homeOf(env), into: '', copies: ['.claude.json', ...OWN_FILES.map((name) => `.claude/${name}`)] }];
};

/** Where its model answers, where that is not Anthropic's own service. */
const hostsFor: AgentAdapter['hostsFor'] = (env) => [
  ...hostsNamed(env, ['ANTHROPIC_BASE_URL', 'ANTHROPIC_BEDROCK_BASE_URL', 'ANTHROPIC_VERTEX_BASE_URL']),
  ...hostsNamed(env, ['ANTHROPIC_FOUNDRY_BASE_URL']),
  ...(isOn(env['CLAUDE_CODE_USE_BEDROCK'])
    ? bedrockHosts(env, ['AWS_REGION', 'AWS_DEFAULT_REGION', 'ANTHROPIC_SMALL_FAST_MODEL_AWS_REGION'])
    : []),
  ...(isOn(env['CLAUDE_CODE_USE_VERTEX'])
    ? vertexHosts(env, ['CLOUD_ML_REGION', ...Object.keys(env).filter((name) => name.startsWith('VERTEX_REGION_'))])
    : []),
];

/** Claude Code, followed by its hooks and its register of running sessions. */
export const claude: AgentAdapter = {
  agent: 'claude',
  title: 'Claude Code',
  program: 'claude',
  versionArgs: ['--version'],
  install: 'npm install -g @anthropic-ai/claude-code',
  passEnv: [
    'ANTHROPIC_*',
    'CLAUDE_CODE_*',
    'CLAUDE_CONFIG_DIR',
    'DISABLE_TELEMETRY',
    'DISABLE_AUTOUPDATER',
    'IS_SANDBOX',
  ],
  hosts: ['api.anthropic.com', 'claude.ai', 'platform.claude.com', 'console.anthropic.com'],
  hostsFor,
  login,
  firstStart: claudeFirstStart,
  broughtIn,
  prompt: 'typed',
  hooks: true,
  launch,
  flags,
  // Claude Code bypasses permissions as root only where it is told that this is a sandbox, which is not ours to say.
  rootNeeds: (mode) => (mode?.leeway === 'full' ? 'IS_SANDBOX' : undefined),
  promptFor: taskPrompt,
  asWords,
  readHook: readHookMessage,
  register: claudeRegister,
  usageLog: claudeUsage,
  readDialog,
  readRetry,
  readGoesOn,
  readBox: boxReader(/^\s*❯\u00a0?\s?/u, /^─{10,}/u),
  clearKey: 'C-u',
  reply,
  replyToHook,
  readAsking,
  readAnswered,
  interruptKeys: ['Escape'],
  // Typed words could be joined to what an interrupt put back into its input line.
  quitKeys: ['C-c', 'C-c'],
};
