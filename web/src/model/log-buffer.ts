import { shown } from '../../../src/lib/text.ts';
import { plainText } from '../../../src/logs/plain.ts';

/** A line that an agent printed; `at` is when it came, in milliseconds since 1970, null for what was printed before. */
export type LogLine = {
  readonly key: number;
  readonly instance: string;
  readonly at: number | null;
  readonly text: string;
};

/** So many lines are kept: what is older can be searched for. */
const KEPT = 20_000;
const SPARE = 2000;
/** What comes so soon after a stream began was printed before. */
const BACKLOG_MS = 600;

/** Keeps the lines of several agents in the order in which they came. Nothing that a terminal acts on is left in them. */
export const makeLogBuffer = (now: () => number) => {
  const lines: LogLine[] = [];
  let shownLines: readonly LogLine[] = [];
  let next = 0;
  const encoder = new TextEncoder();
  const streams = new Map<string, ReturnType<typeof plainText>>();
  const begun = new Map<string, number>();
  const add = (instance: string, texts: readonly string[]): boolean => {
    const some = texts.filter((text) => text.trim() !== '');
    const at = now() - (begun.get(instance) ?? 0) < BACKLOG_MS ? null : now();
    for (const text of some) {
      next += 1;
      lines.push({ key: next, instance, at, text: shown(text) });
    }
    // Taking some away costs as much as moving all others, so many go at once.
    if (lines.length > KEPT + SPARE) lines.splice(0, lines.length - KEPT);
    return some.length > 0;
  };
  return {
    get lines(): readonly LogLine[] {
      if (shownLines.at(-1) !== lines.at(-1)) shownLines = [...lines];
      return shownLines;
    },
    /** Takes what an agent printed; whether that completed a line. */
    push: (instance: string, text: string): boolean => {
      const stream = streams.get(instance) ?? plainText();
      streams.set(instance, stream);
      return add(instance, stream.push(encoder.encode(text)));
    },
    /** The terminal of an agent begins anew: what is left of a line belongs to the one before. */
    restart: (instance: string): void => {
      streams.delete(instance);
      begun.set(instance, now());
    },
  };
};

/** What lines are looked for: words, or a pattern between slashes; null where the pattern is none. */
export const lineFilter = (wanted: string): ((text: string) => boolean) | null => {
  const text = wanted.trim();
  const { pattern, flags } = /^\/(?<pattern>.+)\/(?<flags>[i]?)$/u.exec(text)?.groups ?? {};
  if (pattern !== undefined) {
    try {
      const expression = new RegExp(pattern, `u${flags ?? ''}`);
      return (line) => expression.test(line);
    } catch {
      return null;
    }
  }
  // Capitals are meant where somebody types them.
  const isExact = text !== text.toLowerCase();
  return isExact ? (line) => line.includes(text) : (line) => line.toLowerCase().includes(text);
};

/** Where the words stand in a line, to be marked; null for a pattern, or where they do not. */
export const hitIn = (line: string, wanted: string): readonly [start: number, end: number] | null => {
  const text = wanted.trim();
  if (text === '' || text.startsWith('/')) return null;
  const at = text === text.toLowerCase() ? line.toLowerCase().indexOf(text) : line.indexOf(text);
  return at < 0 ? null : [at, at + text.length];
};
