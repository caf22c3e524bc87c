import fc from 'fast-check';
import { instanceAlert, taskAlert } from '../../src/daemon/signals/alert-facts.ts';
import { saidId } from '../../src/protocol/say.ts';
import type { EventDraft } from '../../src/state/index.ts';
import { INSTANCE_STATES } from '../../src/state/instances.ts';
import { FAILURE_CLASSES } from '../../src/state/failure-classes.ts';
import { created, requested, verified } from '../tasks/journal.ts';
import { created as agent } from '../tui/fake-swarm.ts';

const AGENTS = ['rehearsal-1', 'rehearsal-2', 'rehearsal-3'];
// Any word may be the id of a task, also one that means something in a command.
const TASKS = ['ready', '2-3', 'task', 'to', 'ant'];

const anAgent = fc.constantFrom(...AGENTS);
const aTask = fc.constantFrom(...TASKS);
const aFailure = fc.record({ class: fc.constantFrom(...FAILURE_CLASSES), message: fc.constantFrom('x', 'y') });

const ran = (id: string, instance: string): EventDraft[] => [
  { type: 'task.assigned', data: { id, instance, pinned: false, reason: '' } },
  { type: 'run.started', data: { id, instance, branch: `feature/${id}`, start_commit: 'c' } },
];

const raised = (
  about: string,
  severity: 'info' | 'warning' | 'error',
  { instance, task, suggestion }: { instance: string; task: string | null; suggestion: string },
): EventDraft => ({
  type: 'alert.raised',
  data: { id: `${about}:${instance}`, severity, text: `${about} of ${instance}`, suggestion, instance, task },
});

/** The alerts about agents that are no question of whether they work. */
const ABOUT_AGENTS: readonly ((instance: string, task: string) => EventDraft)[] = [
  (instance) => raised('waiting', 'warning', { instance, task: null, suggestion: `answer ${saidId(instance)} "…"` }),
  (instance, task) => raised('unanswered', 'error', { instance, task, suggestion: `answer ${saidId(instance)} "…"` }),
  (instance) => raised('limited', 'warning', { instance, task: null, suggestion: `show instance ${saidId(instance)}` }),
  (instance, task) => raised('stray', 'error', { instance, task, suggestion: `show task ${saidId(task)}` }),
  // Limits of its resources, a program that stands still or does not take what is typed, and a turn that did not end.
  ...['pause', 'resume', 'restart', 'stop'].map(
    (verb) => (instance: string) =>
      raised('memory', 'warning', { instance, task: null, suggestion: `${verb} instance ${saidId(instance)}` }),
  ),
  (instance) =>
    raised('frozen', 'warning', { instance, task: null, suggestion: `resume instance ${saidId(instance)}` }),
  (instance) => raised('pause', 'error', { instance, task: null, suggestion: `pause instance ${saidId(instance)}` }),
  (instance) =>
    raised('typing', 'warning', { instance, task: null, suggestion: `attach instance ${saidId(instance)}` }),
  (instance, task) =>
    raised('interrupted', 'warning', { instance, task, suggestion: `tell ${saidId(instance)} "Go on."` }),
  (instance) => raised('turn', 'warning', { instance, task: null, suggestion: `tell ${saidId(instance)} "Go on."` }),
  (instance) =>
    raised('limited', 'warning', { instance, task: null, suggestion: `reassign tasks from ${saidId(instance)}` }),
];

/** Alerts about the place, the settings and the swarm as a whole, as the daemon raises them. */
const ABOUT_ALL: readonly (readonly [id: string, suggestion: string])[] = [
  ['server', 'resume all instances'],
  ['starts:rehearsal', 'show adapter rehearsal'],
  ['config:untrusted', 'trust config'],
  ['disk:full', 'clean worktrees force'],
  ['sessions', 'clean sessions'],
  ['strangers:x', 'list adapters'],
  ['network:rehearsal-1', `set config sandbox.hosts '["a.example"]'`],
  ['budget:swarm', 'set config budgets.swarm.usd 20'],
  ['audit', 'verify audit'],
  ['refs:1', 'list refs'],
];

