import type { Paths } from '../../lib/paths.ts';
import { type Disk, realDisk } from './disk.ts';

/** The number of the last acknowledged event lies beside the journal, not in it: it tells when that is gone as well. */
const markOf = ({ journal }: Pick<Paths, 'journal'>): string => `${journal}.mark`;

const DIGITS = 12;

const markText = (seq: number): string => `${String(seq).padStart(DIGITS, '0')}\n`;

export type Mark = {
  /** Notes the last event that is on the disk. */
  note(seq: number): void;
  close(): void;
};

/**
 * Keeps the number of the last acknowledged event. It is written in place and never synced, so it costs a command nothing
 * that could be measured: it survives the death of the daemon, and what a power cut makes of it is at worst an older number.
 */
export const openMark = (paths: Pick<Paths, 'journal'>, disk: Disk): Mark => {
  const mark = disk.openNote(markOf(paths));
  return {
    note: (seq) => {
      try {
        mark.write(markText(seq));
      } catch {
        // The event itself is on the disk: nobody is refused it for the sake of this number.
      }
    },
    close: mark.close,
  };
};

/** The last event that is known to have been acknowledged; 0 where nothing is known. */
export const readMark = async (paths: Pick<Paths, 'journal'>, disk: Disk = realDisk): Promise<number> => {
  try {
    const text = (await disk.read(markOf(paths))).toString();
    return /^\d{12}\n$/u.test(text) ? Number(text) : 0;
  } catch {
    return 0;
  }
};
