import { AppError, defineError } from '../../lib/errors.ts';

/** "event 7", "events 7 to 9" */
export const eventsText = (from: number, to: number): string =>
  from === to ? `event ${from}` : `events ${from} to ${to}`;

export const storeLocked = defineError('store/locked', 6, (p: { pid: number | null; lock: string }) => ({
  message: `the swarm of this repository belongs to ${p.pid === null ? 'another process' : `process ${p.pid}`} already`,
  hint:
    p.pid === null
      ? `See who has ${p.lock} open.`
      : `Use that daemon, or end it with "drover daemon stop" (pid ${p.pid}).`,
}));

export const lockUnusable = defineError('store/lock-unusable', 1, (p: { lock: string; why: string }) => ({
  message: `the lock ${p.lock} cannot be used: ${p.why}`,
  hint: 'Nothing is kept in it: "drover doctor --fix" sets it aside, and the next start makes a new one.',
}));

export const storeTaken = defineError('store/taken', 6, (p: { path: string }) => ({
  message: `${p.path} was removed or replaced while this daemon ran: another one may write there by now`,
  hint: 'This one ends, so that two never write; the next command starts one, unless another runs already. Nothing that was acknowledged is lost.',
}));

const WORDS: Readonly<Record<string, { cause: string; hint: string }>> = {
  ENOSPC: { cause: 'the disk is full', hint: 'Free some space' },
  EDQUOT: { cause: 'the disk quota is used up', hint: 'Free some space' },
  EFBIG: { cause: 'the file may not grow any further', hint: 'Raise the limit of file sizes (ulimit -f)' },
  EIO: { cause: 'the disk reports an error', hint: 'Look at the disk' },
  EROFS: { cause: 'the file system is read-only', hint: 'Make it writable' },
  EACCES: { cause: 'permission is denied', hint: 'Give yourself the right to write there' },
  EPERM: { cause: 'permission is denied', hint: 'Give yourself the right to write there' },
  EMFILE: { cause: 'too many files are open', hint: 'Raise the limit of open files (ulimit -n)' },
  ENOENT: { cause: 'the file or its folder is gone', hint: 'Find out who removed it' },
  ENOTDIR: { cause: 'something on the way there is no folder', hint: 'Name another place, or move it away' },
  EISDIR: { cause: 'a folder lies there', hint: 'Name another place, or move it away' },
  EEXIST: { cause: 'something else lies there', hint: 'Name another place, or move it away' },
  EBUSY: { cause: 'the system holds what lies there', hint: 'Name another place' },
  ELOOP: { cause: 'links lead in a circle there', hint: 'Name another place, or mend the links' },
  ENAMETOOLONG: { cause: 'the name is longer than the disk takes', hint: 'Choose a shorter one' },
};

/** The system's error in words for a person, and what can be done about it. */
export const inWords = (error: unknown): { cause: string; hint: string } => {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return WORDS[code] ?? { cause: message || String(error), hint: 'Look at the daemon’s log' };
};

/** Whether it is what a call of the system failed with, and not a mistake of ours. */
export const isSystemError = (error: unknown): boolean =>
  !(error instanceof AppError) && /^E[A-Z\d]+$/u.test(String((error as NodeJS.ErrnoException | null)?.code ?? ''));

const refusedBySystem = defineError('system/refused', 1, (p: { what: string; cause: string; hint: string }) => ({
  message: `${p.cause}: ${p.what}`,
  hint: `${p.hint}, then try again.`,
}));

/** What the system refuses (no right, no room, no file) is the state of the machine and no bug; undefined for anything else. */
export const refusalBySystem = (error: unknown): AppError | undefined => {
  if (!(error instanceof Error) || error instanceof AppError || !('syscall' in error) || !('code' in error))
    return undefined;
  const { syscall, path, dest } = error as NodeJS.ErrnoException & { readonly dest?: string };
  return refusedBySystem({ what: [syscall, dest ?? path].filter(Boolean).join(' '), ...inWords(error) }, error);
};

export const storeUnopened = defineError('store/unopened', 1, (p: { state: string; cause: string; hint: string }) => ({
  message: `the swarm in ${p.state} cannot be opened: ${p.cause}`,
  hint: `${p.hint}, then start the daemon again. Nothing is lost by this.`,
}));

export const storeFailed = defineError(
  'store/failed',
  1,
  (p: { file: string; cause: string; hint: string; undone: boolean }) => ({
    message: `nothing more can be recorded in ${p.file}: ${p.cause}`,
    hint: `${p.hint}, then start the daemon again. ${
      p.undone
        ? 'What was acknowledged is safe; what was refused did not happen.'
        : 'What was acknowledged is safe; what was refused last may have happened: look before you repeat it.'
    }`,
  }),
);

export const storeNotCleaned = defineError(
  'store/not-cleaned',
  1,
  (p: { what: string; cause: string; hint: string }) => ({
    message: `old ${p.what} could not be let go of: ${p.cause}`,
    hint: `${p.hint}, then say it again. Nothing that the state needs is lost by this.`,
  }),
);

export const storeClosed = defineError('store/closed', 7, () => ({
  message: 'the store is closed',
  hint: 'Start the daemon again.',
}));

export const storeDamaged = defineError('store/damaged', 1, (p: { file: string; line: number; what: string }) => ({
  message: `${p.file} is damaged at line ${p.line}: ${p.what}`,
  hint: 'Restore that file from a backup, or let "drover doctor --fix" set the damaged part aside and go on from the last state that is sound; "drover doctor" says what is lost then.',
}));

export const storeNewer = defineError('store/newer', 1, (p: { file: string; version: string }) => ({
  message: `${p.file} has the format ${p.version}, which this version does not know`,
  hint: 'Install the Drover that wrote it or a later one.',
}));

export const journalMissing = defineError('store/no-journal', 3, (p: { journal: string }) => ({
  message: `there is no journal in ${p.journal}`,
  hint: 'The projection is rebuilt from the journal: restore that folder first.',
}));
