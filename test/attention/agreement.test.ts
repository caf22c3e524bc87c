import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attentionOf, finishedText, hasBanner, stepBesides, stepNow } from '../../src/attention/attention.ts';
import type { Surroundings } from '../../src/attention/steps.ts';
import { chooseMerges } from '../../src/commands/git/choose-merges.ts';
import { resumeSwarm } from '../../src/commands/swarm/resume-swarm.ts';
import { statusSwarm } from '../../src/commands/swarm/status-swarm.ts';
import { retryTask } from '../../src/commands/tasks/retry-task.ts';
import { runTask } from '../../src/commands/tasks/run-task.ts';
import { instanceAlert, taskAlert } from '../../src/daemon/signals/alert-facts.ts';
import { saidId } from '../../src/protocol/say.ts';
import type { EventDraft, State } from '../../src/state/index.ts';
import { INSTANCE_STATES } from '../../src/state/instances.ts';
import type { Git } from '../../src/ports/index.ts';
import { isIntegrationThere } from '../../src/state/batches.ts';
import { isPresent } from '../../src/state/moves.ts';
import { awaitsReview } from '../../src/state/reviews.ts';
import { type Settings, settingsSchema } from '../../src/state/settings.ts';
import { FAILURE_CLASSES } from '../../src/state/tasks.ts';
import { plan } from '../../src/tasks/plan.ts';
import { groupTasks } from '../../src/tasks/task-groups.ts';
import { initialScreen } from '../../src/tui/model/screen-state.ts';
import { panels } from '../../src/tui/panels/index.ts';
import { paneFrameOf } from '../../src/tui/panes/pane-frame.ts';
import { unquoted } from '../../src/tui/answering/suggestion.ts';
import { forecast } from '../../src/tui/prompt/prompt-forecast.ts';
import { alertsTab } from '../../src/tui/tabs/alerts.ts';
import { metricsTab } from '../../src/tui/tabs/metrics.ts';
import type { Piece } from '../../src/tui/widgets/pieces.ts';
import { language } from '../fixtures/signatures.ts';
import { contextWith, partOf, personOf, readOnlyStore } from '../helpers/context.ts';
import { openDesk } from '../helpers/desk.ts';
import { AT, after, created, moved, requested, verified } from '../tasks/journal.ts';
import { created as agent } from '../tui/fake-swarm.ts';
import { modelOf } from '../tui/panels/draw-panel.ts';
import { tabContext, textOf } from '../tui/tabs/tab-context.ts';

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
  fc
    .tuple(aTask, fc.constantFrom({ agent: 'codex' }, { group: 'web' }, { agent: 'kiro' }))
    .map(([id, wish]): EventDraft[] => [{ type: 'task.requested', data: { ids: [id], ...wish } }]),
  aTask.map((task): EventDraft[] => [{ type: 'review.approved', data: { task, commit: 'abc', by: 'me' } }]),
  aTask.map((task): EventDraft[] => [
    { type: 'review.taken_over', data: { task, commit: 'abc', by: 'me', worktree: `/w/${task}` } },
    { type: 'task.held', data: { id: task, held: true } },
  ]),
  aTask.map((id): EventDraft[] => [{ type: 'task.held', data: { id, held: false } }]),
  aTask.map((id): EventDraft[] => [{ type: 'task.reopened', data: { id, reason: 'x' } }]),
  aTask.map((id): EventDraft[] => [{ type: 'task.blocked', data: { id, reason: 'x' } }]),
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
const agentOf = (n: number, pretends: boolean): EventDraft => {
  const { type, data } = agent(n) as Extract<EventDraft, { type: 'instance.created' }>;
  return { type, data: { ...data, ...(pretends ? { takes_plans: false } : {}) } };
};

const story = fc
  .tuple(fc.nat(3), fc.nat(5), fc.array(happening, { maxLength: 14 }), fc.boolean(), fc.boolean())
  .map(([agents, tasks, happened, isPlan, pretends]): readonly EventDraft[] => [
    ...AGENTS.slice(0, agents).map((_id, i) => agentOf(i + 1, pretends)),
    ...TASKS.slice(0, tasks).map((id, i) =>
      created(id, { spec: isPlan ? 'plan' : null, dependencies: i > 0 && i % 2 === 0 ? [TASKS[i - 1]!] : [] }),
    ),
    // Nothing happens to an agent or a task that is not there.
    ...happened.filter((facts) => namesIn(facts).every((name) => isAmong(name, agents, tasks))).flat(),
  ]);

const textIn = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join('');

/** What a panel says over these facts, in so many columns. */
const said = (id: string, model: ReturnType<typeof modelOf>): string => {
  const panel = panels.find((one) => one.id === id)!;
  const rect = panel.rect(model);
  if (!rect) return '';
  const { left = [], right = [], pieces = [], line = [] } = panel.select(model, rect) as Record<string, Piece[]>;
  return textIn([...left, ...right, ...pieces, ...line]);
};

const numberIn = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.groups?.['n'] ?? 0);

