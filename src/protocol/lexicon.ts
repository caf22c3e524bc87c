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
  run: 'execute exec perform begin work-on start-work-on start-working-on begin-work-on work-through carry-out kick-off do start',
  launch: 'start spawn bring-up fire-up boot',
  stop: 'halt terminate end shut-down quit tear-down',
  pause: 'suspend hold freeze',
  resume: 'continue unpause carry-on carry-on-with go-on-with',
  restart: 'reboot relaunch bounce',
  scale: 'resize',
  setup: 'set-up prepare',
  sync: 'synchronise synchronize refresh update',
  status: 'state progress',
  merge: 'integrate combine land',
  assign: 'give allocate',
  reassign: 'move transfer redistribute hand-over',
  unassign: '',
  retry: 'resend redeliver rerun re-run repeat',
  switch: 'change fail-over use switch-back fail-back',
  resolve: 'fix settle',
  rollback: 'roll-back revert undo',
  recover: 'heal repair',
  // Of worktrees alone; of a task the line above is meant.
  repair: 'mend',
  restore: 'undelete',
  move: 'relocate',
  adopt: '',
  explain: 'why',
  list: 'ls',
  show: 'describe inspect display view give-me',
  tell: 'send say ask message',
  answer: 'reply',
  approve: 'accept allow',
  deny: 'reject refuse',
  review: '',
  race: '',
  choose: 'pick elect',
  comment: 'annotate',
  uncomment: '',
  mark: '',
  unmark: '',
  return: 'send-back reopen',
  takeover: 'take-over',
  create: 'add new',
  import: 'load',
  export: '',
  plan: 'schedule',
  clean: 'prune clean-up cleanup tidy-up',
  cancel: 'drop',
  archive: '',
  unarchive: '',
  lint: 'validate',
  verify: '',
  check: 'integrate-check',
  remove: 'delete rm unset revoke',
  lock: 'reserve',
  unlock: 'release',
  attach: 'open connect join',
  detach: 'disconnect',
  clear: 'dismiss',
  help: '? man',
  preview: '',
  test: '',
  report: '',
  set: 'edit modify change',
  get: '',
  enable: '',
  disable: '',
  share: '',
  unshare: 'stop-sharing',
  drain: '',
  rotate: '',
  rebuild: '',
  reset: 'layout-reset reset-layout',
  tree: '',
  top: '',
  cost: 'spending',
  trust: '',
  history: '',
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
  swarm: 'fleet cluster everything everyone everybody system',
  group: 'squad',
  campaign: 'attack',
  branch: '',
  worktree: 'workspace tree',
  ref: '',
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
  alert: 'warning problem',
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
  usage: '',
  availability: '',
  adapter: '',
  event: '',
  race: '',
  brief: '',
  result: '',
  diff: 'patch',
  daemon: '',
  state: '',
  topic: '',
  command: '',
  resource: '',
  issue: '',
  pr: 'pull-request',
  trust: '',
};

/** A noun that may stand for another one where the verb does not know it. */
export const STANDS_FOR: Readonly<Record<string, string>> = { swarm: 'instance', session: 'instance', plan: 'spec' };
/** The same with one verb alone: what is merged of a task is its branch. */
export const STANDS_FOR_WITH: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  merge: { task: 'branch' },
};
/** Verbs that take such a noun at its word: `remove everything` names more than the instances. */
export const LITERAL_VERBS: ReadonlySet<string> = new Set(['remove', 'approve', 'deny', 'set']);

