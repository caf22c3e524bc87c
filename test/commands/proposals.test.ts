import { expect, test } from 'vitest';
import type { Actor, Command, Context } from '../../src/commands/define.ts';
import { authorise, understand } from '../../src/commands/dispatch.ts';
import { commands } from '../../src/commands/index.ts';
import { saidId } from '../../src/protocol/say.ts';
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
  readTimedLog: async () => [],
  radar: { now: () => [], looks: () => new Map(), examine: async () => [] },
  secrets: { list: async () => [], has: async () => false, remove: async () => false },
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

/** Names that may be given to tasks, agents and groups, and that mean something in a command. */
const ODD: Readonly<Record<string, string>> = {
  ...{ '1': 'ready', '2': '2-3', '3': 'task', t1: 'to', t2: 'and' },
  ...{ 'claude-1': '3-1', 'kiro-1': 'all-1', backend: 'all' },
};

/** A fact with other names in it, wherever they stand alone or behind the kind of an alert. */
const renamed = (value: unknown): unknown => {
  if (typeof value === 'string')
    return (
      ODD[value] ??
      value.replace(/^(?<kind>[a-z]+:)(?<id>.+)$/u, (_, kind: string, id: string) => kind + (ODD[id] ?? id))
    );
  if (Array.isArray(value)) return value.map(renamed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [ODD[key] ?? key, renamed(one)]));
};
const oddStory = story.map(({ data, ...fact }) => ({ ...fact, data: renamed(data) }) as (typeof story)[number]);

const ODD_TASKS = ['ready', '2-3', 'task', 'to', 'and'];
const ODD_IDS: Readonly<Record<string, readonly string[]>> = {
  ...{ instance: ['3-1'], group: ['all'], task: ODD_TASKS, failure: [...ODD_TASKS, '3-1'], conflict: ODD_TASKS },
  ...{ race: ODD_TASKS, branch: ODD_TASKS, result: ODD_TASKS, diff: ODD_TASKS },
};
const ODD_MOMENTS = [90, 140, story.length];

/** The ids that a proposed line is about and that nothing has, or a wider meaning than that of the one it was to name. */
const misread = (line: string, { tasks, instances }: Desk['state']): string | undefined => {
  const { meaning } = understand(language, { text: line });
  const known = meaning.noun === 'task' ? tasks : meaning.noun === 'instance' ? instances : undefined;
  const ids = [meaning.parameters['id'] ?? []].flat().map(String);
  const unknown = known ? ids.filter((id) => id !== 'x' && id !== '3.1' && !Object.hasOwn(known, id)) : [];
  return unknown.length > 0 ? `"${line}" is about ${unknown.join(', ')}` : undefined;
};

test.each(commands.filter(({ noun }) => Object.hasOwn(ODD_IDS, noun)))(
  '[REC-7] what "$verb $noun" proposes can be said whatever the names are',
  async ({ verb, noun }) => {
    const actor = actors.at(-1)!;
    const problems: string[] = [];
    for (const moment of ODD_MOMENTS)
      for (const id of ODD_IDS[noun]!) {
        const desk = openDesk(commands, oddStory.slice(0, moment), parts);
        const text = `${verb} ${noun} ${saidId(id)}`;
        const reply = await desk.askBy(actor, text).catch(() => undefined);
        // How a line was to be said is told of examples.
        for (const line of reply && reply.exit !== 2 ? proposalsIn(language, reply) : [])
          problems.push(...[problemOf(language, line, { text, actor }) ?? misread(line, desk.state) ?? []].flat());
      }
    expect(problems).toEqual([]);
  },
);
