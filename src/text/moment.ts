import { parseDuration } from '../lib/duration.ts';
import { defineError } from '../lib/errors.ts';

const DATE = /^(?<day>\d{4}-\d\d-\d\d)(?:[T ](?<time>\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(?<zone>Z|[+-]\d\d:?\d\d)?)?$/u;

const badMoment = defineError('cli/bad-moment', 2, (p: { text: string }) => ({
  message: `"${p.text}" is no time and no duration.`,
  hint: 'Say how long ago (90s, 10m, 2h, 3d) or when (2026-11-20T14:30, 2026-11-20).',
}));

const DAY_MS = 86_400_000;

/**
 * Milliseconds since the epoch of `10m` (that long ago) or of a date in ISO form, in local time unless it names a zone.
 */
export const momentOf = (text: string, now: number): number => {
  const { days } = /^(?<days>\d{1,6})d$/u.exec(text)?.groups ?? {};
  const ago = days === undefined ? parseDuration(text) : Number(days) * DAY_MS;
  if (ago !== undefined) return now - ago;
  const { day, time = '00:00', zone = '' } = DATE.exec(text)?.groups ?? {};
  // biome-ignore lint/style/noRestrictedGlobals: it reads a given date, in the zone of the machine, and asks no clock.
  const at = day === undefined ? Number.NaN : Date.parse(`${day}T${time}${zone}`);
  if (Number.isNaN(at)) throw badMoment({ text });
  return at;
};
