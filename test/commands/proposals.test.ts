import { expect, test } from 'vitest';
import type { Actor, Command, Context } from '../../src/commands/define.ts';
import { authorise } from '../../src/commands/dispatch.ts';
import { commands } from '../../src/commands/index.ts';
import { ROLES } from '../../src/protocol/signature.ts';
import { pluralOf } from '../../src/protocol/vocabulary.ts';
import { language } from '../fixtures/signatures.ts';
import { partOf } from '../helpers/context.ts';
import { type Desk, openDesk } from '../helpers/desk.ts';
import { problemOf, proposalsIn } from '../helpers/proposals.ts';
import { story } from '../state/story.ts';
import { auditTrail } from './watching/audit-trail.ts';

const ID_OF: Readonly<Record<string, readonly string[]>> = {
  instance: ['claude-1'],
  task: ['1', '2', '3'],
  integration: ['batch-1'],
  group: ['backend'],
};

/** Ways to say a command: its example, and about what there is. */
const linesOf = ({ verb, noun, target, example }: Command): readonly string[] => [
  example,
  ...(target === 'required' ? [] : [`${verb} ${noun}`]),
  ...(target === 'none'
    ? []
    : [`${verb} all ${pluralOf(noun)}`, ...(ID_OF[noun] ?? []).map((id) => `${verb} ${noun} ${id}`)]),
];

const actors: readonly Actor[] = ROLES.map((role) =>
  role === 'agent' ? { name: 'claude-1', role, instance: 'claude-1' } : { name: 'ada', role, instance: null },
);

const isAllowed = (actor: Actor, command: Command): boolean => {
  try {
    authorise(actor, command);
    return true;
  } catch {
    return false;
  }
};

/** What a command may ask beside the state, where nothing has to be there for it. */
const parts = {
  audit: auditTrail(),
  resources: () => [],
  radar: { now: () => [], looks: () => new Map() },
  secrets: { list: async () => [], remove: async () => false },
  agents: {
    found: async () => [],
    assertStartable: async () => undefined,
    workers: async () => [],
    assertRoom: async () => undefined,
    firstQuestion: async () => null,
  },
  configuration: { layers: [], files: { project: '/p', user: '/u' }, change: async () => true },
  paths: partOf<Context['paths']>({ key: 'k' }),
  typeLine: async () => undefined,
  giveAnswer: async () => ({ confirmed: true }),
} satisfies Partial<Context>;

const deskAt = (moment: number) => openDesk(commands, story.slice(0, moment), parts);

/** The life of a swarm, at its beginning, its end, and now and then in between; for who changes nothing in it. */
const EVERY = 20;
const moments = [...Array.from({ length: Math.ceil(story.length / EVERY) }, (_, i) => i * EVERY), story.length];
const desks = moments.map(deskAt);

/** What is wrong with what the answer to a line proposes; what needs more than a state has its answers checked by its own tests. */
const problemsOf = async (desk: Desk, text: string, actor: Actor): Promise<readonly string[]> => {
  const reply = await desk.askBy(actor, text).catch(() => undefined);
  if (!reply || reply.confirm !== null || (reply.data as { code?: string } | null)?.code !== undefined) return [];
  return proposalsIn(language, reply).flatMap((proposed) => {
    const problem = problemOf(language, proposed, { text, actor });
    return problem === undefined ? [] : [`${actor.role}, ${text}: ${problem}`];
  });
};

test.each(commands)(
  '[REC-7] what "$verb $noun" proposes is understood, there, allowed to whoever asked, and no more than that',
  async (command) => {
    const problems: string[] = [];
    const places = command.reads ? desks : [undefined];
    for (const actor of actors.filter((one) => isAllowed(one, command)))
      for (const place of places)
        for (const text of linesOf(command))
          problems.push(...(await problemsOf(place ?? deskAt(story.length), text, actor)));
    expect(problems).toEqual([]);
  },
);

test('[REC-7] what helps where there is nothing is shown to those who may say it', async () => {
  const proposed = async (role: Actor['role']) => {
    const reply = await deskAt(0).sayBy({ name: 'ada', role, instance: null }, 'list instances');
    return [reply.text, proposalsIn(language, reply)];
  };
  expect(await proposed('operator')).toEqual(['No instance. Start some: launch 3 instances', ['launch 3 instances']]);
  expect(await proposed('viewer')).toEqual(['No instance.', []]);
  const asked = { text: 'show task 1', actor: actors.at(-1)! };
  expect(problemOf(language, 'stop all instances', asked)).toContain('does more than');
  expect(problemOf(language, 'stop instance claude-1 force', asked)).toContain('is not asked about');
  expect(problemOf(language, 'fly task 1', asked)).toContain('Unknown verb');
});