/** Whether a command is understood, about something that is there, and allowed as things stand. */
const isPossible = (command: string, state: State, settings: Settings): boolean =>
  forecast(command.replace('…', 'x'), { state, settings }, language).kind === 'ok';

/** Where the swarm is at home: what is launched, whether work is reviewed first, and the commits that main lacks. */
const home = fc.record({
  agent: fc.constantFrom('claude', 'rehearsal'),
  review: fc.constantFrom('none', 'before-merge'),
  lacks: fc.nat(3),
  own: fc.nat(1),
  places: fc.integer({ min: 1, max: 4 }),
});
type Home = {
  readonly agent: string;
  readonly review: string;
  readonly lacks: number;
  readonly own: number;
  readonly places: number;
};

const around = ({ agent: name, review, lacks, own, places }: Home, state: State): Surroundings => ({
  agent: { name, title: name, takesPlans: name !== 'rehearsal' },
  isUsual: true,
  plans: [],
  isReviewedFirst: review === 'before-merge',
  maxInstances: places,
  delivery:
    lacks + own > 0 && isIntegrationThere(state)
      ? { branch: 'main', commits: lacks, own, integration: 'drover/integration' }
      : null,
});

const settingsOf = ({ agent, review, places }: Home): Settings =>
  settingsSchema.parse({ agent, review, limits: { maxInstances: places } });

/** What the command line says of the same state in the same place. */
const statusOf = async (state: State, place: Home) => {
  const { lacks, own } = place;
  const context = contextWith({
    actor: personOf('ada', 'admin'),
    language,
    store: readOnlyStore(state),
    settings: settingsOf(place),
    resources: () => [],
    git: partOf<Git>({
      currentBranch: async () => 'main',
      resolve: async (name: string) => (lacks + own > 0 ? name : 'both'),
      divergence: async () => ({ ahead: lacks, behind: own }),
      mergeTrees: async (ours: string) => ({ kind: 'merged', tree: ours }),
      commitCount: async () => lacks,
    }),
  });
  const { message = '', data } = await statusSwarm.run(context, {}, []);
  return { message, data: data as { needs: { text: string }[]; next: { command: string; why: string }[] } };
};

const RUNS = { numRuns: 10_000 };
const SIZE = { columns: 400, rows: 40 };

test('[TUI-9] header, banner, view of alerts, tab bar, metrics, panes, n and status never contradict each other', async () => {
  await fc.assert(
    fc.asyncProperty(story, home, async (drafts, place) => {
      const seen = modelOf(drafts, initialScreen([]) as never, SIZE);
      const surroundings = around(place, seen.state);
      const model = { ...seen, surroundings, attention: attentionOf(seen.state, surroundings) };
      const { attention, state, queue } = model;
      const { needs, notices } = attention;
      const status = await statusOf(state, place);
      const header = said('header', model);
      const context = tabContext(drafts);
      const alerts = textOf(alertsTab.body(context))[0]!;
      const entries = alertsTab.body(context).columns[0]!.lines.filter(({ id }) => id !== undefined);
      const metrics = textOf(metricsTab.body(context))[0]!.find((line) => line.includes('need you'))!;
      // One number.
      expect([
        numberIn(header, /(?<n>\d+) needs? you/u),
        numberIn(alerts[0]!, /^(?<n>\d+) needs? you/u),
        numberIn(said('tab-bar', model), /Alerts ?·?(?<n>\d+)/u),
        numberIn(metrics, /(?<n>\d+) now/u),
        entries.length - notices.length,
        numberIn(status.message, / (?<n>\d+) needs? you: /u),
        status.data.needs.length,
      ]).toEqual(Array.from({ length: 7 }, () => needs.length));
      // Whoever asks is among them, before everything else.
      const asking = Object.values(state.instances).filter((one) => one.state.kind === 'waiting');
      expect(needs.slice(0, asking.length).every(({ kind }) => kind === 'question')).toBe(true);
      expect(needs.filter(({ kind }) => kind === 'question')).toHaveLength(asking.length);
      // The banner speaks of the first entry, as the status does, and n goes to its agent.
      const banner = said('banner', model);
      if (needs.length > 0) expect(banner).toContain(needs[0]!.text.slice(0, 40));
      else expect(banner).not.toMatch(/[✖?!]/u);
      expect(status.data.needs.map(({ text }) => text)).toEqual(needs.map(({ text }) => text));
      expect(queue).toEqual([
        ...new Set(needs.flatMap(({ instance }) => (queue.includes(instance ?? '') ? [instance] : []))),
      ]);
      // What comes next is the same everywhere, in the same order.
      expect(status.data.next.map(({ command }) => command)).toEqual(attention.work.map(({ command }) => command));
      const next = attention.work.find(({ why, isPressing }) => isPressing && why !== '');
      expect(status.message.split(' Next: ')[1]).toBe(next && `${next.why} → ${next.command}`);
      // All is well only where the header and the banner have nothing to say.
      const isCalm = !hasBanner(attention) && finishedText(attention) === '' && !state.swarm.paused;
      expect(status.message.includes('All is well')).toBe(isCalm);
      expect(status.message).toContain(
        next?.kind === 'merge' || next?.kind === 'review' ? next.why : finishedText(attention),
      );
      // Finished work is counted once, and said by the panes of those who are idle.
      expect(numberIn(header, /✔ (?<n>\d+) to review/u)).toBe(attention.unreviewed);
      expect(numberIn(header, /(?<n>\d+) to merge/u)).toBe(attention.approved);
      const review = attention.work.find(({ kind }) => kind === 'review');
      if (review) expect(numberIn(review.why, /^(?<n>\d+) tasks? done, to review$/u)).toBe(attention.unreviewed);
      for (const one of model.instances) {
        const tag = numberIn(textIn(paneFrameOf(model, one, 120).note), /✔ (?<n>\d+) to review/u);
        if (tag > 0) expect(tag).toBe(attention.toReview.get(one.instance_id));
      }
      // The prompt offers nothing that the banner would have to be weighed against, and what it offers beside it is told apart.
      const now = stepNow(attention, null);
      const besides = stepBesides(attention, null);
      const prompt = said('prompt', model);
      if (besides) expect(prompt).toContain(besides.command);
      else expect(attention.work.filter(({ command }) => prompt.includes(command))).toEqual([]);
      expect(prompt.includes('Besides: ')).toBe(now !== undefined && besides !== null);
      expect(now !== undefined && attention.work.includes(now) && prompt.includes('Try: ')).toBe(false);
    }),
    RUNS,
  );
}, 240_000);

