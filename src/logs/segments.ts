import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from '../lib/missing.ts';
import type { Seed } from '../ports/index.ts';

/** What lies in the folder of a log, in order. */
export type Segments = {
  readonly logs: readonly number[];
  readonly seeds: readonly number[];
  /** Segments whose photograph is being made. */
  readonly pending: readonly number[];
};

/** A place in a log: so many bytes into a segment. */
export type LogPlace = { readonly segment: number; readonly offset: number };

export const segmentFile = (dir: string, segment: number, ending: 'log' | 'seed' | 'seed.part'): string =>
  join(dir, `${String(segment).padStart(6, '0')}.${ending}`);

export const segmentsOf = async (dir: string): Promise<Segments> => {
  const names = (await unlessMissing(readdir(dir))) ?? [];
  const numbers = (ending: RegExp) =>
    names
      .filter((name) => ending.test(name))
      .map((name) => Number.parseInt(name, 10))
      .sort((a, b) => a - b);
  return { logs: numbers(/^\d+\.log$/u), seeds: numbers(/^\d+\.seed$/u), pending: numbers(/^\d+\.seed\.part$/u) };
};

/** The screen at the first byte of a segment; null when it is not there or cannot be read. */
export const seedOf = async (dir: string, segment: number): Promise<Seed | null> => {
  const text = await unlessMissing(readFile(segmentFile(dir, segment, 'seed'), 'utf8'));
  if (text === undefined) return null;
  try {
    return JSON.parse(text) as Seed;
  } catch {
    return null;
  }
};
