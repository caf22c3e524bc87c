import { formatDuration } from '../../lib/duration.ts';
import { asidesIn, openAside } from '../../state/asides.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import type { Run } from '../../state/tasks.ts';

/** From when until when something held, in milliseconds since the epoch; without an end it still holds. */
export type Stretch = readonly [from: number, to: number];
/** The time that all curves are drawn over, from the first run until now, in equal parts. */
export type Scale = { readonly first: number; readonly now: number; readonly parts: number };

const ENDLESS = Number.POSITIVE_INFINITY;

/** What a part of a scale is at least, in milliseconds, so that the first moment of all is a part as well. */
const partOf = ({ first, now, parts }: Scale): number => Math.max(1, now - first) / parts;

const clamp = (index: number, { parts }: Scale): number => Math.min(parts - 1, Math.max(0, index));

/** How many of these moments lie in each part. */
export const countIn = (moments: readonly number[], scale: Scale): readonly number[] => {
  const counts = Array.from({ length: scale.parts }, () => 0);
  for (const moment of moments) counts[clamp(Math.floor((moment - scale.first) / partOf(scale)), scale)]! += 1;
  return counts;
};

/** How many of these stretches hold at the end of each part; the last part ends now. */
export const heldAt = (stretches: readonly Stretch[], scale: Scale): readonly number[] => {
  const counts = Array.from({ length: scale.parts }, () => 0);
  /** The first part that does not end before a moment. */
  const endingFrom = (moment: number): number => Math.ceil((moment - scale.first) / partOf(scale)) - 1;
  for (const [from, to] of stretches) {
    const after = to === ENDLESS ? scale.parts : Math.min(scale.parts, endingFrom(to));
    for (let i = clamp(endingFrom(from), scale); i < after; i += 1) counts[i]! += 1;
  }
  return counts;
};

/** How many were left at the end of each part, of all that there are now. */
export const leftAfter = (done: readonly number[], left: number): readonly number[] => {
  let after = left + done.reduce((sum, count) => sum + count, 0);
  return done.map((count) => {
    after -= count;
    return after;
  });
};

const AT_WORK: ReadonlySet<string> = new Set(['working', 'verifying']);

const endOf = (iso: string | null): number => (iso === null ? ENDLESS : Date.parse(iso));

/** When an agent waited for a person, as far as it is kept. */
export const waitsOf = (instance: Instance): readonly Stretch[] => {
  const open = openAside(instance);
  return [...asidesIn(instance), ...(open ? [{ ...open, to: null }] : [])].flatMap(({ kind, from, to }): Stretch[] =>
    kind === 'waiting' ? [[Date.parse(from), endOf(to)]] : [],
  );
};

/** A stretch without others, which follow each other. */
const without = ([from, to]: Stretch, others: readonly Stretch[]): readonly Stretch[] => {
  const left: Stretch[] = [];
  let begin = from;
  for (const [start, end] of others) {
    if (end <= begin || start >= to) continue;
    if (start > begin) left.push([begin, start]);
    begin = end;
  }
  return begin < to ? [...left, [begin, to]] : left;
};

/** The stretches in which an agent was at work: in its runs, but for the time in which it waited for a person. */
const workOf = (instance: Instance | undefined, runs: readonly Run[]): readonly Stretch[] => {
  const ended = runs.flatMap(({ started_at, ended_at }): Stretch[] =>
    ended_at === null ? [] : [[Date.parse(started_at), Date.parse(ended_at)]],
  );
  const open = runs.find(({ ended_at }) => ended_at === null);
  if (!instance) return ended;
  const { kind, since } = instance.state;
  const isAtWork = AT_WORK.has(kind);
  // A run of an agent that does something else now stands still since then; one at work without a run was told something.
  const now: Stretch[] = open
    ? [[Date.parse(open.started_at), isAtWork ? ENDLESS : Date.parse(since)]]
    : isAtWork
      ? [[Date.parse(since), ENDLESS]]
      : [];
  const waits = waitsOf(instance);
  return [...ended, ...now].flatMap((stretch) => without(stretch, waits));
};

/** When somebody was at work; at this moment as many as are in a state of work. */
export const workStretches = ({ instances }: Pick<State, 'instances'>, runs: readonly Run[]): readonly Stretch[] => {
  const byInstance = Map.groupBy(runs, ({ instance }) => instance);
  const ids = new Set([...Object.keys(instances), ...byInstance.keys()]);
  return [...ids].flatMap((id) => workOf(instances[id], byInstance.get(id) ?? []));
};

const DAY_MS = 86_400_000;
const two = (value: number): string => String(value).padStart(2, '0');

/** A moment by the clock of the person, with the day where the time goes over more than one. */
const clock = (time: number, withDay: boolean): string => {
  const date = new Date(time);
  const day = withDay ? `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ` : '';
  return `${day}${two(date.getHours())}:${two(date.getMinutes())}`;
};

/** From when until when a scale goes, and how long a column of it is; with the moment before which nobody knows who waited. */
export const scaleText = (scale: Scale, waitsFrom: string | null): string => {
  const withDay = scale.now - scale.first >= DAY_MS;
  const isCut = waitsFrom !== null && Date.parse(waitsFrom) > scale.first;
  const cut = isCut ? `, waiting known from ${clock(Date.parse(waitsFrom), withDay)}` : '';
  return `${clock(scale.first, withDay)}–${clock(scale.now, withDay)}, ${formatDuration(partOf(scale))} a column${cut}`;
};
