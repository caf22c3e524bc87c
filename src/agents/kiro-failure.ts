import { oneLine, shorten } from '../lib/text.ts';
import type { Signal } from './adapter.ts';
import { failureIn, resetsIn } from './failure.ts';

/** Kiro's words for a limit that ends by itself, which are not those of others. */
const LIMIT = /monthly request limit|MONTHLY_REQUEST_COUNT|request quota exceeded|rate limit reached/iu;

/** Kiro's words for a login that has ended. */
const LOGIN = /authentication error|not (?:logged|authenticated)|log in again|kiro-cli login/iu;

/** Words of the screen that end a turn. */
const ENDS: readonly RegExp[] = [
  LIMIT,
  LOGIN,
  /is having trouble responding right now/iu,
  /temporarily unavailable\. Please select a different model/iu,
];

/** What a failure in Kiro's words means. */
export const kiroFailureIn = (text: string): Signal => {
  const message = shorten(oneLine(text), 200);
  if (LIMIT.test(text)) return { kind: 'limited', message, resets: resetsIn(text) };
  if (LOGIN.test(text)) return { kind: 'failed', class: 'login', message };
  if (/having trouble responding|temporarily unavailable/iu.test(text))
    return { kind: 'failed', class: 'overloaded', message };
  return failureIn(text);
};

/** The failure that the last lines of a screen tell of. */
export const kiroFailureOn = (lines: readonly string[]): Signal | undefined => {
  const at = lines.findLastIndex((line) => ENDS.some((words) => words.test(line)));
  return at < 0 ? undefined : kiroFailureIn(lines.slice(at, at + 2).join(' '));
};

/** Whether lines say that nobody is logged in. */
export const needsLogin = (lines: readonly string[]): boolean => lines.some((line) => LOGIN.test(line));
