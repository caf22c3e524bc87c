import type { Signature } from '../../protocol/signature.ts';

const FILTER = ['id', 'scope', 'state', 'except'];

type Shape = Partial<Omit<Signature, 'verb' | 'noun' | 'phase'>>;

const signatureMaker =
  (phase: Signature['phase'], target: Signature['target']) =>
  (verb: string, nouns: string, shape: Shape = {}) =>
    nouns
      .split(' ')
      .map((noun): Signature => ({ verb, noun, modifiers: [], parameters: FILTER, target, phase, ...shape }));

const withTarget = {
  2: signatureMaker(2, 'required'),
  3: signatureMaker(3, 'required'),
  4: signatureMaker(4, 'required'),
  5: signatureMaker(5, 'required'),
};
const withOptionalTarget = {
  2: signatureMaker(2, 'optional'),
  3: signatureMaker(3, 'optional'),
  4: signatureMaker(4, 'optional'),
  5: signatureMaker(5, 'optional'),
};
const withoutTarget = { 2: signatureMaker(2, 'none'), 4: signatureMaker(4, 'none') };

const READ = { parameters: [...FILTER, 'limit', 'since'], modifiers: ['detailed'] };
const LOOK = { modifiers: ['detailed', 'health', 'visual'], parameters: [...FILTER, 'timeout'] };

/** Reading commands for the nouns of later versions. */
const lookSignatures: readonly Signature[] = [
  ...withOptionalTarget[2]('status', 'campaign', LOOK),
  ...withOptionalTarget[3]('status', 'worker', LOOK),
  ...withOptionalTarget[2]('list', 'campaign message metric trace lock', READ),
  ...withOptionalTarget[3]('list', 'worker', READ),
  ...withOptionalTarget[5]('list', 'flag', READ),
  ...withTarget[2]('show', 'campaign message lock', READ),
  ...withTarget[3]('show', 'worker', READ),
  ...withTarget[5]('show', 'flag', READ),
];

const phaseTwoSignatures: readonly Signature[] = [
  ...withTarget[2]('create', 'campaign', { parameters: ['id', 'from', 'priority', 'description'] }),
  ...withoutTarget[2]('launch', 'campaign', { parameters: ['id', 'count', 'agent', 'on'] }),
  ...withOptionalTarget[2]('report', 'swarm campaign', { parameters: ['id', 'scope', 'format'] }),
  ...withTarget[2]('recover', 'instance failure task', { parameters: [...FILTER, 'plan'] }),
  ...withTarget[2]('explain', 'instance failure task', { parameters: ['id', 'scope', 'plan'] }),
  ...withTarget[2]('retry', 'message'),
  ...withTarget[2]('switch', 'protocol', { parameters: ['id'], modifiers: ['backup', 'primary'] }),
  ...withTarget[2]('lock', 'resource worktree', { parameters: ['id', 'ttl'], modifiers: ['wait'] }),
  ...withTarget[2]('unlock', 'resource worktree', { parameters: ['id'], modifiers: ['force'] }),
  ...withTarget[2]('rotate', 'secret', { parameters: ['id', 'for'] }),
  ...withTarget[2]('set', 'secret', { parameters: ['id', 'for', 'value'] }),
  ...withOptionalTarget[2]('show', 'trace metric', READ),
];

/** Commands of the language that this version understands and answers with the phase that brings them. */
export const laterSignatures: readonly Signature[] = [
  ...lookSignatures,
  ...phaseTwoSignatures,
  ...withTarget[3]('drain', 'worker'),
  ...withTarget[3]('join', 'worker', { parameters: ['id'] }),
  ...withTarget[3]('remove', 'worker', { parameters: ['id'], modifiers: ['force'] }),
  ...withOptionalTarget[4]('sync', 'task github jira', { parameters: [...FILTER, 'direction'] }),
  ...withTarget[4]('create', 'pr', { parameters: ['id', 'task', 'repo'] }),
  ...withoutTarget[4]('create', 'issue', { parameters: ['task', 'repo'], text: 'text' }),
  ...withTarget[5]('enable', 'flag', { parameters: ['id', 'for', 'percent'] }),
  ...withTarget[5]('disable', 'flag', { parameters: ['id', 'for', 'percent'] }),
  ...withTarget[5]('open', 'ide', { parameters: ['id', 'scope'] }),
];
