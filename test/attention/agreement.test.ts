import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BUILT_IN } from '../../src/agents/index.ts';
import {
  attentionOf,
  finishedText,
  hasBanner,
  nextSteps,
  offeredTo,
  standsStill,
  stepBesides,
  stepNow,
} from '../../src/attention/attention.ts';
import { blockedOf } from '../../src/attention/blocked.ts';
import { waysOn } from '../../src/attention/failure-help.ts';
import { tasksToAssign } from '../../src/attention/standstill.ts';
import { openPlans } from '../../src/attention/spec-places.ts';
import type { Delivery, Step, Surroundings } from '../../src/attention/step.ts';
import { hasOpenTasks } from '../../src/attention/steps.ts';
import { plainChanges } from '../../src/cli/screen/plain-lines.ts';
import type { Context } from '../../src/commands/define.ts';
import { maySay } from '../../src/commands/dispatch.ts';
import { chooseMerges } from '../../src/commands/git/choose-merges.ts';
import { resumeSwarm } from '../../src/commands/swarm/resume-swarm.ts';
import { statusSwarm } from '../../src/commands/swarm/status-swarm.ts';
import { resumeTask } from '../../src/commands/tasks/resume-task.ts';
import { retryTask } from '../../src/commands/tasks/retry-task.ts';
import { runTask } from '../../src/commands/tasks/run-task.ts';
import { listAlert } from '../../src/commands/watching/list-alert.ts';
import { type EventDraft, emptyState, type State } from '../../src/state/index.ts';
import type { Git } from '../../src/ports/index.ts';
import { isIntegrationThere } from '../../src/state/batches.ts';
import { isPresent, mayMove } from '../../src/state/moves.ts';
import { awaitsReview, reviewedRun, reviewOf } from '../../src/state/reviews.ts';
import { type Settings, settingsSchema } from '../../src/state/settings.ts';
import type { Instance } from '../../src/state/instances.ts';
import type { Task } from '../../src/state/tasks.ts';
import { mayDo } from '../../src/tasks/may-do.ts';
import { plan } from '../../src/tasks/plan.ts';
import { isComingBack } from '../../src/tasks/recovery.ts';
import { hasAll } from '../../src/tasks/select.ts';
import { groupTasks } from '../../src/tasks/task-groups.ts';
import { mergeAll } from '../../src/tui/control/merge-all.ts';
import { windowTitle } from '../../src/tui/model/news.ts';
import { unquoted } from '../../src/tui/answering/suggestion.ts';
import { initialScreen } from '../../src/tui/model/screen-state.ts';
import { panels } from '../../src/tui/panels/index.ts';
import { paneFrameOf } from '../../src/tui/panes/pane-frame.ts';
import { forecast } from '../../src/tui/prompt/prompt-forecast.ts';
import { alertsTab } from '../../src/tui/tabs/alerts.ts';
import { metricsTab } from '../../src/tui/tabs/metrics.ts';
import { worktreesTab } from '../../src/tui/tabs/worktrees.ts';
import type { Piece } from '../../src/tui/widgets/pieces.ts';
import { language } from '../fixtures/signatures.ts';
import { contextWith, partOf, personOf, readOnlyStore } from '../helpers/context.ts';
import { openDesk } from '../helpers/desk.ts';
import { AT, after, moved, requested } from '../tasks/journal.ts';
import { modelOf } from '../tui/panels/draw-panel.ts';
import { tabContext, textOf } from '../tui/tabs/tab-context.ts';
import { agentOf, story } from './swarm-stories.ts';

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

/** Whether a command is understood, about something that is there, allowed as things stand to who reads it, and a change. */
const isPossible = (command: string, state: State, place: Home): boolean => {
  const hint = forecast(
    command.replace('…', 'x'),
    { state, settings: settingsOf(place), reader: personOf('ada', place.role) },
    language,
  );
  return hint.kind === 'ok' && !hint.idle;
};

/** Verbs of which the forecast tells whether they change something, or whose effect is outside of the state. */
const FORETOLD = ['pause', 'stop', 'tell', 'attach', 'reassign', 'rollback', 'set', 'trust', 'clean', 'verify', 'list'];

/**
 * Where the swarm is at home: what is launched, whether work is reviewed first, the commits that main lacks, and who looks;
 * no agent program may be there, a plan may lie there, what is merged may fail a gate, main may conflict with it, and a file may be in the way of bringing it there.
 */
