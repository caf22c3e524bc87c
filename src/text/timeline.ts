import { z } from 'zod';
import { valuesOf } from '../lib/records.ts';
import { asidesIn, openAside } from '../state/asides.ts';
import type { State } from '../state/index.ts';
import type { Aside } from '../state/instances.ts';
import { isFailedRun, runsOf } from '../state/runs.ts';
import type { Run, Task } from '../state/tasks.ts';
import { heldUpSince } from '../state/worked.ts';

export const spanSchema = z.object({
  kind: z.enum(['work', 'failed', 'waiting', 'merging']),
  who: z.string().describe('An instance; of a merge its batch'),
  task: z.string().nullable().describe('null of a merge, and of what an instance was meanwhile'),
  text: z.string().describe('The title of the task, the question, or what the instance was meanwhile'),
  from: z.string(),
  to: z.string().nullable().describe('null while it goes on'),
  ms: z.number().describe('How long it took so far; of a run without the time in which its agent stood still'),
  critical: z.boolean().describe('Had it been shorter, all would have been done earlier'),
});
/** Something that took its time. */
export type Span = z.infer<typeof spanSchema>;

type Worked = { readonly task: Task; readonly run: Run };

// biome-ignore lint/style/noRestrictedGlobals: it reads times that were recorded, and asks no clock.
const at = (iso: string): number => Date.parse(iso);

const runsIn = (tasks: readonly Task[]): readonly Worked[] =>
  tasks.flatMap((task) => runsOf(task).map((run) => ({ task, run })));

/** Whether a run ended, or will end, after another; recorded times have one form, and are compared as text. */
const isLater = (one: Run, than: Run): boolean => {
  if (one.ended_at !== null) return than.ended_at !== null && one.ended_at > than.ended_at;
  return than.ended_at !== null || one.started_at < than.started_at;
};

/** The one that ended last; of those that go on the one that has taken longest. */
const latest = (some: readonly Worked[]): Worked | undefined =>
  some.reduce<Worked | undefined>((last, one) => (last && !isLater(one.run, last.run) ? last : one), undefined);

/** Finds what a run could not begin before: the work it builds on, and what its instance did until then. */
const predecessors = (all: readonly Worked[]): ((one: Worked) => readonly Worked[]) => {
  const byInstance = Map.groupBy(all, ({ run }) => run.instance);
  const byTask = Map.groupBy(all, ({ task }) => task.id);
  const byGate = new Map<string, Worked[]>();
  for (const one of all)
    for (const gate of one.task.opens ?? []) {
      const opening = byGate.get(gate);
      if (opening) opening.push(one);
      else byGate.set(gate, [one]);
    }
  return (one) => {
    const { task, run } = one;
    const needed = task.dependencies.flatMap((id) => byTask.get(id) ?? byGate.get(id) ?? []);
    return [...byInstance.get(run.instance)!, ...byTask.get(task.id)!, ...needed].filter(
      (before) => before.run !== run && before.run.ended_at !== null && before.run.ended_at <= run.started_at,
    );
  };
};

/** The runs that, one after the other, took as long as all did: from the last one back to what each waited for last. */
const criticalRuns = (all: readonly Worked[]): ReadonlySet<Run> => {
  const found = new Set<Run>();
  const before = predecessors(all);
  for (let next = latest(all); next && !found.has(next.run); next = latest(before(next))) found.add(next.run);
  return found;
};

type Raw = Omit<Span, 'ms'> & {
  /** Of a run: how long its agent stood still meanwhile, in milliseconds, and since when it does. */
  readonly waited?: number;
  readonly stands?: string | null;
};

/** What an instance is meanwhile, of which its task knows nothing. */
const ASIDES = {
  waiting: { kind: 'waiting', text: 'waited for an answer' },
  stuck: { kind: 'failed', text: 'was stuck' },
  failed: { kind: 'failed', text: 'had crashed' },
  lost: { kind: 'failed', text: 'was lost' },
} as const satisfies Record<Aside['kind'], { readonly kind: Span['kind']; readonly text: string }>;

/** When instances waited for a person or were down, as far as it is kept. */
const asidesOf = ({ instances }: State): readonly Raw[] =>
  Object.values(instances).flatMap((instance) => {
    const { instance_id: who, question } = instance;
    const open = openAside(instance);
    return [...asidesIn(instance), ...(open ? [{ ...open, to: null }] : [])].map((aside): Raw => {
      const { kind, text } = ASIDES[aside.kind];
      const asked = aside.kind === 'waiting' && aside.to === null ? question : null;
      return { kind, who, task: null, text: asked || text, from: aside.from, to: aside.to, critical: false };
    });
  });

