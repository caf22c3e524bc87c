const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** So long ago may a moment lie that words mean: they have no seconds, and are read a while after they were said. */
const JUST_NOW_MS = 60 * MINUTE_MS;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const WORDS =
  /^(?:(?<month>[a-z]{3})[a-z]* (?<day>\d{1,2}),?(?: at)? )?(?<hour>\d{1,2})(?::(?<minute>\d{2}))?\s?(?<half>[ap]m)?(?: \((?<zone>[\w/+-]+)\))?/iu;

const UNITS: Readonly<Record<string, number>> = { d: 24 * 60 * MINUTE_MS, h: 60 * MINUTE_MS, m: MINUTE_MS, s: 1000 };

/** Milliseconds that words like `in 2 hours 5 minutes` or `33.2s` mean; undefined when they do not begin with a while. */
const whileIn = (words: string): number | undefined => {
  const text = /^(?:(?:in|after) )?(?<text>(?:\d+(?:\.\d+)?\s?(?:d|h|m|s)[a-z]*[\s,]*(?:and )?)+)/iu.exec(words)
    ?.groups?.['text'];
  if (text === undefined || /^\d+\s?(?:am|pm)/iu.test(words)) return undefined;
  return [...text.matchAll(/(?<count>\d+(?:\.\d+)?)\s?(?<unit>[dhms])/giu)]
    .map(({ groups }) => Number(groups!['count']) * UNITS[groups!['unit']!.toLowerCase()]!)
    .reduce((all, one) => all + one, 0);
};

/** The time of day and the date in a zone, at a moment. */
const partsIn = (zone: string, at: number) => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return {
    month: parts.get('month')!,
    day: parts.get('day')!,
    minutes: parts.get('hour')! * 60 + parts.get('minute')!,
  };
};

const isKnownZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
};

type Clock = {
  readonly zone: string;
  readonly minutes: number;
  readonly month: number | undefined;
  readonly day: number;
};

/** What the words say in numbers; undefined where they name no time that there is. */
const readClock = (words: string): Clock | undefined => {
  const found = WORDS.exec(words)?.groups;
  if (!found) return undefined;
  const zone = found['zone'] ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const hour = Number(found['hour']);
  if (!isKnownZone(zone) || hour > 23) return undefined;
  const half = found['half']?.toLowerCase();
  const minutes = (half ? (hour % 12) + (half === 'pm' ? 12 : 0) : hour) * 60 + Number(found['minute'] ?? 0);
  const month = found['month'] === undefined ? undefined : MONTHS.indexOf(found['month'].toLowerCase()) + 1;
  return { zone, minutes, month, day: Number(found['day']) };
};

/**
 * The moment that words like `9:02am (UTC)` or `Nov 21, 9am (Europe/Berlin)` mean, in milliseconds since 1970: the next
 * one or the one that has just passed; of `in 5 minutes` the moment after those. Undefined when the words mean none.
 * Words without a zone are of this machine's.
 */
export const resetTime = (words: string, now: number): number | undefined => {
  const ms = whileIn(words.trim());
  if (ms !== undefined) return now + Math.round(ms);
  const clock = readClock(words.trim());
  if (!clock) return undefined;
  const { zone, minutes, month, day } = clock;
  const here = partsIn(zone, now);
  const start = now - (now % MINUTE_MS) + (minutes - here.minutes) * MINUTE_MS;
  // Of the days to come the first one that fits: the date where one is said, else the next such time of day.
  for (let days = -1; days < 400; days += 1) {
    const at = start + days * DAY_MS;
    const there = partsIn(zone, at);
    // Where the clock was changed in between.
    const moment = at + (minutes - there.minutes) * MINUTE_MS;
    if (month === undefined ? moment >= now - JUST_NOW_MS : there.month === month && there.day === day) return moment;
  }
  return undefined;
};
