/**
 * The words that people use, as data. A hyphen stands for a blank as well: `wrap-up` is read as `wrap up`,
 * `wrap-up` and `wrapup`. Nothing here says which commands exist: signatures do.
 */

/** What a verb's word means beyond the verb: `kill` is `stop` with `force`. */
export type VerbReading = {
  readonly verb: string;
  readonly modifiers?: readonly string[];
  readonly parameters?: Readonly<Record<string, string>>;
};

/** Canonical verb ← accepted words. A word may stand for several verbs; the noun decides, the earlier line first. */
export const VERBS: Readonly<Record<string, string>> = {
  run: 'execute exec perform begin work-on start',
  launch: 'start spawn bring-up',
  stop: 'halt terminate end shut-down quit tear-down',
  pause: 'suspend hold freeze',
  resume: 'continue unpause',
  restart: 'reboot relaunch bounce',
  scale: 'resize',
  sync: 'synchronise synchronize refresh update',
  status: 'state progress',
  merge: 'integrate combine land',
  assign: 'give allocate',
  reassign: 'move transfer redistribute hand-over',
  unassign: '',
  retry: 'resend redeliver rerun re-run repeat',
  switch: 'change fail-over use',
  resolve: 'fix settle',
  rollback: 'roll-back revert undo',
  recover: 'heal repair',
  explain: 'why',
  list: 'ls',
  show: 'describe inspect display view give-me',
  tell: 'send say ask message',
  answer: 'reply',
  approve: 'accept allow',
  deny: 'reject refuse',
  create: 'add new',
  import: 'load',
  export: '',
  plan: 'schedule',
  clean: 'prune',
  cancel: 'drop',
  remove: 'delete rm',
  lock: 'reserve',
  unlock: 'release',
  attach: 'open connect join',
  detach: 'disconnect',
  clear: 'dismiss',
  help: '? man',
  preview: '',
  test: '',
  report: '',
  set: '',
  get: '',
  enable: '',
  disable: '',
  share: '',
  drain: '',
  rotate: '',
  rebuild: '',
};

/** Words that say more than their verb. */
export const LOADED_VERBS: Readonly<Record<string, VerbReading>> = {
  kill: { verb: 'stop', modifiers: ['force'] },
  abort: { verb: 'stop', modifiers: ['force'] },
  'force-quit': { verb: 'stop', modifiers: ['force'] },
  'force-stop': { verb: 'stop', modifiers: ['force'] },
  'wrap-up': { verb: 'stop', modifiers: ['graceful'] },
  grow: { verb: 'scale', parameters: { op: 'up' } },
  add: { verb: 'scale', parameters: { op: 'up' } },
  'spin-up': { verb: 'scale', parameters: { op: 'up' } },
  shrink: { verb: 'scale', parameters: { op: 'down' } },
  'spin-down': { verb: 'scale', parameters: { op: 'down' } },
  pull: { verb: 'sync', parameters: { direction: 'down' } },
  push: { verb: 'sync', parameters: { direction: 'up' } },
  health: { verb: 'status', modifiers: ['health'] },
  broadcast: { verb: 'tell', parameters: { scope: 'all' } },
};

/** Canonical noun ← accepted words, in the singular; the parser makes the plurals. */
export const NOUNS: Readonly<Record<string, string>> = {
  task: 'job todo story',
  instance: 'agent thread process bot runner',
  swarm: 'fleet cluster everything system',
  group: 'squad',
  campaign: 'attack',
  branch: '',
  worktree: 'workspace tree',
  session: '',
  message: 'spore action',
  conflict: '',
  integration: 'batch',
  protocol: 'bus transport channel',
  spec: '',
  plan: '',
  config: 'settings',
  flag: 'feature',
  failure: 'error',
  alert: 'warning',
  metric: 'stats',
  trace: '',
  log: '',
  worker: 'node machine host',
  secret: 'credential token',
  color: 'colour',
  ide: 'window',
  lock: 'lease',
  git: 'repo repository',
  github: '',
  jira: '',
  audit: '',
  timeline: '',
  progress: '',
  adapter: '',
  event: '',
  brief: '',
  result: '',
  daemon: '',
  state: '',
  topic: '',
  command: '',
  resource: '',
  issue: '',
  pr: 'pull-request',
};