/** Something that happens to a swarm: as the daemon would record it, in an order that it may come in or not. */
const happening: fc.Arbitrary<readonly EventDraft[]> = fc.oneof(
  fc.tuple(anAgent, fc.constantFrom(...INSTANCE_STATES), fc.constantFrom('a', 'b')).map(([id, state, evidence]) => [
    {
      type: 'instance.moved',
      data: { instance_id: id, state, source: 'hook', evidence, question: 'Which?' },
    } as const,
  ]),
  fc
    .tuple(anAgent, fc.constantFrom('instance', 'stuck'), fc.constantFrom('info', 'warning', 'error'))
    .map(([id, about, severity]) => [instanceAlert(id, `${id} is in trouble`, { about, severity } as object)]),
  fc
    .tuple(aTask, anAgent, aFailure)
    .map(([id, instance, failure]): EventDraft[] => [
      ...ran(id, instance),
      { type: 'run.failed', data: { id, failure } },
      taskAlert(id, failure, instance),
    ]),
  fc.tuple(aTask, anAgent).map(([id, instance]) => [...ran(id, instance), verified(id)]),
  fc.tuple(aTask, anAgent).map(([id, instance]) => ran(id, instance)),
  aTask.map((id) => [requested(id)]),
  // By hand, also before it can begin.
  fc
    .tuple(aTask, anAgent)
    .map(([id, instance]): EventDraft[] => [
      requested(id),
      { type: 'task.assigned', data: { id, instance, pinned: true, reason: 'by hand' } },
    ]),
  fc
    .tuple(aTask, fc.constantFrom({ agent: 'codex' }, { group: 'web' }, { agent: 'kiro' }))
    .map(([id, wish]): EventDraft[] => [{ type: 'task.requested', data: { ids: [id], ...wish } }]),
  aTask.map((task): EventDraft[] => [{ type: 'review.approved', data: { task, commit: 'abc', by: 'me' } }]),
  aTask.map((task): EventDraft[] => [
    { type: 'review.taken_over', data: { task, commit: 'abc', by: 'me', worktree: `/w/${task}` } },
    { type: 'task.held', data: { id: task, held: true } },
  ]),
  fc.tuple(aTask, fc.boolean()).map(([id, held]): EventDraft[] => [{ type: 'task.held', data: { id, held } }]),
  anAgent.map((instance_id): EventDraft[] => [
    { type: 'instance.pause_requested', data: { instance_id } },
    { type: 'instance.paused', data: { instance_id, evidence: 'frozen' } },
  ]),
  aTask.map((id): EventDraft[] => [{ type: 'task.reopened', data: { id, reason: 'x' } }]),
  aTask.map((id): EventDraft[] => [{ type: 'task.blocked', data: { id, reason: 'x' } }]),
  // What somebody dismisses is no better for that.
  fc
    .tuple(aTask, fc.constantFrom('failed', 'blocked'))
    .map(([id, about]): EventDraft[] => [
      { type: 'alert.cleared', data: { id: `${about}:${id}`, because: 'dismissed' } },
    ]),
  aTask.map((id): EventDraft[] => [{ type: 'task.cancelled', data: { id } }]),
  aTask.map((id): EventDraft[] => [{ type: 'task.archived', data: { id, archived: true } }]),
  fc.tuple(aTask, fc.constantFrom('conflict', 'dependency', 'gate')).map(([id, reason]): EventDraft[] => [
    { type: 'batch.started', data: { id: `b-${id}`, target: 'i', base_commit: 'c', tasks: [id] } },
    { type: 'batch.set_aside', data: { id: `b-${id}`, task: id, reason, message: 'x', files: [] } as never },
    { type: 'batch.finished', data: { id: `b-${id}` } },
    {
      type: 'alert.raised',
      data: {
        id: `aside:${id}`,
        severity: 'warning',
        text: `${id} aside`,
        suggestion: `show task ${saidId(id)}`,
        instance: null,
        task: id,
      },
    },
  ]),
  aTask.map((id): EventDraft[] => [
    { type: 'batch.started', data: { id: `m-${id}`, target: 'i', base_commit: 'c', tasks: [id] } },
    { type: 'batch.merged', data: { id: `m-${id}`, task: id, branch: 'b', commit: 'c1' } },
    { type: 'batch.finished', data: { id: `m-${id}` } },
  ]),
  fc.constantFrom('info', 'warning', 'error').map((severity): EventDraft[] => [
    {
      type: 'alert.raised',
      data: {
        id: `disk-${severity}`,
        severity: severity as 'info',
        text: 'little space',
        suggestion: null,
        instance: null,
        task: null,
      },
    },
  ]),
  fc.constantFrom(...ABOUT_ALL).map(([id, suggestion]): EventDraft[] => [
    {
      type: 'alert.raised',
      data: { id, severity: 'warning', text: `about ${id}`, suggestion, instance: null, task: null },
    },
  ]),
  // A limit that has stopped its agent is told until somebody has seen it, whatever becomes of the agent.
  anAgent.map((id): EventDraft[] => {
    const { type, data } = raised('cpu', 'error', {
      instance: id,
      task: null,
      suggestion: `restart instance ${saidId(id)}`,
    });
    return [{ type, data: { ...data, instance: null } } as EventDraft];
  }),
  anAgent.map((instance_id): EventDraft[] => [{ type: 'instance.removed', data: { instance_id } }]),
  // A race, which goes on, is decided, or comes to nothing.
  fc.tuple(aTask, fc.constantFrom('goes on', 'won', 'lost')).map(([id, end]): EventDraft[] => {
    const racers = ['rehearsal-1', 'rehearsal-2'].map((instance) => ({
      id: `${id}@${instance}`,
      instance,
      agent: 'rehearsal',
    }));
    const won = `${id}@rehearsal-1`;
    const reason = 'no racer passed';
    const alert = {
      id: `blocked:${id}`,
      severity: 'error',
      text: reason,
      suggestion: `show race ${saidId(id)}`,
    } as const;
    const ends: Readonly<Record<string, readonly EventDraft[]>> = {
      'goes on': [],
      won: [verified(won), { type: 'race.ended', data: { id, winner: won, reason: 'it passed first' } }],
      lost: [
        { type: 'race.ended', data: { id, winner: null, reason } },
        { type: 'task.blocked', data: { id, reason } },
        { type: 'alert.raised', data: { ...alert, instance: null, task: id } },
      ],
    };
    return [
      { type: 'race.started', data: { id, winner_by: 'first-green', mode: null, racers } },
      ...racers.flatMap((one) => ran(one.id, one.instance)),
      ...ends[end]!,
    ];
  }),
  // What is merged is taken back, or could not be.
  fc.tuple(aTask, fc.boolean()).map(([id, fails]): EventDraft[] => {
    const batch = `m-${id}`;
    const suggestion = `rollback integration ${batch}`;
    return fails
      ? [
          { type: 'batch.rollback_failed', data: { id: batch, problem: 'x' } },
          {
            type: 'alert.raised',
            data: { id: `rollback:${batch}`, severity: 'warning', text: 'x', suggestion, instance: null, task: null },
          },
        ]
      : [{ type: 'batch.rolled_back', data: { id: batch } }];
  }),
  // What an alert suggested when it was raised may be of no use any more.
  fc.tuple(anAgent, aTask, fc.constantFrom(...ABOUT_AGENTS)).map(([instance, task, about]) => [about(instance, task)]),
  anAgent.map((id): EventDraft[] => [
    {
      type: 'instance.recovery_planned',
      data: {
        instance_id: id,
        recovery: {
          ...{ task: 'x', class: 'crash', message: 'x', tries: 1, most: 3, unready: false },
          ...{ next: 'restart', due: null },
        },
      },
    },
  ]),
  // Its session is lost, and it is started again by itself in a moment.
  anAgent.map((instance_id): EventDraft[] => [
    { type: 'instance.moved', data: { instance_id, state: 'lost', source: 'terminal' } },
    {
      type: 'instance.recovery_planned',
      data: {
        instance_id,
        recovery: {
          ...{ task: 'x', class: 'session-lost', message: 'x', tries: 1, most: 3, unready: false },
          ...{ next: 'restart', due: null },
        },
      },
    },
  ]),
  // A used-up budget freezes the swarm in the middle of a task.
  fc
    .tuple(aTask, anAgent)
    .map(([id, instance_id]): EventDraft[] => [
      ...ran(id, instance_id),
      { type: 'swarm.paused', data: {} },
      { type: 'instance.pause_requested', data: { instance_id } },
      { type: 'instance.paused', data: { instance_id, evidence: 'frozen' } },
    ]),
  fc.constantFrom('swarm.paused', 'swarm.resumed').map((type): EventDraft[] => [{ type, data: {} } as EventDraft]),
);

