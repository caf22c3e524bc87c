const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Whatever is longer, a million days, leads to no moment that can be written down. */
const LONGEST = 1_000_000 * UNITS.d;

/** Milliseconds of `250ms`, `2s`, `10m`, `1h`, `2d`, or undefined when the text is no duration that anybody lives to see. */
export const parseDuration = (text: string): number | undefined => {
  const { amount, unit } = /^(?<amount>\d+(?:\.\d+)?)(?<unit>ms|s|m|h|d)$/u.exec(text)?.groups ?? {};
  const ms = Number(amount ?? Number.NaN) * UNITS[unit as keyof typeof UNITS];
  return ms <= LONGEST ? ms : undefined;
};

/** The moment that was a duration before another one, both in milliseconds since 1970. */
export const momentBefore = (now: number, duration: string): number => now - parseDuration(duration)!;

/** `0.4s`, `12s`, `3m 5s`, `2h 10m`: what a person wants to read. */
export const formatDuration = (ms: number): string => {
  if (ms < 1000) return `${(ms / 1000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m ${seconds % 60}s`;
  return `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
};

/** `12s`, `3m`, `2h`, `4d`: a time in the one unit that matters. */
export const spanText = (ms: number): string => {
  if (ms < UNITS.m) return `${Math.floor(ms / UNITS.s)}s`;
  if (ms < UNITS.h) return `${Math.floor(ms / UNITS.m)}m`;
  return ms < UNITS.d ? `${Math.floor(ms / UNITS.h)}h` : `${Math.floor(ms / UNITS.d)}d`;
};
