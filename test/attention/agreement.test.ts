import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attentionOf, stepBesides, stepNow } from '../../src/attention/attention.ts';
import { instanceAlert, taskAlert } from '../../src/daemon/signals/alert-facts.ts';
import type { EventDraft, State } from '../../src/state/index.ts';
import { INSTANCE_STATES } from '../../src/state/instances.ts';
import { FAILURE_CLASSES } from '../../src/state/tasks.ts';
import { initialScreen } from '../../src/tui/model/screen-state.ts';
import { panels } from '../../src/tui/panels/index.ts';
import { paneFrameOf } from '../../src/tui/panes/pane-frame.ts';
import { forecast } from '../../src/tui/prompt/prompt-forecast.ts';
import { alertsTab } from '../../src/tui/tabs/alerts.ts';
import { metricsTab } from '../../src/tui/tabs/metrics.ts';
import type { Piece } from '../../src/tui/widgets/pieces.ts';
import { language } from '../fixtures/signatures.ts';
import { created, requested, verified } from '../tasks/journal.ts';
import { created as agent } from '../tui/fake-swarm.ts';
import { modelOf } from '../tui/panels/draw-panel.ts';
import { tabContext, textOf } from '../tui/tabs/tab-context.ts';

const AGENTS = ['rehearsal-1', 'rehearsal-2', 'rehearsal-3'];
const TASKS = ['1', '2', '3', '4', '5'];

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
        suggestion: `show task ${id}`,
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

const story = fc
  .tuple(fc.nat(3), fc.nat(5), fc.array(happening, { maxLength: 14 }))
  .map(([agents, tasks, happened]): readonly EventDraft[] => [
    ...AGENTS.slice(0, agents).map((_id, i) => agent(i + 1)),
    ...TASKS.slice(0, tasks).map((id, i) => created(id, { dependencies: i > 0 && i % 2 === 0 ? [TASKS[i - 1]!] : [] })),
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
const isPossible = (command: string, state: State): boolean =>
  forecast(command.replace('…', 'x'), state, language).kind === 'ok';

const RUNS = { numRuns: 10_000 };
const SIZE = { columns: 400, rows: 40 };

test('[TUI-9] header, banner, view of alerts, tab bar, metrics, panes and n never contradict each other', () => {
  fc.assert(
    fc.property(story, (drafts) => {
      const model = modelOf(drafts, initialScreen([]) as never, SIZE);
      const { attention, state, queue } = model;
      const { needs, notices } = attention;
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
      ]).toEqual(Array.from({ length: 5 }, () => needs.length));
      // Whoever asks is among them, before everything else.
      const asking = Object.values(state.instances).filter((one) => one.state.kind === 'waiting');
      expect(needs.slice(0, asking.length).every(({ kind }) => kind === 'question')).toBe(true);
      expect(needs.filter(({ kind }) => kind === 'question')).toHaveLength(asking.length);
      // The banner speaks of the first entry, n goes to its agent.
      const banner = said('banner', model);
      if (needs.length > 0) expect(banner).toContain(needs[0]!.text.slice(0, 40));
      else expect(banner).not.toMatch(/[✖?!]/u);
      expect(queue).toEqual([
        ...new Set(needs.flatMap(({ instance }) => (queue.includes(instance ?? '') ? [instance] : []))),
      ]);
      // Finished work is counted once, and said by the panes of those who are idle.
      expect(numberIn(header, /✔ (?<n>\d+) to review/u)).toBe(attention.unmerged);
      for (const one of model.instances) {
        const tag = numberIn(textIn(paneFrameOf(model, one, 120).note), /✔ (?<n>\d+) to review/u);
        if (tag > 0) expect(tag).toBe(attention.toReview.get(one.instance_id));
      }
      // The prompt offers something else than the banner.
      expect(stepBesides(attention, null)).not.toBe(stepNow(attention, null));
      expect(said('prompt', model)).toContain(stepBesides(attention, null).command);
    }),
    RUNS,
  );
}, 120_000);

test('[REC-7] whatever is proposed is understood, allowed, and does not repeat a failure', () => {
  fc.assert(
    fc.property(story, (drafts) => {
      const { state } = modelOf(drafts);
      const attention = attentionOf(state);
      const proposed = [
        ...attention.needs.flatMap(({ help }) => help ?? []),
        ...attention.work.map(({ command }) => command),
      ];
      expect(proposed.filter((command) => !isPossible(command, state))).toEqual([]);
      for (const command of proposed) {
        const task = state.tasks[/^retry task (?<id>\S+)$/u.exec(command)?.groups?.['id'] ?? ''];
        const before = task?.history.at(-1)?.failure;
        if (task && before) expect(before).not.toEqual(task.run!.failure);
      }
    }),
    RUNS,
  );
}, 120_000);
