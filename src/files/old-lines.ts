import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isMissing } from '../lib/missing.ts';
import type { OldLines } from '../ports/history.ts';
import { syncFolder } from './sync.ts';

const LINE_FEED = 10;

type Line = { readonly at: string | undefined; readonly bytes: number };

const TIME = /^\d{4}-\d\d-\d\dT\S+/u;
const LONGEST_TIME = 40;

/** The lines of a log from its first one on: when each was written, as it says itself, and how long it is. */
const linesOf = async function* (file: string): AsyncGenerator<Line, void, void> {
  let head = '';
  let bytes = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length; ) {
      const feed = chunk.indexOf(LINE_FEED, at);
      const end = feed === -1 ? chunk.length : feed + 1;
      if (head.length < LONGEST_TIME) head += chunk.toString('latin1', at, Math.min(end, at + LONGEST_TIME));
      bytes += end - at;
      at = end;
      if (feed === -1) continue;
      yield { at: TIME.exec(head)?.[0], bytes };
      head = '';
      bytes = 0;
    }
  }
};

/** The later of two times; the clock of a machine may have been set back. */
const later = (one: string | undefined, other: string | undefined): string | undefined =>
  one === undefined || (other !== undefined && Date.parse(other) > Date.parse(one)) ? other : one;

/** What a log has at its beginning that is older than a moment; a line that does not say when belongs to the one before it. */
export const findOldLines = async (file: string, before: number): Promise<OldLines> => {
  let lines = 0;
  let bytes = 0;
  let [from, to]: (string | undefined)[] = [];
  const found = (kept: string | null): OldLines => ({
    old: from === undefined || to === undefined ? null : { lines, from, to, bytes },
    kept: { from: kept },
  });
  try {
    for await (const line of linesOf(file)) {
      if (line.at !== undefined && Date.parse(line.at) >= before) return found(line.at);
      lines += 1;
      bytes += line.bytes;
      from ??= line.at;
      to = later(to, line.at);
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return found(null);
};

/** Lets go of that. The rest is put in its place in one step: whoever is killed leaves the old log or the new one. */
export const dropOldLines = async (file: string, before: number): Promise<OldLines> => {
  const found = await findOldLines(file, before);
  if (found.old === null) return found;
  const half = `${file}.tmp`;
  try {
    await pipeline(
      createReadStream(file, { start: found.old.bytes }),
      createWriteStream(half, { mode: 0o600, flush: true }),
    );
    await rename(half, file);
  } catch (error) {
    await rm(half, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(file));
  return found;
};

/** What is old of two logs of which the second goes on where the first has ended, and all of the first is old. */
export const joinOldLines = (first: OldLines, second: OldLines): OldLines => {
  if (!first.old || !second.old) return { old: first.old ?? second.old, kept: second.kept };
  const { from, lines, bytes } = first.old;
  const old = { from, to: second.old.to, lines: lines + second.old.lines, bytes: bytes + second.old.bytes };
  return { old, kept: second.kept };
};
