import type { Signature } from '../../protocol/signature.ts';

const FILTER = ['id', 'scope', 'state', 'except'];

type Shape = Partial<Omit<Signature, 'verb' | 'noun' | 'phase'>>;

const make =
  (phase: Signature['phase'], target: Signature['target']) =>
  (verb: string, nouns: string, shape: Shape = {}) =>
    nouns
      .split(' ')
      .map((noun): Signature => ({ verb, noun, modifiers: [], parameters: FILTER, target, phase, ...shape }));

const aimed = {
  2: make(2, 'required'),
  3: make(3, 'required'),
  4: make(4, 'required'),
  5: make(5, 'required'),
};
const open = {
  2: make(2, 'optional'),
  3: make(3, 'optional'),
  4: make(4, 'optional'),
  5: make(5, 'optional'),
};
const bare = { 2: make(2, 'none'), 4: make(4, 'none') };

const READ = { parameters: [...FILTER, 'limit', 'since'], modifiers: ['detailed'] };
const LOOK = { modifiers: ['detailed', 'health', 'visual'], parameters: [...FILTER, 'timeout'] };

/** Nouns that a later version brings: looking at them is all that their words here are for. */
const looks: readonly Signature[] = [
  ...open[2]('status', 'campaign', LOOK),
  ...open[3]('status', 'worker', LOOK),
  ...open[2]('list', 'campaign message metric trace secret lock audit', READ),
  ...open[3]('list', 'worker', READ),
  ...open[5]('list', 'flag', READ),
  ...aimed[2]('show', 'campaign message lock', READ),
  ...aimed[3]('show', 'worker', READ),
  ...aimed[5]('show', 'flag', READ),
];

const second: readonly Signature[] = [
  ...aimed[2]('create', 'campaign', { parameters: ['id', 'from', 'priority', 'description'] }),
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
  ...aimed[2]('clean', 'worktree message event', {
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
  ...looks,
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
