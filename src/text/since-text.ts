import { spanText } from '../lib/duration.ts';
import { instantOf } from '../lib/instant.ts';
import type { Drawing } from './table.ts';

/** What time it is for whoever draws an answer; none, so that times stay as they are, where nobody tells. */
export const timeIn = ({ now }: Drawing): string => now?.() ?? '';

const twoDigits = (n: number): string => String(n).padStart(2, '0');

/** The day and the time of day of a moment in milliseconds, in the zone of the machine. */
const localParts = (ms: number): readonly [day: string, time: string] => {
  // biome-ignore lint/style/noRestrictedGlobals: it takes a given moment apart, in the zone of the machine, and asks no clock.
  const at = new Date(ms);
  const day = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(twoDigits).join('-');
  return [day, `${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`];
};

/** `23:11`, with its day where that is another one than now: `2026-11-20 23:11`. What is no time stays as it is. */
export const clockText = (iso: string, now: string): string => {
  const [ms, nowMs] = [instantOf(iso), instantOf(now)];
  if (Number.isNaN(ms) || Number.isNaN(nowMs)) return iso;
  const [day, time] = localParts(ms);
  return day === localParts(nowMs)[0] ? time : `${day} ${time}`;
};

/** `3m ago (23:11)`, or `in 30s (23:12)` of what is still to come: how far away a time is, and when that is by the clock. */
export const agoText = (iso: string, now: string): string => {
  const ms = instantOf(now) - instantOf(iso);
  if (Number.isNaN(ms)) return iso;
  return `${ms < 0 ? `in ${spanText(-ms)}` : `${spanText(ms)} ago`} (${clockText(iso, now)})`;
};

/** `for 3m (since 23:11)`: how long something has gone on. */
export const forText = (iso: string, now: string): string => {
  const ms = instantOf(now) - instantOf(iso);
  return Number.isNaN(ms) ? `since ${iso}` : `for ${spanText(Math.max(0, ms))} (since ${clockText(iso, now)})`;
};

/** A time in a sentence, with the word before it that says that it is a point in time. */
export const TIME = /(?<at>\bat )?(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/gu;

/** `at 23:11 (3m ago)`: a time that a sentence told of as of something to come, and that is over. */
const overText = (iso: string, now: string): string =>
  `at ${clockText(iso, now)} (${spanText(instantOf(now) - instantOf(iso))} ago)`;

/** A sentence with its times as people say them: `at 2026-01-01T00:00:12Z` becomes `in 12s (00:00)`, or `at 00:00 (12s ago)`. */
export const withAges = (text: string, now: string): string =>
  text.replace(TIME, (_whole, at: string | undefined, time: string) =>
    at !== undefined && instantOf(time) <= instantOf(now) ? overText(time, now) : agoText(time, now),
  );

/** `23:11 to 23:14`, or `since 23:11` of what goes on. */
export const periodText = (from: string, to: string | null, now: string): string =>
  to === null ? `since ${clockText(from, now)}` : `${clockText(from, now)} to ${clockText(to, now)}`;