const home = fc.record({
  agent: fc.constantFrom('claude', 'rehearsal', null),
  review: fc.constantFrom('none', 'before-merge'),
  lacks: fc.nat(3),
  own: fc.nat(1),
  places: fc.integer({ min: 1, max: 4 }),
  role: fc.constantFrom('viewer', 'operator', 'integrator', 'admin'),
  hasPlan: fc.boolean(),
  fails: fc.boolean(),
  clashes: fc.boolean(),
  hindered: fc.boolean(),
  isManual: fc.boolean(),
});
type Home = Parameters<Parameters<typeof home.map>[0]>[0];

const deliveryIn = ({ lacks, own, fails, clashes, hindered }: Home, state: State): Delivery | null => {
  if (lacks + own === 0 || !isIntegrationThere(state)) return null;
  const failed = fails ? { failed: { batch: Object.keys(state.batches)[0]!, problem: 'lint' } } : {};
  return {
    branch: 'main',
    commits: lacks,
    own,
    integration: 'drover/integration',
    ...(own > 0 && clashes ? { conflicts: ['a'] } : {}),
    ...(own === 0 && hindered ? { hindered: 'a is changed' } : {}),
    ...failed,
  };
};

const around = (place: Home, state: State): Surroundings => {
  const { agent: name, review, places, hasPlan, isManual } = place;
  return {
    agent: name === null ? null : { name, title: name, takesPlans: name !== 'rehearsal' },
    isUsual: name !== null,
    plans: hasPlan ? ['import spec specs/x'] : [],
    isReviewedFirst: review === 'before-merge',
    isManual,
    maxInstances: places,
    delivery: deliveryIn(place, state),
  };
};

const settingsOf = ({ agent, review, places, isManual }: Home): Settings =>
  settingsSchema.parse({
    ...(agent === null ? {} : { agent }),
    ...{ review, limits: { maxInstances: places }, plan: isManual ? { strategy: 'manual' } : {} },
  });

/** What is offered there to who looks, and all that there is. */
const attentionAt = (state: State, place: Home) => {
  const surroundings = around(place, state);
  const all = attentionOf(state, surroundings);
  const actor = personOf('ada', place.role);
  const may = (line: string): boolean => maySay({ actor, language }, line);
  return { surroundings, all, may, attention: offeredTo(all, may) };
};

const contextAt = (state: State, place: Home) => {
  const { lacks, own, clashes, hindered } = place;
  return contextWith({
    actor: personOf('ada', place.role),
    language,
    store: readOnlyStore(state),
    settings: settingsOf(place),
    resources: () => [],
    readTimedLog: async () => [],
    now: () => AT,
    paths: partOf<Context['paths']>({ root: '/r' }),
    readFile: async (path) => (path === '/r/specs/x/tasks.md' ? '- [ ] 1. One\n' : null),
    matching: async (pattern) => (place.hasPlan && pattern === '/r/specs/*/tasks.md' ? ['/r/specs/x/tasks.md'] : []),
    agents: partOf<Context['agents']>({ workers: async () => (place.agent === 'claude' ? ['claude'] : []) }),
    git: partOf<Git>({
      currentBranch: async () => 'main',
      resolve: async (name: string) => (lacks + own > 0 ? name : 'both'),
      divergence: async () => ({ ahead: lacks, behind: own }),
      mergeTrees: async (ours: string, theirs: string) =>
        clashes && ours !== theirs ? ({ kind: 'conflict', files: ['a'] } as never) : { kind: 'merged', tree: ours },
      forwardTrouble: async () => (hindered ? 'a is changed' : null),
    }),
  });
};

/** What the command line says of the same state in the same place. */
const statusOf = async (state: State, place: Home) => {
  const { message = '', data } = await statusSwarm.run(contextAt(state, place), {}, []);
  return { message, data: data as { needs: { text: string }[]; next: Pick<Step, 'command' | 'why' | 'kind'>[] } };
};

/** Steps of which the command line does not know what they hang on: what gates say of this place. */
const unknownSteps = ({ fails }: Home): readonly Step['kind'][] => (fails ? ['look', 'deliver'] : []);

/**
 * The tasks that wait for one of which nothing comes as things stand; none where a person may have that one in hand. One that
 * somebody holds back waits for them first.
 */
const waitingInVain = (state: State): readonly string[] => {
  const all = Object.values(state.tasks);
  if (all.some(({ id }) => reviewOf(state.reviews, id).taken_over !== null)) return [];
  return all.flatMap((task) =>
    ['open', 'assigned'].includes(task.state) && !task.archived && !task.held && blockedOf(state, task) !== null
      ? [task.id]
      : [],
  );
};