/** What a verb without a noun is about. An id of a known form comes first. */
export const DEFAULT_NOUN: Readonly<Record<string, string>> = {
  run: 'task',
  launch: 'instance',
  scale: 'instance',
  restart: 'instance',
  resume: 'instance',
  attach: 'instance',
  detach: 'instance',
  tree: 'worktree',
  top: 'instance',
  cost: 'swarm',
  trust: 'config',
  history: 'config',
  tell: 'instance',
  answer: 'instance',
  approve: 'instance',
  deny: 'instance',
  review: 'task',
  race: 'task',
  choose: 'task',
  comment: 'task',
  uncomment: 'task',
  mark: 'task',
  unmark: 'task',
  return: 'task',
  takeover: 'task',
  status: 'swarm',
  sync: 'git',
  import: 'spec',
  plan: 'task',
  assign: 'task',
  unassign: 'task',
  reassign: 'task',
  rollback: 'integration',
  check: 'integration',
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
  force: 'forcefully forcibly forced by-force with-force',
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
  sequential: 'sequentially one-by-one one-at-a-time one-after-another in-sequence',
  'read-only': '',
  rw: 'read-write writable',
  fresh: 'freshly',
  strict: 'strictly',
  backup: 'fallback secondary',
  primary: 'main',
  yes: '',
};

/** Modifiers that say which one is meant, so that no id is needed. */
export const TARGET_MODIFIERS: ReadonlySet<string> = new Set(['backup', 'primary']);

/** Canonical state ← accepted words. Every state of an instance or a task is a word here: test/protocol/states.test.ts. */
export const STATES: Readonly<Record<string, string>> = {
  creating: '',
  stopping: '',
  running: 'active busy working in-progress',
  idle: 'free',
  waiting: 'asking',
  failed: 'failing crashed broken',
  completed: 'done finished complete',
  pending: '',
  queued: '',
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
  archived: '',
  starting: '',
  stuck: '',
  limited: '',
  lost: '',
  unknown: '',
};

/** Canonical quantifier ← accepted words. */
export const QUANTIFIERS: Readonly<Record<string, string>> = {
  all: 'every each any',
  other: 'others rest',
  last: 'latest newest most-recent',
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

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Verbs that show something; followed by `status`, they ask for the status. */
export const SHOWING: ReadonlySet<string> = words('show list get display view give-me');
/** Nouns that stand in a verb's place after another noun: `tasks brief 3.1`. */
export const VIEWS: ReadonlySet<string> = words('brief result log diff');
/** What a word means right after a verb, and nowhere else: `report done`. */
export const NOUN_AFTER: Readonly<Record<string, Readonly<Record<string, string>>>> = { report: { done: 'result' } };
/** Nouns that only name the text that follows: `send message "hi" to kiro-1`. */
export const TEXT_NOUNS: ReadonlySet<string> = words('message');

/** Verbs that cannot do without their text. */
export const NEEDS_TEXT: ReadonlySet<string> = words('tell answer preview create comment');
/** What may be said in place of the text. */
export const INSTEAD_OF_TEXT: Readonly<Record<string, string>> = { create: 'title' };
/** A parameter that a verb cannot do without. */
export const NEEDED_PARAMETER: Readonly<Record<string, string>> = { assign: 'to' };
/** Verbs of which `any task` would mean one of them, whichever. */
export const PICKS_ONE: ReadonlySet<string> = words('run assign reassign retry');
/** Verbs that may meet a number where it is an amount to one person and a task to another: `kill 3`. */
export const UNCLEAR_NUMBER: ReadonlySet<string> = words('stop pause resume remove restart');
/** Parameters whose value is never a number. */
export const STRING_KEYS: ReadonlySet<string> = words(
  'id to from on except target group agent text title description check spec value for mode state scope op direction topic hash file criterion comment',
);
/** Parameters that are a yes or a no: `--barrier` and `--no-barrier` say them without a value. */
export const FLAG_KEYS: ReadonlySet<string> = words('barrier');

/** Parameters that take several values. */
export const LIST_KEYS: ReadonlySet<string> = words(
  'id except state deps dependencies capabilities target from to on after about agents instances',
);
/** Parameters that a bare number fills, the first one that the command knows. */
export const NUMBER_KEYS: readonly string[] = ['count', 'percent', 'progress'];
/** What says which ones are meant. */
export const TARGET_KEYS: readonly string[] = ['id', 'scope', 'state', 'from', 'target', 'group'];
