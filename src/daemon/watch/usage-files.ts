import { dirname, isAbsolute } from 'node:path';
import type { Files } from '../../ports/target.ts';

/** How many bytes of a file are read at a time: a long history is read in pieces, and nobody waits for it. */
const PIECE = 4 * 1024 * 1024;
/** A line of more bytes holds a picture or a whole file, and nothing that is counted. */
const LONGEST_LINE = 16 * 1024 * 1024;

type Position = { readonly id: number; offset: number; half: Buffer; skipping: boolean };

/** The new lines of a file, whole ones; `anew` when it is another file than before, or was cut. */
type NewLines = { readonly lines: readonly string[]; readonly anew: boolean; readonly more: boolean };

const NOTHING: NewLines = { lines: [], anew: false, more: false };

/** Takes the whole lines out of what was kept of a file and what came; the rest is kept for the next time. */
const takeLines = (at: Position, bytes: Uint8Array): string[] => {
  const all = Buffer.concat([at.half, bytes]);
  const end = all.lastIndexOf(0x0a);
  at.half = Buffer.from(all.subarray(end + 1));
  const text = end < 0 ? '' : all.subarray(0, end).toString('utf8');
  const lines = text.split('\n');
  if (at.skipping && end >= 0) {
    lines.shift();
    at.skipping = false;
  }
  if (at.half.length > LONGEST_LINE) {
    at.half = Buffer.alloc(0);
    at.skipping = true;
  }
  return lines.filter((line) => line.trim() !== '');
};

export type LineReader = {
  read(path: string): Promise<NewLines>;
  /** Reads a file from its beginning the next time. */
  forget(path: string): void;
};

/** Follows files by offset: each whole line is given once, half a line when it has become whole. */
export const makeLineReader = (files: Files): LineReader => {
  const known = new Map<string, Position>();
  return {
    read: async (path: string): Promise<NewLines> => {
      const before = known.get(path);
      let piece = await files.readPiece(path, before?.offset ?? 0, PIECE);
      if (!piece) return NOTHING;
      const anew = before !== undefined && (before.id !== piece.id || piece.size < before.offset);
      if (anew) piece = await files.readPiece(path, 0, PIECE);
      if (!piece) return NOTHING;
      const { id, size, bytes } = piece;
      const at = before && !anew ? before : { id, offset: 0, half: Buffer.alloc(0), skipping: false };
      known.set(path, at);
      at.offset += bytes.length;
      return { lines: bytes.length === 0 ? [] : takeLines(at, bytes), anew, more: at.offset < size };
    },
    forget: (path: string): void => void known.delete(path),
  };
};

/** Whether a path that an agent names may be read: a transcript by its name. */
export const isTranscript = (path: unknown): path is string =>
  typeof path === 'string' &&
  path.length < 4096 &&
  isAbsolute(path) &&
  path.endsWith('.jsonl') &&
  dirname(path) !== '/';
