import { defineError } from '../../lib/errors.ts';

export const storeLocked = defineError('store/locked', 6, (p: { pid: number | null; lock: string }) => ({
  message: `the swarm of this repository belongs to ${p.pid === null ? 'another process' : `process ${p.pid}`} already`,
  hint:
    p.pid === null
      ? `See who has ${p.lock} open.`
      : `Use that daemon, or end it with "drover daemon stop" (pid ${p.pid}).`,
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
};

/** The system's error in words for a person, and what can be done about it. */
export const inWords = (error: unknown): { cause: string; hint: string } => {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return WORDS[code] ?? { cause: message || String(error), hint: 'Look at the daemon’s log' };
};

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

export const storeClosed = defineError('store/closed', 7, () => ({
  message: 'the store is closed',
  hint: 'Start the daemon again.',
}));

export const storeDamaged = defineError('store/damaged', 1, (p: { file: string; line: number; what: string }) => ({
  message: `${p.file} is damaged at line ${p.line}: ${p.what}`,
  hint: 'Restore that file from a backup. To go on without what follows, copy the state folder, cut the file before that line, and move later segments, db.json and db.json.bak away.',
}));

export const storeNewer = defineError('store/newer', 1, (p: { file: string; version: string }) => ({
  message: `${p.file} has the format ${p.version}, which this version does not know`,
  hint: 'Install the Drover that wrote it or a later one.',
}));

export const journalMissing = defineError('store/no-journal', 3, (p: { journal: string }) => ({
  message: `there is no journal in ${p.journal}`,
  hint: 'The projection is rebuilt from the journal: restore that folder first.',
}));
