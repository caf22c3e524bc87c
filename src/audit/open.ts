import { asSentence, messageOf } from '../lib/errors.ts';
import type { AuditEntry, AuditReader } from '../ports/audit.ts';
import type { Health, Reflective } from '../ports/reflective.ts';
import { OWN_COMMAND, readAudit, verifyAudit } from './chain.ts';
import { openWriter } from './writer.ts';

export type Audit = Reflective &
  AuditReader & {
    /** Writes an entry down; resolves when it stands there. One that cannot be written is told of in the next one. */
    note(entry: AuditEntry): Promise<void>;
    /** Looks whether somebody removed, replaced or cut the file that is written to, and goes on in a new one then. Never rejects. */
    look(): Promise<void>;
    /** What was found last to be missing or harmed since the daemon started; null while nothing was. */
    harm(): string | null;
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

/** What a daemon writes down of the audit itself; with another exit than 0 it is a fault for good. */
const ownEntry = (at: string, exit: 0 | 1, result: string): AuditEntry => ({
  ...{ at, actor: 'daemon', role: 'daemon', seen: 'itself', corr: 'audit', command: OWN_COMMAND, targets: [] },
  ...{ decision: 'allowed', exit, result },
});

/** Knows what somebody did to the audit, and writes it down as the first line of what comes after it. */
const makeHarmTeller = (writer: Awaited<ReturnType<typeof openWriter>>, complain: Options['complain']) => {
  let harm: string | null = null;
  let untold: string | undefined;
  return {
    found: (): string | null => harm,
    note: (what: string): void => {
      harm = what;
    },
    /** Looks at the file, and tells of its harm; whether anything was written. */
    tell: async (at: string): Promise<boolean> => {
      const found = await writer.leaveHarmed();
      if (found !== undefined) {
        harm = found;
        untold = untold === undefined ? found : `${untold}; ${found}`;
        complain(`the audit was harmed: ${found}`);
      }
      if (untold === undefined) return false;
      await writer.append(ownEntry(at, 1, untold));
      untold = undefined;
      return true;
    },
  };
};

const stateOf = (trouble: string | null, harm: string | null): Pick<Health, 'state' | 'why'> => {
  if (trouble !== null) return { state: 'failed', why: asSentence(trouble) };
  return { state: harm === null ? 'ok' : 'degraded', why: harm && asSentence(harm) };
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
  const harm = makeHarmTeller(writer, complain);
  const fail = (error: unknown): void => {
    const why = messageOf(error);
    if (why !== trouble) complain(`the audit could not be written: ${why}`);
    trouble = why;
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
      await harm.tell(entry.at);
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
  const look = (): Promise<void> => {
    const mine = last.then(() => harm.tell(now())).then((told) => (told ? settle() : undefined), fail);
    last = mine;
    return mine;
  };
  for (const { what, isFault } of writer.found) {
    await note(ownEntry(now(), isFault ? 1 : 0, what));
    if (isFault) harm.note(what);
  }
  const settled = async (): Promise<void> => {
    await last;
    await settling;
    await writer.settle().catch(fail);
  };
  return {
    name: 'audit',
    capabilities: ['write down what is commanded and refused', 'tell whether somebody changed that'],
    health: () => ({ ...stateOf(trouble, harm.found()), indicators: { lost } }),
    note,
    look,
    harm: harm.found,
    records: async function* () {
      await look();
      yield* readAudit(folder);
    },
    verify: async () => {
      await look();
      await settled();
      return verifyAudit(folder);
    },
    close: async () => {
      await settled();
      await writer.close();
    },
  };
};
