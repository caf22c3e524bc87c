import { open, readdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';

/** How many bytes of a file are read at a time: a long history is read in pieces, and nobody waits for it. */
const PIECE = 4 * 1024 * 1024;
/** A line of more bytes holds a picture or a whole file, and nothing that is counted. */
const LONGEST_LINE = 16 * 1024 * 1024;

const patternOf = (name: string): RegExp =>
  new RegExp(
    `^${name
      .split('*')
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/gu, String.raw`\$&`))
      .join('.*')}$`,
    'u',
  );

/** The paths that a pattern with `*` in its names stands for, sorted; a path without any is itself. */
export const pathsLike = async (pattern: string): Promise<readonly string[]> => {
  if (!isAbsolute(pattern)) return [];
  let found = ['/'];
  for (const name of pattern.split('/').filter((part) => part !== '')) {
    if (!name.includes('*')) {
      found = found.map((folder) => join(folder, name));
      continue;
    }
    const like = patternOf(name);
    const inside = await Promise.all(
      found.map(async (folder) =>
        (await readdir(folder).catch(() => [])).filter((one) => like.test(one)).map((one) => join(folder, one)),
      ),
    );
    found = inside.flat().toSorted();
  }
  return found;
};

type Position = { readonly inode: number; offset: number; half: Buffer; skipping: boolean };

/** What is new in a file: whole lines; `anew` when it is another file than before, or was cut. */
type NewLines = { readonly lines: readonly string[]; readonly anew: boolean; readonly more: boolean };

const NOTHING: NewLines = { lines: [], anew: false, more: false };

const readPiece = async (path: string, from: number): Promise<Buffer> => {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(PIECE);
    const { bytesRead } = await file.read(buffer, 0, PIECE, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
};

/** Takes the whole lines out of what was kept of a file and what came; the rest is kept for the next time. */
const takeLines = (at: Position, bytes: Buffer): string[] => {
  const all = at.half.length === 0 ? bytes : Buffer.concat([at.half, bytes]);
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
export const makeLineReader = (): LineReader => {
  const known = new Map<string, Position>();
  return {
    read: async (path: string): Promise<NewLines> => {
      const now = await stat(path).catch(() => undefined);
      // A pipe or device would keep us waiting for ever.
      if (!now?.isFile()) return NOTHING;
      const before = known.get(path);
      const anew = before !== undefined && (before.inode !== now.ino || now.size < before.offset);
      const at = before && !anew ? before : { inode: now.ino, offset: 0, half: Buffer.alloc(0), skipping: false };
      known.set(path, at);
      if (now.size === at.offset) return { ...NOTHING, anew };
      const bytes = await readPiece(path, at.offset);
      at.offset += bytes.length;
      return { lines: takeLines(at, bytes), anew, more: at.offset < now.size };
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