/** A noun that may stand for another one where the verb does not know it. */
export const STANDS_FOR: Readonly<Record<string, string>> = { swarm: 'instance', session: 'instance' };

/** What a verb without a noun is about. An id of a known form comes first. */
export const DEFAULT_NOUN: Readonly<Record<string, string>> = {
  run: 'task',
  launch: 'instance',
  scale: 'instance',
  restart: 'instance',
  attach: 'instance',
  detach: 'instance',
  tell: 'instance',
  answer: 'instance',
  approve: 'instance',
  deny: 'instance',
  status: 'swarm',
  sync: 'git',
  import: 'spec',
  plan: 'task',
  assign: 'task',
  unassign: 'task',
  reassign: 'task',
  rollback: 'integration',
  merge: 'branch',
  resolve: 'conflict',
  switch: 'protocol',
  lock: 'resource',
  unlock: 'resource',
};

/** Canonical modifier ← accepted words. `<name>-mode` is also understood as `in <name> mode` and `<name>`. */
export const MODIFIERS: Readonly<Record<string, string>> = {
  'beast-mode': '',
  'safe-mode': '',
  'review-mode': '',
  'tdd-mode': '',
  graceful: 'gracefully nicely gently cleanly',
  force: 'forcefully forcibly forced',
  detailed: 'details verbose in-detail',
  health: '',
  visual: 'visually',
  'conflict-resolve': 'conflict-resolution resolving-conflicts',
  auto: 'automatically automatic',
  ours: '',
  theirs: '',
  union: '',
  'keep-worktree': 'keep-the-worktree',
  'dry-run': '',
  parallel: 'in-parallel concurrently simultaneously',
  sequential: 'sequentially one-by-one in-sequence',
  'read-only': '',
  fresh: 'freshly',
  strict: 'strictly',
  backup: 'fallback secondary',
  primary: 'main',
  yes: '',
};

/** Of each set at most one may be said. */
export const CONTRADICTIONS: readonly (readonly string[])[] = [
  ['graceful', 'force'],
  ['ours', 'theirs', 'union', 'auto'],
  ['parallel', 'sequential'],
  ['backup', 'primary'],
  ['beast-mode', 'safe-mode', 'review-mode', 'tdd-mode'],
];

/** Modifiers that say which one is meant, so that no id is needed. */
export const TARGET_MODIFIERS: ReadonlySet<string> = new Set(['backup', 'primary']);

/** Canonical state ← accepted words. */
export const STATES: Readonly<Record<string, string>> = {
  running: 'active busy working in-progress',
  idle: 'free',
  waiting: 'asking',
  failed: 'crashed broken',
  completed: 'done finished complete',
  pending: 'queued',
  ready: '',
  blocked: '',
  stopped: 'halted',
  paused: 'suspended',
  stale: 'orphaned',
  unassigned: '',
  assigned: '',
  conflicted: 'conflicting',
  merged: '',
  unmerged: '',
  open: '',
  verifying: '',
  cancelled: 'canceled',
  starting: '',
  stuck: '',
  lost: '',
  unknown: '',
};

export const QUANTIFIERS: Readonly<Record<string, string>> = {
  all: 'every each any',
  other: 'others rest',
  last: 'latest',
  next: '',
};

/** Canonical direction ← accepted words, for verbs that have one. */
export const DIRECTIONS: Readonly<Record<string, string>> = {
  up: 'push upload',
  down: 'pull download',
  both: 'both-ways',
  upstream: '',
  base: '',
};

/** The parameter that a preposition fills; `''` reads through to the target. */
export const PREPOSITIONS: Readonly<Record<string, string>> = {
  from: 'from',
  to: 'to',
  into: 'to',
  onto: 'to',
  on: 'on',
  at: 'on',
  for: 'for',
  of: '',
  in: 'group',
  with: 'agent',
  using: 'agent',
  via: 'agent',
  by: 'by',
  about: 'about',
  after: 'after',
  except: 'except',
  but: 'except',
  besides: 'except',
  excluding: 'except',
};

/** Verbs whose target may follow these prepositions: `connect to kiro-3`. `rollback to batch-4` is none of them. */
export const TARGET_PREPOSITIONS: Readonly<Record<string, readonly string[]>> = {
  to: ['tell', 'switch', 'attach', 'answer'],
  from: ['detach'],
  on: ['run'],
  with: ['sync'],
  using: ['switch'],
  via: ['switch'],
};

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

