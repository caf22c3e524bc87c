import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import type { Paths } from '../../lib/paths.ts';

/** The number of the last acknowledged event lies beside the journal, not in it: it tells when that is gone as well. */
const markOf = ({ journal }: Pick<Paths, 'journal'>): string => `${journal}.mark`;

const DIGITS = 12;

export type Mark = {
  /** Notes the last event that is on the disk. */
  note(seq: number): void;
  close(): void;
};

/**
 * Keeps the number of the last acknowledged event. It is written in place and never synced, so it costs a command nothing
 * that could be measured: it survives the death of the daemon, and what a power cut makes of it is at worst an older number.
 */
export const openMark = (paths: Pick<Paths, 'journal'>): Mark => {
  // Neither cut at its opening nor written at its end only, which no single flag says.
  closeSync(openSync(markOf(paths), 'a', 0o600));
  const mark = openSync(markOf(paths), 'r+');
  return {
    note: (seq) => {
      try {
        writeSync(mark, `${String(seq).padStart(DIGITS, '0')}\n`, 0);
      } catch {
        // The event itself is on the disk: nobody is refused it for the sake of this number.
      }
    },
    close: () => closeSync(mark),
  };
};

/** The last event that is known to have been acknowledged; 0 where nothing is known. */
export const readMark = (paths: Pick<Paths, 'journal'>): number => {
  try {
    const text = readFileSync(markOf(paths), 'utf8');
    return /^\d{12}\n$/u.test(text) ? Number(text) : 0;
  } catch {
    return 0;
  }
};
