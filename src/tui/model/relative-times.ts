import { spanText } from '../../lib/duration.ts';
import { clockText, TIME } from '../../text/since-text.ts';

/**
 * The text with its times as people say them: `at 2026-01-01T00:00:12Z` becomes `in 12s`, or `at 00:00` once that is over, because
 * the sentence told of it as of something to come; any other time becomes `12s ago`.
 */
export const withRelativeTimes = (text: string, nowMs: number): string =>
  text.replace(TIME, (_whole, at: string | undefined, time: string) => {
    const now = new Date(nowMs).toISOString();
    const ahead = Date.parse(time) - nowMs;
    // A time ahead is counted like an age, from now to then.
    if (ahead > 0) return `in ${ageOf(now, nowMs + ahead)}`;
    return at !== undefined ? `at ${clockText(time, now)}` : `${ageOf(time, nowMs)} ago`;
  });

/**
 * `12s`, `3m`, `2h`, `4d`: how long ago, in the one unit that matters. From ten seconds on it changes every five, and
 * all ages in the same moment, so that a screen on which nothing happens is hardly ever drawn.
 */
export const ageOf = (since: string, nowMs: number): string => {
  const from = Date.parse(since);
  const exact = Math.max(0, Math.floor((nowMs - from) / 1000));
  if (!Number.isFinite(exact)) return '';
  if (exact < YOUNG_S) return `${exact}s`;
  if (exact < 60) return `${Math.max(YOUNG_S, Math.floor((Math.floor(nowMs / STEP_MS) * STEP_MS - from) / 1000))}s`;
  return spanText(exact * 1000);
};

const YOUNG_S = 10;

const STEP_MS = 5000;