export const POLITE: readonly (readonly string[])[] = [
  "please|kindly|can you|could you|would you|will you|let us|let's|lets|now|hey|hi|ok|okay|i want to|i would like to|i'd like to",
].flatMap((list) => list.split('|').map((phrase) => phrase.split(' ')));
export const THANKS: ReadonlySet<string> = words('please thanks thank-you kindly');
export const FILLERS: ReadonlySet<string> = words(
  'the a an me us my our currently just that-are which-are who-are that-is which-is for-me please thanks thank-you',
);
export const URGENT: ReadonlySet<string> = words('now immediately right-now at-once right-away');
export const PROGRAMS: ReadonlySet<string> = words('drover cc-orchestrator');

/** Words that turn a command's sense around or make it depend on something: a line with one is refused. */
export const NEGATIONS: ReadonlySet<string> = words('not dont never unless if when whenever cannot');

export const NUMBERS: Readonly<Record<string, number>> = Object.fromEntries(
  'zero one two three four five six seven eight nine ten eleven twelve'.split(' ').map((word, at) => [word, at]),
);

/** Coding agents by name, for `launch 2 claude agents`. */
export const AGENTS: ReadonlySet<string> = words(
  'claude kiro codex gemini opencode aider amp cursor copilot rehearsal',
);

/** Verbs that show something; followed by `status`, they ask for the status. */
export const SHOWING: ReadonlySet<string> = words('show list get display view give-me');
/** Nouns that stand in a verb's place after another noun: `tasks brief 3.1`. */
export const VIEWS: ReadonlySet<string> = words('brief result log');
/** What a word means right after a verb, and nowhere else: `report done`. */
export const NOUN_AFTER: Readonly<Record<string, Readonly<Record<string, string>>>> = { report: { done: 'result' } };
/** Nouns that only name the text that follows: `send message "hi" to kiro-1`. */
export const TEXT_NOUNS: ReadonlySet<string> = words('message');

/** Verbs that cannot do without their text. */
export const NEEDS_TEXT: ReadonlySet<string> = words('tell answer preview');
/** Verbs for which `all` alone is clear enough. */
export const ALL_IS_CLEAR: ReadonlySet<string> = words('tell');
/** Parameters whose value is never a number, and those that may be lists. */
export const STRING_KEYS: ReadonlySet<string> = words(
  'id to from on except target group agent text title description check spec value for mode state scope op direction topic',
);
export const LIST_KEYS: ReadonlySet<string> = words(
  'id except state deps dependencies capabilities target from to on after about',
);
/** Parameters that a bare number fills, the first one that the command knows. */
export const NUMBER_KEYS: readonly string[] = ['count', 'percent', 'progress'];
/** What says which ones are meant. */
export const TARGET_KEYS: readonly string[] = ['id', 'scope', 'state', 'from', 'target', 'group'];

/** For `test <area> <operation>`: the operations' words; `*` takes any. */
export const TEST_OPERATIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  protocol: { parse: 'parse' },
  swarm: { launch: 'launch', stop: 'stop' },
  failure: { simulate: 'simulate', inject: 'simulate' },
  integration: { '*': '*' },
};

/** Ids whose form says what they name, the first match counts. */
export const ID_FORMS: readonly (readonly [RegExp, string])[] = [
  [/^batch-\d+$/u, 'integration'],
  [/^worker-\d+$/u, 'worker'],
  [/^f-\d+$/u, 'failure'],
  [/^(?:t?\d+|\d+(?:\.\d+)+|[A-Z][A-Z\d]+-\d+)$/u, 'task'],
  [/^(?:w\d+\/)?[a-z][a-z\d]*(?:-[a-z\d]+)*-\d+$/u, 'instance'],
  [/^[^/]+(?:\/[^/]+)+$/u, 'branch'],
];

/** An id to show in examples. */
export const EXAMPLE_IDS: Readonly<Record<string, string>> = {
  task: '3.1',
  instance: 'kiro-1',
  integration: 'batch-5',
  branch: 'feature/login',
  spec: '.kiro/specs/demo',
  worker: 'worker-2',
  group: 'backend',
  failure: 'f-12',
};