/** The agents and tasks that facts are about. */
const namesIn = (facts: readonly EventDraft[]): readonly string[] =>
  facts.flatMap(({ data }) => {
    const { id, instance, instance_id, task, ids = [] } = data as Record<string, string> & { ids?: readonly string[] };
    return [id, instance, instance_id, task, ...ids].filter((name) => typeof name === 'string');
  });

const isAmong = (name: string, agents: number, tasks: number): boolean =>
  (!AGENTS.includes(name) || AGENTS.indexOf(name) < agents) && (!TASKS.includes(name) || TASKS.indexOf(name) < tasks);

/** An agent that gets tasks of plans, or one that only pretends to work. */
export const agentOf = (n: number, pretends: boolean): EventDraft => {
  const { type, data } = agent(n) as Extract<EventDraft, { type: 'instance.created' }>;
  return { type, data: { ...data, ...(pretends ? { takes_plans: false } : {}) } };
};

/** Its program runs in a terminal. */
const begun = (instance_id: string): EventDraft => ({
  type: 'instance.started',
  data: { instance_id, session: `repo-${instance_id}`, pane: '%1', pid: 7 },
});

export const story = fc
  .tuple(fc.nat(3), fc.nat(5), fc.array(happening, { maxLength: 14 }), fc.boolean(), fc.boolean())
  .map(([agents, tasks, happened, isPlan, pretends]): readonly EventDraft[] => [
    ...AGENTS.slice(0, agents).flatMap((id, i) => [agentOf(i + 1, pretends), begun(id)]),
    ...TASKS.slice(0, tasks).map((id, i) =>
      created(id, { spec: isPlan ? 'plan' : null, dependencies: i > 0 && i % 2 === 0 ? [TASKS[i - 1]!] : [] }),
    ),
    // Nothing happens to an agent or a task that is not there.
    ...happened.filter((facts) => namesIn(facts).every((name) => isAmong(name, agents, tasks))).flat(),
  ]);
