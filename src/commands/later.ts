import type { Signature } from '../protocol/signature.ts';

const FILTER = ['id', 'scope', 'state', 'except'];

type Shape = Partial<Omit<Signature, 'verb' | 'noun' | 'phase'>>;

const make =
  (phase: Signature['phase'], target: Signature['target']) =>
  (verb: string, nouns: string, shape: Shape = {}) =>
    nouns
      .split(' ')
      .map((noun): Signature => ({ verb, noun, modifiers: [], parameters: FILTER, target, phase, ...shape }));

const aimed = {
  1: make(1, 'required'),
  2: make(2, 'required'),
  3: make(3, 'required'),
  4: make(4, 'required'),
  5: make(5, 'required'),
};
const open = {
  1: make(1, 'optional'),
  2: make(2, 'optional'),
  3: make(3, 'optional'),
  4: make(4, 'optional'),
  5: make(5, 'optional'),
};
const bare = { 1: make(1, 'none'), 2: make(2, 'none'), 4: make(4, 'none') };

const READ = { parameters: [...FILTER, 'limit', 'since'], modifiers: ['detailed'] };
const STOPPING = { modifiers: ['force', 'graceful', 'keep-worktree'] };
const LOOK = { modifiers: ['detailed', 'health', 'visual'], parameters: [...FILTER, 'timeout'] };

const first: readonly Signature[] = [
  ...aimed[1]('stop', 'group', STOPPING),
  ...aimed[1]('pause', 'instance group swarm task'),
  ...aimed[1]('resume', 'instance group swarm task'),
  ...aimed[1]('remove', 'group worktree', { modifiers: ['force'] }),
  ...bare[1]('launch', 'swarm', {
    parameters: ['count', 'agent', 'group', 'on', 'mode'],
    modifiers: ['beast-mode', 'safe-mode', 'review-mode', 'tdd-mode'],
  }),
  ...open[1]('status', 'group campaign worktree worker protocol git', LOOK),
  ...open[1](
    'list',
    'group campaign branch worktree session message conflict protocol plan config flag failure metric trace log worker secret lock audit',
    READ,
  ),
  ...aimed[1](
    'show',
    'group campaign branch worktree session message conflict plan flag failure worker lock event alert adapter color spec',
    READ,
  ),
  ...open[1]('show', 'config protocol', READ),
  ...bare[1]('show', 'swarm', { modifiers: ['detailed', 'health', 'visual'], parameters: [] }),
  ...aimed[1]('create', 'group campaign branch worktree', {
    parameters: ['id', 'from', 'priority', 'description'],
  }),
  ...open[1]('get', 'task config', { parameters: ['id', 'value'] }),
  ...aimed[1]('set', 'config', { parameters: ['id', 'value'] }),
  ...aimed[1]('import', 'task', { parameters: ['id'], modifiers: ['dry-run'] }),
  ...aimed[1]('plan', 'spec', { parameters: ['id', 'strategy'], modifiers: ['auto', 'dry-run', 'apply'] }),
  ...aimed[1]('tell', 'group', { text: 'text' }),
  ...aimed[1]('approve', 'instance'),
  ...aimed[1]('deny', 'instance'),
  ...aimed[1]('attach', 'session', { modifiers: ['read-only'], parameters: ['id'] }),
  ...aimed[1]('detach', 'instance session', { parameters: ['id', 'scope'] }),
  ...bare[1]('test', 'swarm', {
    parameters: ['op', 'instances', 'tasks', 'agent', 'failure-rate'],
  }),
];

const second: readonly Signature[] = [
  ...bare[2]('launch', 'campaign', { parameters: ['id', 'count', 'agent', 'on'] }),
  ...open[2]('report', 'swarm integration campaign', { parameters: ['id', 'scope', 'format'] }),
  ...bare[2]('test', 'failure', {
    modifiers: ['recovery-time', 'allow-chaos'],
    parameters: ['op', 'failure', 'id', 'recovery-time'],
  }),
  ...bare[2]('test', 'integration', {
    modifiers: ['resolution-strategy'],
    parameters: ['op', 'resolution-strategy'],
  }),
  ...bare[2]('sync', 'git', { parameters: ['direction'], modifiers: ['rebase', 'merge', 'dry-run'] }),
  ...aimed[2]('sync', 'branch worktree', {
    parameters: [...FILTER, 'direction'],
    modifiers: ['rebase', 'merge', 'dry-run'],
  }),
  ...open[2]('resolve', 'conflict', {
    parameters: [...FILTER, 'agent'],
    modifiers: ['auto', 'ours', 'theirs', 'union'],
  }),
  ...aimed[2]('rollback', 'integration config', { parameters: ['id', 'scope'] }),
  ...aimed[2]('recover', 'instance failure task', { parameters: [...FILTER, 'plan'] }),
  ...aimed[2]('explain', 'instance failure task', { parameters: ['id', 'scope', 'plan'] }),
  ...aimed[2]('retry', 'message'),
  ...aimed[2]('switch', 'protocol', { parameters: ['id'], modifiers: ['backup', 'primary'] }),
  ...aimed[2]('lock', 'resource worktree', { parameters: ['id', 'ttl'], modifiers: ['wait'] }),
  ...aimed[2]('unlock', 'resource worktree', { parameters: ['id'], modifiers: ['force'] }),
  ...aimed[2]('clean', 'worktree session message event', {
    parameters: [...FILTER, 'older'],
    modifiers: ['dry-run'],
  }),
  ...aimed[2]('share', 'session', { parameters: ['id', 'user'], modifiers: ['rw', 'read-only'] }),
  ...aimed[2]('rotate', 'secret', { parameters: ['id', 'for'] }),
  ...aimed[2]('set', 'secret', { parameters: ['id', 'for', 'value'] }),
  ...aimed[2]('remove', 'secret', { parameters: ['id', 'for'] }),
  ...open[2]('show', 'trace audit metric timeline', READ),
];

/** Commands of the language that this version understands and answers with the phase that brings them. */
export const laterSignatures: readonly Signature[] = [
  ...first,
  ...second,
  ...aimed[3]('drain', 'worker'),
  ...aimed[3]('join', 'worker', { parameters: ['id'] }),
  ...aimed[3]('remove', 'worker', { parameters: ['id'], modifiers: ['force'] }),
  ...open[4]('sync', 'task github jira', { parameters: [...FILTER, 'direction'] }),
  ...aimed[4]('create', 'pr', { parameters: ['id', 'task', 'repo'] }),
  ...bare[4]('create', 'issue', { parameters: ['task', 'repo'], text: 'text' }),
  ...aimed[5]('enable', 'flag', { parameters: ['id', 'for', 'percent'] }),
  ...aimed[5]('disable', 'flag', { parameters: ['id', 'for', 'percent'] }),
  ...aimed[5]('open', 'ide', { parameters: ['id', 'scope'] }),
];