const RUNS = { numRuns: 10_000 };
/** Ten thousand states take half a minute on a machine that does nothing else. */
const PATIENCE_MS = 600_000;
const SIZE = { columns: 400, rows: 40 };

test(
  '[TUI-9] header, banner, view of alerts, tab bar, metrics, panes, n and status never contradict each other',
  async () => {
    await fc.assert(
      fc.asyncProperty(story, home, async (drafts, place) => {
        const seen = modelOf(drafts, initialScreen([]) as never, SIZE);
        const { surroundings, all, attention } = attentionAt(seen.state, place);
        const model = { ...seen, surroundings, attention };
        const { state, queue } = model;
        const { needs, notices } = attention;
        const status = await statusOf(state, place);
        const header = said('header', model);
        const context = { ...tabContext(drafts), attention };
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
        // Only of news is it said that they ask for nothing.
        const news = notices.filter(({ severity, suggestion }) => severity === 'info' && suggestion === null);
        expect(alerts.filter((line) => line.includes('nothing has to be done'))).toHaveLength(news.length);
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
        const unknown = unknownSteps(place);
        const known = (steps: readonly Pick<Step, 'command' | 'kind'>[]) =>
          steps.flatMap(({ kind, command }) => (unknown.includes(kind) ? [] : [command]));
        expect(known(status.data.next)).toEqual(known(attention.work));
        const next = nextSteps(attention);
        if (unknown.length === 0) {
          expect(status.message.split(' Next: ')[1] ?? '').toBe(
            next.map(({ why, command }) => `${why} → ${command}`).join('; '),
          );
          // All is well only where the header and the banner have nothing to say, and nothing waits for ever.
          const toAssign = tasksToAssign(groupTasks(state), place.isManual).length;
          const isGoing = !state.swarm.paused && !standsStill(all) && toAssign === 0;
          const isCalm = isGoing && !hasBanner(all) && finishedText(attention) === '';
          expect(status.message.includes('All is well')).toBe(isCalm);
          if (isCalm) expect(waitingInVain(state)).toEqual([]);
          expect(status.message).toContain(
            next.find(({ kind }) => kind === 'merge' || kind === 'review')?.why ?? finishedText(attention),
          );
        }
        // Whoever can let a paused swarm go on is told how, aloud where work stands still for it.
        const resumes = all.work.find(({ command }) => command === 'resume swarm');
        expect(resumes !== undefined).toBe(state.swarm.paused);
        const isFrozen = ({ run, race, state: now }: Task): boolean =>
          now === 'running' && race === undefined && (state.instances[run?.instance ?? '']?.hold ?? null) === 'frozen';
        if (resumes && groupTasks(state).running.some(isFrozen)) expect(resumes.isPressing).toBe(true);
        // Nothing is called queued that waits for another task, nor is all well where it waits for a person to hand it out.
        const { queued, ready } = groupTasks(state);
        expect(queued.filter((task) => !hasAll(task, state.tasks))).toEqual([]);
        const agents = Object.values(state.instances);
        const isIdle = (one: Instance): boolean =>
          one.state.kind === 'idle' && one.hold === null && !queued.some((task) => task.assignee === one.instance_id);
        const unassigned = queued.filter(
          (task) => task.assignee === null && agents.some((one) => isIdle(one) && mayDo(task, one)),
        );
        if (place.isManual && unassigned.length > 0 && !state.swarm.paused) expect(standsStill(all)).toBe(true);
        // Nobody is launched for what somebody does who comes back by themselves.
        const launched = all.work.find(({ command }) => command.startsWith('launch '));
        const comeBack = agents.filter(isComingBack);
        const begun = [...ready, ...queued];
        if (launched && begun.every((task) => comeBack.some((one) => mayDo(task, one)))) {
          expect(launched.isPressing).toBe(false);
          expect(comeBack.length).toBeLessThan(begun.length);
        }
        // Finished work is counted once, and said by the panes of those who are idle.
        expect(numberIn(header, /✔ (?<n>\d+) to review/u)).toBe(attention.unreviewed);
        expect(numberIn(header, /(?<n>\d+) to merge/u)).toBe(attention.approved);
        const policy = settingsOf(place).review;
        const taken = chooseMerges(state, { ids: undefined, resolves: false, policy }).length;
        expect(attention.approved).toBeLessThanOrEqual(taken);
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
  },
  PATIENCE_MS,
);

/** The lines beside the integration branch, and what the screen offers to bring it to the branch of the person. */
const worktreeLines = (drafts: readonly EventDraft[], place: Home): string => {
  const tree = {
    name: 'integration',
    kind: 'integration',
    branch: 'drover/integration',
    tasks: [],
    ahead: 1,
    behind: 0,
  };
  const answers = {
    'tree worktrees': [{ ...tree, instance: null, session: null, problem: null, dirty: 0 }],
    'show diff drover/integration': { files: [{ path: 'a', insertions: 1, deletions: 0 }], patch: '' },
  };
  const context = tabContext(drafts, { answers });
  return textOf(worktreesTab.body({ ...context, attention: attentionAt(context.state, place).attention }))
    .flat()
    .join('\n');
};

test(
  '[TUI-9] list alerts, the line view, worktrees, the window title and M propose and count the same',
  async () => {
    await fc.assert(
      fc.asyncProperty(story, home, async (drafts, place) => {
        const { state } = modelOf(drafts);
        const { surroundings, attention, may } = attentionAt(state, place);
        const { needs, notices, work, delivery } = attention;
        // Alerts are those of the screen, in its order, and so are the lines of a terminal that can only print.
        const { data } = await listAlert.run(contextAt(state, place), {}, []);
        const told = [
          ...needs.map(({ kind, text, help }) => ({ need: kind, text, suggestion: help })),
          ...notices.map(({ text, suggestion }) => ({ need: null, text, suggestion })),
        ];
        expect(data).toMatchObject(told);
        expect(data).toHaveLength(told.length);
        expect(new Set((data as { id: string }[]).map(({ id }) => id)).size).toBe(told.length);
        const lines = plainChanges(emptyState, state, { surroundings, maySay: may }).filter((line) =>
          line.startsWith('! '),
        );
        expect(lines.map((line) => line.split(' Try: ')[1])).toEqual(
          told.map(({ suggestion }) => suggestion ?? undefined),
        );
        for (const [i, line] of lines.entries()) expect(line).toContain(told[i]!.text);
        expect(numberIn(windowTitle(state, 'repo'), /^\? (?<n>\d+) · /u)).toBe(needs.length);
        const { data: status } = await statusSwarm.run(contextAt(state, place), {}, []);
        for (const { id, suggestion } of (status as { alerts: { id: string; suggestion: string | null }[] }).alerts)
          expect([id, [null, ...told.map((one) => one.suggestion)].includes(suggestion)]).toEqual([id, true]);
        // How what is merged gets home is one step, wherever it is told.
        const brings = work.filter(({ kind }) => kind === 'deliver' || kind === 'catch-up');
        for (const { command } of brings) expect(command).toBe(delivery?.command);
        const beside = worktreeLines(drafts, place);
        if (delivery) expect(beside).toContain(` ${delivery.why}: ${delivery.command}`);
        else expect(beside).not.toMatch(/merge completed|sync branch|git merge/u);
        // The key that merges all asks about what the command merges.
        const policy = settingsOf(place).review;
        const merged = chooseMerges(state, { ids: undefined, resolves: false, policy }).length;
        const hint = (text: string) => forecast(text, { state, settings: settingsOf(place) }, language);
        const { screen, effect } = mergeAll(initialScreen([]), { state, hint });
        expect(effect !== undefined).toBe(merged > 0 && merged <= 3);
        expect(numberIn(screen.overlays.dialog?.title ?? '', /^Merge (?<n>\d+) tasks\?$/u)).toBe(
          merged > 3 ? merged : 0,
        );
      }),
      RUNS,
    );
  },
  PATIENCE_MS,
);

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
  const { ready } = groupTasks(state);
  const run: EventDraft[] = ready.length === 0 ? [] : [requested(...ready.map(({ id }) => id))];
  const next = after(state, { type: 'swarm.resumed', data: {} }, newcomer, moved('new', 'idle'), ...run);
  return plan(next, { now: AT }).some((action) => action.kind === 'assign' && action.instance === 'new');
};

/** Whether each of those that are started again gets a task once what is ready is run. */
const restartHelps = (command: string, state: State): boolean => {
  const ids = command
    .replace(/^restart instances /u, '')
    .split(', ')
    .map(unquoted);
  const { ready } = groupTasks(state);
  const run: EventDraft[] = ready.length === 0 ? [] : [requested(...ready.map(({ id }) => id))];
  const back = ids.flatMap((id) => [moved(id, 'creating'), moved(id, 'idle')]);
  const next = after(state, { type: 'swarm.resumed', data: {} }, ...back, ...run);
  const assigned = plan(next, { now: AT }).flatMap((action) => (action.kind === 'assign' ? [action.instance] : []));
  return ids.every((id) => assigned.includes(id));
};

/** Whether a person has taken over work of a task that there is to see. */
const isTakenOver = ({ tasks, reviews }: State, id: string): boolean =>
  reviewOf(reviews, id).taken_over !== null && reviewedRun(tasks[id]!) !== undefined;

/** Whether a task has failed with work that can be sent back. */
const hasFailedWork = (task: Task): boolean => task.state === 'failed' && reviewedRun(task) !== undefined;

/** Where what a command shows is found, unless it is about a task. */
const SHOWN: Readonly<Record<string, (state: State) => object>> = {
  instance: ({ instances }) => instances,
  integration: ({ batches }) => batches,
  alert: ({ alerts }) => alerts,
  adapter: () => BUILT_IN,
  race: ({ tasks }) => Object.fromEntries(Object.entries(tasks).filter(([, { race }]) => race)),
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
  if (command !== 'list tasks' && FORETOLD.includes(verb!)) return true;
  if (verb === 'answer') return state.instances[noun!]?.state.kind === 'waiting';
  if (command.startsWith('merge completed branches to=')) return delivery?.own === 0 && delivery.hindered === undefined;
  if (command.startsWith('sync branch')) return (delivery?.own ?? 0) > 0;
  if (verb === 'merge')
    return (
      chooseMerges(state, { ids: undefined, resolves: false, policy: isReviewedFirst ? 'before-merge' : 'none' })
        .length > 0
    );
  if (verb === 'review')
    return awaitsReview(state.reviews, state.tasks[id]!) || isTakenOver(state, id) || hasFailedWork(state.tasks[id]!);
  if (command.startsWith('restart instances ')) return restartHelps(command, state);
  if (verb === 'restart') return mayMove(state.instances[id]!.state.kind, 'creating');
  if (command === 'status git') return (delivery?.conflicts ?? delivery?.hindered) !== undefined;
  if (command === 'list tasks') return groupTasks(state).held.length > 0;
  if (verb === 'show') return Object.hasOwn(SHOWN[noun!]?.(state) ?? state.tasks, id);
  if (verb === 'import') return openPlans(state, surroundings).includes(command) && !hasOpenTasks(state);
  if (verb === 'cancel' || command.includes('"…"')) return true;
  if (verb === 'assign') {
    const [, , , , to = ''] = command.split(' ').map(unquoted);
    const next = after(state, { type: 'task.assigned', data: { id, instance: to, pinned: true, reason: 'x' } });
    return plan(next, { now: AT, order: 'manual' }).some((action) => 'task' in action && action.task === id);
  }
  if (verb === 'launch') return launchHelps(command, state, surroundings);
  if (verb === 'create' || command.startsWith('test swarm launch ')) return true;
  // The daemon lets them go on.
  const isHeld = Object.values(state.instances).some(({ hold }) => hold !== null);
  if (verb === 'resume' && (command.includes('instance') || (noun === 'swarm' && isHeld))) return true;
  const desk = openDesk([resumeSwarm, resumeTask, runTask, retryTask], drafts);
  return (await desk.propose(command)).exit === 0 && desk.recorded().length > 0;
};

test(
  '[REC-7] whatever is proposed is understood, allowed, changes something, and does not repeat a failure',
  async () => {
    await fc.assert(
      fc.asyncProperty(story, home, async (drafts, place) => {
        const { state } = modelOf(drafts);
        const { surroundings, attention, may } = attentionAt(state, place);
        const { needs, notices, work, delivery } = attention;
        const failed = Object.values(state.tasks).filter((task) => task.state === 'failed');
        const proposed = [
          ...needs.flatMap(({ help }) => help ?? []),
          ...notices.flatMap(({ suggestion }) => suggestion ?? []),
          ...work.map(({ command }) => command),
          ...(delivery ? [delivery.command] : []),
          // What the page of a failure lets choose is left to who may say it.
          ...failed.flatMap((task) => waysOn(task).flatMap(({ command }) => (may(command) ? [command] : []))),
        ];
        expect(proposed.filter((command) => !isPossible(command, state, place))).toEqual([]);
        for (const command of new Set(proposed)) {
          expect([command, await doesSomething(command, drafts, state, surroundings)]).toEqual([command, true]);
          const task = state.tasks[unquoted(/^retry task (?<id>\S+)$/u.exec(command)?.groups?.['id'] ?? '')];
          const before = task?.history.at(-1)?.failure;
          if (task && before) expect(before).not.toEqual(task.run!.failure);
        }
      }),
      RUNS,
    );
  },
  PATIENCE_MS,
);
