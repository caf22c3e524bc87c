import type { UsageCounter, UsageLog, UsageStep } from '../../agents/usage-log.ts';
import { entryOf } from '../../lib/entry.ts';
import { valuesOf } from '../../lib/records.ts';
import type { Target } from '../../ports/target.ts';
import type { State } from '../../state/index.ts';
import type { UsageReading } from '../../state/pricing.ts';
import { runsOf } from '../../state/runs.ts';
import type { Run } from '../../state/tasks.ts';
import { addTokens, counterOf, NO_TOKENS, type Tokens } from '../../state/usage.ts';
import { envOf } from '../sandbox/own-env.ts';
import type { LineReader } from './usage-files.ts';

type Models = Record<string, Tokens>;
/** Use that is counted and not recorded yet, for one task; `at` is the time of its latest line. */
type Pending = { readonly task: string | null; readonly models: Models; turns: number; at: string };

/** One conversation as it is followed. */
export type Followed = {
  readonly instance: string;
  readonly conversation: string;
  readonly transcript: string | undefined;
  counter: UsageCounter;
  /** Totals as this daemon recorded them last, null before the first time. */
  recorded: { readonly models: Models; readonly turns: number } | null;
  pending: Pending[];
};

/** The task that an instance was at work on at a time: of several runs the one that began last. */
export const taskAt = (state: State, instance: string, at: string): string | null => {
  const isThen = (run: Run): boolean =>
    run.instance === instance && run.started_at <= at && (run.ended_at === null || run.ended_at >= at);
  const runs = valuesOf(state.tasks).flatMap((task) =>
    runsOf(task)
      .filter(isThen)
      .map(({ started_at }) => ({ id: task.id, since: started_at })),
  );
  return runs.toSorted((a, b) => (a.since < b.since ? 1 : a.since > b.since ? -1 : 0))[0]?.id ?? null;
};

const addTo = (models: Models, model: string, tokens: Tokens): void => {
  models[model] = addTokens(entryOf(models, model) ?? NO_TOKENS, tokens);
};

/** The part of a conversation that is counted for this task: the last one, or a new one behind it. */
const pendingFor = (one: Followed, task: string | null, at: string): Pending => {
  const last = one.pending.at(-1);
  if (last?.task === task) return last;
  const next = { task, models: {}, turns: 0, at };
  one.pending.push(next);
  return next;
};

/** Counts the steps of a conversation, for the tasks that they belong to. */
const collect = (one: Followed, steps: readonly UsageStep[], { state, now }: { state: State; now: string }): void => {
  const tasks = new Map<string, string | null>();
  for (const step of steps) {
    const at = Number.isNaN(Date.parse(step.at)) ? now : step.at;
    if (!tasks.has(at)) tasks.set(at, taskAt(state, one.instance, at));
    const pending = pendingFor(one, tasks.get(at) ?? null, at);
    if (at > pending.at) pending.at = at;
    pending.turns += step.turns;
    if (step.tokens !== NO_TOKENS) addTo(pending.models, step.model, step.tokens);
  }
};

const sumOf = (a: Models, b: Models): Models => {
  const sum: Models = { ...a };
  for (const [model, tokens] of Object.entries(b)) addTo(sum, model, tokens);
  return sum;
};

/** The readings to record, in order: totals after each task's part. What an earlier daemon recorded is not divided. */
export const readingsOf = (
  one: Followed,
  state: State,
): readonly { readonly task: string | null; readonly reading: UsageReading & { readonly models: Models } }[] => {
  let total = one.recorded ?? { models: {}, turns: 0 };
  const context = one.counter.context();
  const readings = one.pending.map(({ task, models, turns }) => {
    total = { models: sumOf(total.models, models), turns: total.turns + turns };
    return { task, reading: { conversation: one.conversation, ...total, usd: null, context } };
  });
  const knownBefore = entryOf(state.usage.conversations, counterOf(one.instance, one.conversation)) !== undefined;
  const [whole] = readings.slice(-1);
  if (one.recorded !== null || !knownBefore || !whole) return readings;
  // Files are read one after the other: what is new is what was written last, not what was read last.
  const latest = one.pending.reduce((last, each) => (each.at > last.at ? each : last));
  return [{ ...whole, task: latest.task }];
};

type Surroundings = {
  readonly reader: LineReader;
  readonly target: Target;
  readonly state: State;
  readonly now: string;
};

/** Reads what is new in the files of a conversation. */
export const readOn = async (one: Followed, log: UsageLog, around: Surroundings): Promise<void> => {
  const env = envOf(around.target, around.state.instances[one.instance]);
  const patterns = log.files({ ...one, env });
  const paths = (await Promise.all(patterns.map((pattern) => around.target.files.matching(pattern)))).flat();
  for (const path of paths) {
    for (let more = true; more; ) {
      const news = await around.reader.read(path);
      if (news.anew) {
        // Another file in the place of this one: all is counted again, and only what is beyond the known is new.
        for (const each of paths) around.reader.forget(each);
        Object.assign(one, { counter: log.counter(), recorded: null, pending: [] });
        return readOn(one, log, around);
      }
      const steps = news.lines.flatMap((line) => one.counter.take(line));
      collect(one, steps, around);
      more = news.more;
    }
  }
};