/** Whether so many may be launched, and one of them gets a task that nobody else gets once what is ready is run. */
const launchHelps = (command: string, state: State, { agent, maxInstances = 0 }: Surroundings): boolean => {
  const {
    count,
    name = agent?.name,
    group,
  } = /^launch (?<count>\d+) instances?(?: agent=(?<name>\S+))?(?: group=(?<group>\S+))?$/u.exec(command)?.groups ?? {};
  const there = Object.values(state.instances).filter((one) => isPresent(one.state.kind));
  if (Number(count) + there.length > maxInstances) return false;
  const { type, data } = agentOf(9, name === agent?.name && agent?.takesPlans === false) as Extract<
    EventDraft,
    { type: 'instance.created' }
  >;
  const newcomer: EventDraft = {
    type,
    data: { ...data, instance_id: 'new', agent: name!, ...(group === undefined ? {} : { group }) },
  };
  const ready = groupTasks(state).ready.filter(({ archived, held }) => !archived && !held);
  const run: EventDraft[] = ready.length === 0 ? [] : [requested(...ready.map(({ id }) => id))];
  const next = after(state, { type: 'swarm.resumed', data: {} }, newcomer, moved('new', 'idle'), ...run);
  return plan(next, { now: AT }).some((action) => action.kind === 'assign' && action.instance === 'new');
};

/** Whether a command that was proposed would change something, or show something that is there. */
const doesSomething = async (
  command: string,
  drafts: readonly EventDraft[],
  state: State,
  surroundings: Surroundings,
): Promise<boolean> => {
  const { isReviewedFirst, delivery } = surroundings;
  const [verb, noun, id = ''] = command.split(' ').map(unquoted);
  if (verb === 'answer') return state.instances[noun!]?.state.kind === 'waiting';
  if (command.startsWith('merge completed branches to=')) return delivery?.own === 0;
  if (command.startsWith('sync branch')) return (delivery?.own ?? 0) > 0;
  if (verb === 'merge')
    return (
      chooseMerges(state, { ids: undefined, resolves: false, policy: isReviewedFirst ? 'before-merge' : 'none' })
        .length > 0
    );
  if (verb === 'review') return awaitsReview(state.reviews, state.tasks[id]!);
  if (verb === 'restart') return Object.hasOwn(state.instances, id);
  if (verb === 'show') return Object.hasOwn(noun === 'instance' ? state.instances : state.tasks, id);
  if (verb === 'launch') return launchHelps(command, state, surroundings);
  if (verb === 'create' || command.startsWith('test swarm launch ')) return true;
  const desk = openDesk([resumeSwarm, runTask, retryTask], drafts);
  return (await desk.propose(command)).exit === 0 && desk.recorded().length > 0;
};

test('[REC-7] whatever is proposed is understood, allowed, changes something, and does not repeat a failure', async () => {
  await fc.assert(
    fc.asyncProperty(story, home, async (drafts, place) => {
      const { state } = modelOf(drafts);
      const surroundings = around(place, state);
      const attention = attentionOf(state, surroundings);
      const proposed = [
        ...attention.needs.flatMap(({ help }) => help ?? []),
        ...attention.work.map(({ command }) => command),
      ];
      expect(proposed.filter((command) => !isPossible(command, state, settingsOf(place)))).toEqual([]);
      for (const command of proposed) {
        expect([command, await doesSomething(command, drafts, state, surroundings)]).toEqual([command, true]);
        const task = state.tasks[unquoted(/^retry task (?<id>\S+)$/u.exec(command)?.groups?.['id'] ?? '')];
        const before = task?.history.at(-1)?.failure;
        if (task && before) expect(before).not.toEqual(task.run!.failure);
      }
    }),
    RUNS,
  );
}, 240_000);
