import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { z } from 'zod';
import { inWords } from '../errors.ts';
import { backupDamaged, backupForeign, backupNewer, backupUnreadable } from './errors.ts';

/**
 * A backup is lines of JSON, packed: a head, pieces of files, and an end with the hash of all before it. Nothing but names
 * of this list can be in it, so that no entry leads out of the folder that it is unpacked into.
 */
const FORMAT = 1;

const NAME =
  /^(?:db\.json|communication\.log(?:\.1)?|settings\.json|(?:journal|audit|config)\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}|logs\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}\/[A-Za-z0-9][A-Za-z0-9._-]{0,99})$/u;

/** Whether a file may be in a backup: by its place in the state folder. */
export const isKept = (path: string): boolean => NAME.test(path) && !path.endsWith('.tmp');

const PIECE = 512 * 1024;
/** A piece in base64, with its name and room to spare: what is longer was not written by us. */
const LONGEST = 1024 * 1024;

const headSchema = z.object({
  drover: z.literal('backup'),
  version: z.number().int(),
  at: z.string(),
  release: z.string(),
  /** The repository whose swarm it is; older backups do not say. */
  root: z.string().optional(),
});
export type Head = Omit<z.infer<typeof headSchema>, 'drover' | 'version'>;

const pieceSchema = z.strictObject({ path: z.string(), from: z.number().int().min(0), data: z.base64() });
const endSchema = z.strictObject({ files: z.number().int(), sha256: z.string() });

export type Entry = { readonly path: string; readonly content: Buffer };

/** The lines of a backup. */
export const linesOf = async function* (head: Head, entries: AsyncIterable<Entry>): AsyncGenerator<string, void, void> {
  const hash = createHash('sha256');
  const line = (value: unknown): string => {
    const text = `${JSON.stringify(value)}\n`;
    hash.update(text);
    return text;
  };
  let files = 0;
  yield line({ drover: 'backup', version: FORMAT, ...head });
  for await (const { path, content } of entries) {
    files += 1;
    for (let from = 0; from === 0 || from < content.length; from += PIECE)
      yield line({ path, from, data: content.subarray(from, from + PIECE).toString('base64') });
  }
  yield `${JSON.stringify({ files, sha256: hash.digest('hex') })}\n`;
};

type Taker = {
  readonly head: (head: Head) => Promise<void>;
  /** A piece of a file, in order; it begins one where `from` is 0. */
  readonly piece: (path: string, from: number, bytes: Buffer) => Promise<void>;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Judges line after line; nothing that does not fit the one before is taken. */
const makeReader = (file: string, taker: Taker) => {
  const hash = createHash('sha256');
  const damaged = (what: string) => backupDamaged({ file, what });
  let at: { path: string; size: number } | undefined;
  let files = 0;
  let state: 'head' | 'pieces' | 'end' = 'head';

  const takeHead = async (value: unknown): Promise<void> => {
    if ((value as { drover?: unknown } | undefined)?.drover !== 'backup') throw backupForeign({ file });
    const { success, data } = headSchema.safeParse(value);
    const version = Number((value as { version?: unknown }).version);
    if (version > FORMAT) throw backupNewer({ file, what: `it has the format ${version}` });
    if (!success) throw damaged('its head is wrong');
    await taker.head(data);
    state = 'pieces';
  };

  const takePiece = async ({ path, from, data }: z.infer<typeof pieceSchema>): Promise<void> => {
    if (!isKept(path)) throw damaged('it names a file that no backup has');
    const size = from === 0 ? 0 : at?.path === path ? at.size : -1;
    if (size !== from) throw damaged(`a piece of ${path} is missing`);
    const bytes = Buffer.from(data, 'base64');
    if (from === 0) files += 1;
    await taker.piece(path, from, bytes);
    at = { path, size: from + bytes.length };
  };

  /** Whether it is the last line. */
  const takeEnd = (value: unknown): boolean => {
    const { success, data } = endSchema.safeParse(value);
    if (!success) return false;
    if (data.files !== files || data.sha256 !== hash.digest('hex')) throw damaged('its hash does not fit');
    state = 'end';
    return true;
  };

  const takeBody = async (value: unknown): Promise<void> => {
    const { success, data } = pieceSchema.safeParse(value);
    if (!success) throw damaged('a line of it is none of a backup');
    await takePiece(data);
  };

  return {
    line: async (text: string): Promise<void> => {
      const value = parsed(text);
      if (state === 'end') throw damaged('something follows its end');
      if (state === 'head') await takeHead(value);
      else if (takeEnd(value)) return;
      else await takeBody(value);
      hash.update(`${text}\n`);
    },
    end: (): void => {
      if (state === 'head') throw backupForeign({ file });
      if (state === 'pieces') throw damaged('its end is missing');
    },
  };
};

const nothing = async (): Promise<void> => undefined;

/** Reads a backup to its end and keeps nothing of it; rejects where it is no sound one. */
export const checkBackup = (file: string): Promise<void> => readContainer(file, { head: nothing, piece: nothing });

/** Reads a backup from its first line to its last; rejects with one sentence where it is damaged, foreign or newer. */
export const readContainer = async (file: string, taker: Taker): Promise<void> => {
  const reader = makeReader(file, taker);
  let isBegun = false;
  const take = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    let rest = Buffer.alloc(0);
    for await (const chunk of chunks) {
      rest = Buffer.concat([rest, chunk]);
      for (let feed = rest.indexOf(10); feed >= 0; feed = rest.indexOf(10)) {
        await reader.line(rest.toString('utf8', 0, feed));
        isBegun = true;
        rest = rest.subarray(feed + 1);
      }
      if (rest.length > LONGEST)
        throw isBegun ? backupDamaged({ file, what: 'a line of it is too long' }) : backupForeign({ file });
    }
    if (rest.length > 0 && isBegun) throw backupDamaged({ file, what: 'its end is missing' });
    reader.end();
  };
  try {
    // A pipe that nobody writes to would be waited for without end.
    if (!(await stat(file)).isFile()) throw backupUnreadable({ file, cause: 'it is no regular file' });
    await pipeline(createReadStream(file), createGunzip(), take);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code.startsWith('Z_'))
      throw isBegun ? backupDamaged({ file, what: 'it cannot be unpacked' }, error) : backupForeign({ file }, error);
    if (/^E[A-Z]+$/u.test(code)) throw backupUnreadable({ file, cause: inWords(error).cause }, error);
    throw error;
  }
};