const mergesOf = ({ batches }: State): readonly Raw[] =>
  Object.values(batches).map(({ id, started_at, finished_at, merged, tasks }) => ({
    ...({ kind: 'merging', who: id, task: null, text: `merged ${merged.length} of ${tasks.length}` } as const),
    ...{ from: started_at, to: finished_at, critical: false },
  }));

/** What of the time of a run is no work. */
const standing = ({ instance, ended_at, waited_ms = 0 }: Run, { instances }: State): Pick<Raw, 'waited' | 'stands'> => {
  const agent = ended_at === null ? instances[instance] : undefined;
  return { waited: waited_ms, stands: agent ? heldUpSince(agent) : null };
};

const findSpans = (state: State): readonly Raw[] => {
  const worked = runsIn(valuesOf(state.tasks));
  const critical = criticalRuns(worked);
  const work = worked.map(
    ({ task, run }): Raw => ({
      kind: isFailedRun(run) ? 'failed' : 'work',
      ...{ who: run.instance, task: task.id, text: task.title, from: run.started_at, to: run.ended_at },
      critical: critical.has(run),
      ...standing(run, state),
    }),
  );
  return [...work, ...asidesOf(state), ...mergesOf(state)].toSorted((a, b) => a.from.localeCompare(b.from));
};

// They are found once for each state: what goes on becomes longer with the time, and nothing else changes.
const known = new WeakMap<State, readonly Raw[]>();

/** Who did what when, waiting and merging included, in the order in which it began. */
export const timelineOf = (state: State, now: number): readonly Span[] => {
  const spans = known.get(state) ?? findSpans(state);
  known.set(state, spans);
  return spans.map(({ waited = 0, stands = null, ...span }) => {
    const end = span.to === null ? (stands === null ? now : Math.min(now, at(stands))) : at(span.to);
    return { ...span, ms: Math.max(0, end - at(span.from) - waited) };
  });
};

/** From when until when these go. */
export const extentOf = (spans: readonly Span[], now: number): readonly [first: number, last: number] => [
  spans.reduce((first, { from }) => Math.min(first, at(from)), now),
  spans.reduce((last, { to }) => Math.max(last, to === null ? now : at(to)), 0),
];

/** What each kind is drawn with, on the time it took and before its line. */
export const SPAN_SIGNS = { work: '█', failed: '✖', waiting: '?', merging: '⇄' } as const satisfies Record<
  Span['kind'],
  string
>;

/** A part of a lane that looks alike. */
export type Stretch = { readonly kind: Span['kind'] | null; readonly critical: boolean; readonly cells: number };
export type Lane = { readonly who: string; readonly stretches: readonly Stretch[] };

/** Cells beside each other that look alike, as one. */
const joined = (cells: readonly Omit<Stretch, 'cells'>[]): readonly Stretch[] => {
  const stretches: Stretch[] = [];
  for (const { kind, critical } of cells) {
    const last = stretches.at(-1);
    if (last?.kind === kind && last.critical === critical)
      stretches[stretches.length - 1] = { ...last, cells: last.cells + 1 };
    else stretches.push({ kind, critical, cells: 1 });
  }
  return stretches;
};

/** All spans on one scale of so many cells, of all the time or a part of it: a lane for each instance, and one for merges. */
export const lanesOf = (
  spans: readonly Span[],
  cells: number,
  now: number,
  [first, end] = extentOf(spans, now),
): readonly Lane[] => {
  const last = Math.max(end, first + 1);
  const cellAt = (time: number): number =>
    Math.min(cells - 1, Math.max(0, Math.floor(((time - first) / (last - first)) * cells)));
  const endOf = ({ to }: Span): number => (to === null ? now : at(to));
  const laneOf = ({ kind, who }: Span): string => (kind === 'merging' ? 'merges' : who);
  const names = [...new Set(spans.map(laneOf))].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return names.map((who) => {
    const row = Array.from({ length: cells }, (): Omit<Stretch, 'cells'> => ({ kind: null, critical: false }));
    // What an agent was meanwhile is a part of the work, and is drawn over it.
    const isAside = ({ kind, task }: Span): boolean => task === null && kind !== 'merging';
    const own = spans.filter((span) => laneOf(span) === who && endOf(span) >= first && at(span.from) <= last);
    for (const span of [...own.filter((one) => !isAside(one)), ...own.filter(isAside)])
      for (let cell = cellAt(at(span.from)); cell <= cellAt(endOf(span)); cell += 1)
        row[cell] = { kind: span.kind, critical: span.critical };
    return { who, stretches: joined(row) };
  });
};
