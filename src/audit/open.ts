import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { asSentence, messageOf } from '../lib/errors.ts';
import type { AuditEntry, AuditReader, AuditTip } from '../ports/audit.ts';
import type { Reflective } from '../ports/reflective.ts';
import {
  auditFiles,
  BEGINNING,
  fileNameFor,
  headerOf,
  lineOf,
  missingText,
  OWN_COMMAND,
  readAudit,
  readAuditFile,
  readTip,
  tipFile,
  tipText,
  verifyAudit,
} from './chain.ts';

export type Audit = Reflective &
  AuditReader & {
    /** Writes an entry down; resolves when it stands there. One that cannot be written is told of in the next one. */
    note(entry: AuditEntry): Promise<void>;
    close(): Promise<void>;
  };

type Options = {
  readonly folder: string;
  readonly now: () => string;
  readonly complain: (problem: string) => void;
  /** A file is followed by a new one when it has so many bytes. */
  readonly longest?: number;
};

const LONGEST = 8 * 1024 * 1024;

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

/** What a daemon writes down of the audit itself; with another exit than 0 it is a fault for good. */
const ownEntry = (at: string, exit: 0 | 1, result: string): AuditEntry => ({
  ...{ at, actor: 'daemon', role: 'daemon', seen: 'itself', corr: 'audit', command: OWN_COMMAND, targets: [] },
  ...{ decision: 'allowed', exit, result },
});

/** Writes at the end; a pipe in the place of a file fails at once instead of keeping the daemon waiting. */
const APPEND = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NONBLOCK;

/** A file that only grows, with the place beside it where its end is written down. */
const openWriter = async (folder: string, longest: number) => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const noted = await readTip(folder);
  const end = await findEnd(folder);
  if (end?.torn) await truncate(end.path, end.size);
  let tip = end?.tip ?? BEGINNING;
  let size = end?.size ?? 0;
  let file: FileHandle | undefined;
  const begin = async (): Promise<FileHandle> => {
    await file?.close();
    file = await open(join(folder, fileNameFor(tip.seq + 1)), APPEND, 0o600);
    const header = `${headerOf(tip)}\n`;
    await file.appendFile(header);
    size = Buffer.byteLength(header);
    return file;
  };
  const current = async (): Promise<FileHandle> => {
    if (size > 0 && size < longest && !file && end) {
      file = await open(end.path, APPEND, 0o600);
    }
    return file && size < longest ? file : begin();
  };
  return {
    found: (at: string): readonly AuditEntry[] => [
      ...(end?.torn ? [ownEntry(at, 0, 'half a line at the end was dropped, as a power cut leaves it')] : []),
      ...(noted && noted.seq > tip.seq
        ? [ownEntry(at, 1, `at the end ${missingText(tip.seq + 1, noted.seq)}, as a daemon found when it started`)]
        : []),
    ],
    append: async (entry: AuditEntry): Promise<void> => {
      const target = await current();
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
      await file?.datasync();
      const place = await open(tipFile(folder), APPEND, 0o600);
      await place.close();
      const handle = await open(tipFile(folder), 'r+');
      try {
        await handle.write(tipText(reached), 0);
      } finally {
        await handle.close();
      }
    },
    close: async (): Promise<void> => void (await file?.close()),
  };
};

/**
 * Opens the audit of a repository: what was commanded, by whom, and what became of it. It goes on behind whatever is there;
 * whether that is sound `verify` says.
 */
export const openAudit = async ({ folder, now, complain, longest = LONGEST }: Options): Promise<Audit> => {
  const writer = await openWriter(folder, longest);
  let last: Promise<unknown> = Promise.resolve();
  let settling: Promise<void> | undefined;
  let trouble: string | null = null;
  let lost = 0;
  const fail = (error: unknown): void => {
    trouble = messageOf(error);
    complain(`the audit could not be written: ${trouble}`);
  };
  const settle = (): void => {
    settling ??= writer
      .settle()
      .catch(fail)
      .finally(() => {
        settling = undefined;
      });
  };
  const write = async (entry: AuditEntry): Promise<void> => {
    try {
      if (lost > 0) await writer.append(ownEntry(entry.at, 1, `before it ${lost} could not be written`));
      lost = 0;
      await writer.append(entry);
      trouble = null;
    } catch (error) {
      lost += 1;
      fail(error);
    }
    settle();
  };
  const note = (entry: AuditEntry): Promise<void> => {
    const mine = last.then(() => write(entry));
    last = mine;
    return mine;
  };
  for (const entry of writer.found(now())) await note(entry);
  const settled = async (): Promise<void> => {
    await last;
    await settling;
    await writer.settle().catch(fail);
  };
  return {
    name: 'audit',
    capabilities: ['write down what is commanded and refused', 'tell whether somebody changed that'],
    health: () => ({
      state: trouble === null ? 'ok' : 'failed',
      why: trouble && asSentence(trouble),
      indicators: { lost },
    }),
    note,
    records: () => readAudit(folder),
    verify: async () => {
      await settled();
      return verifyAudit(folder);
    },
    close: async () => {
      await settled();
      await writer.close();
    },
  };
};
