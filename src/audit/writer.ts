import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, stat, truncate } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { codeOf } from '../lib/errors.ts';
import type { AuditEntry, AuditTip } from '../ports/audit.ts';
import {
  auditFiles,
  BEGINNING,
  fileNameFor,
  headerOf,
  lineOf,
  missingText,
  readAuditFile,
  readTip,
  tipFile,
  tipText,
} from './chain.ts';

type End = { readonly path: string; readonly size: number; readonly tip: AuditTip; readonly torn: boolean };

/** The end of the audit as its last file has it; half a line, as a power cut leaves it, is left out. */
const findEnd = async (folder: string): Promise<End | undefined> => {
  const path = (await auditFiles(folder)).at(-1);
  if (path === undefined) return undefined;
  const bytes = await readAuditFile(path);
  const size = bytes.lastIndexOf('\n') + 1;
  const last = bytes.toString('utf8', 0, size).trimEnd().split('\n').at(-1) ?? '';
  const { hash, seq, first, after } =
    /^(?:(?<hash>[0-9a-f]{64}) \{"seq":(?<seq>\d+),|# audit v1 first=(?<first>\d+) after=(?<after>[0-9a-f]{64})$)/u.exec(
      last,
    )?.groups ?? {};
  const tip = { seq: seq === undefined ? Number(first ?? 1) - 1 : Number(seq), hash: hash ?? after ?? BEGINNING.hash };
  return { path, size, tip, torn: size < bytes.length };
};

/** A file that is written to: as long as it is open, no other one can have its number. */
type Place = { readonly path: string; readonly file: FileHandle; readonly identity: string };

const identityOf = ({ dev, ino }: { readonly dev: number; readonly ino: number }): string => `${dev} ${ino}`;

/** Writes at the end; a pipe in the place of a file fails at once instead of keeping the daemon waiting. */
const APPEND = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NONBLOCK;

const openPlace = async (path: string): Promise<Place> => {
  const file = await open(path, APPEND, 0o600);
  return { path, file, identity: identityOf(await file.stat()) };
};

/** What somebody else did to a file of that size; undefined where it is as it was left. */
const harmTo = async ({ path, identity }: Place, size: number): Promise<string | undefined> => {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  if (!found) return 'was removed';
  if (identityOf(found) !== identity) return 'was replaced';
  if (found.size === size) return undefined;
  return found.size < size ? 'was cut' : 'was written to by somebody else';
};

/** What was found wrong with the end when the audit was opened; only what is missing is a fault. */
type Found = { readonly what: string; readonly isFault: boolean };

const foundAt = (end: End | undefined, noted: AuditTip | undefined): readonly Found[] => {
  const { seq } = end?.tip ?? BEGINNING;
  const torn = { what: 'half a line at the end was dropped, as a power cut leaves it', isFault: false };
  return [
    ...(end?.torn ? [torn] : []),
    ...(noted && noted.seq > seq
      ? [{ what: `at the end ${missingText(seq + 1, noted.seq)}, as a daemon found when it started`, isFault: true }]
      : []),
  ];
};

/** A file that only grows, with the place beside it where its end is written down. */
export const openWriter = async (folder: string, longest: number) => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const noted = await readTip(folder);
  const end = await findEnd(folder);
  if (end?.torn) await truncate(end.path, end.size);
  let tip = end?.tip ?? BEGINNING;
  let size = end?.size ?? 0;
  let place = end && size > 0 ? await openPlace(end.path) : undefined;
  const begin = async (): Promise<FileHandle> => {
    await place?.file.close();
    place = undefined;
    const next = await openPlace(join(folder, fileNameFor(tip.seq + 1)));
    // Where something lay there already, its size counts as well.
    const { size: before } = await next.file.stat();
    const header = `${headerOf(tip)}\n`;
    try {
      await next.file.appendFile(header);
    } catch (error) {
      await next.file.truncate(before);
      await next.file.close();
      throw error;
    }
    size = before + Buffer.byteLength(header);
    place = next;
    return next.file;
  };
  return {
    found: foundAt(end, noted),
    /**
     * Looks whether the file is as it was left. Where somebody removed, replaced or cut it, what comes goes to a new one;
     * says what was done and which records are missing by it.
     */
    leaveHarmed: async (): Promise<string | undefined> => {
      const harm = place && (await harmTo(place, size));
      if (!place || harm === undefined) return undefined;
      const left = (await findEnd(folder).catch(() => undefined))?.tip.seq ?? 0;
      const missing = harm.endsWith('else') || left >= tip.seq ? '' : `: ${missingText(left + 1, tip.seq)}`;
      const { path, file } = place;
      place = undefined;
      await file.close();
      // What it lies in goes with its repository only.
      await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
        if (codeOf(error) !== 'EEXIST') throw error;
      });
      return `${basename(path)} ${harm} while a daemon ran${missing}`;
    },
    append: async (entry: AuditEntry): Promise<void> => {
      const target = place && size < longest ? place.file : await begin();
      const { text, tip: next } = lineOf({ seq: tip.seq + 1, ...entry }, tip);
      try {
        await target.appendFile(text);
      } catch (error) {
        // Half a line must not stay where the next one goes.
        await target.truncate(size);
        throw error;
      }
      tip = next;
      size += Buffer.byteLength(text);
    },
    /** Brings what was written to the disk, and then writes down that it is the end. */
    settle: async (): Promise<void> => {
      const reached = tip;
      await place?.file.datasync();
      const beside = await open(tipFile(folder), APPEND, 0o600);
      await beside.close();
      const handle = await open(tipFile(folder), 'r+');
      try {
        const { size: before } = await handle.stat();
        await handle.write(tipText(reached), 0);
        // Afterwards it is written in place: a power cut leaves an older end there, but never none.
        if (before === 0) await handle.sync();
      } finally {
        await handle.close();
      }
    },
    close: async (): Promise<void> => void (await place?.file.close()),
  };
};
