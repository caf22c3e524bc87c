import { ageOf } from './scene.ts';

const TIME = /(?<at>\bat )?(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/gu;

/** The text with its times as people say them: `at 2026-01-01T00:00:12Z` becomes `in 12s`, or `12s ago`. */
export const toldTimes = (text: string, nowMs: number): string =>
  text.replace(TIME, (_whole, _at: string | undefined, time: string) => {
    const ahead = Date.parse(time) - nowMs;
    // Counted from there to now instead of from now to there.
    if (ahead > 0) return `in ${ageOf(new Date(nowMs).toISOString(), nowMs + ahead)}`;
    return `${ageOf(time, nowMs)} ago`;
  });
