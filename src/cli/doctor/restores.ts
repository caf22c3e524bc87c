import { lstat } from 'node:fs/promises';
import type { Paths } from '../../lib/paths.ts';
import { halfRestoredOf, restoredOf } from '../../state/store/backup/finish.ts';
import { holderIn } from './daemon.ts';
import { type Finding, warning } from './finding.ts';

/** What a restoring of a backup has left that was killed, by where it lies; null for nothing. */
export type Restores = { readonly half: string | null; readonly whole: string | null };

const isThere = async (path: string): Promise<boolean> => (await lstat(path).catch(() => null)) !== null;

/** Whoever holds the state may be restoring one just now. */
export const findRestores = async (paths: Pick<Paths, 'state' | 'lock'>): Promise<Restores> => {
  const [half, whole] = [halfRestoredOf(paths), restoredOf(paths)];
  const isHeld = (await holderIn(paths.lock))?.alive === true;
  return {
    half: !isHeld && (await isThere(half)) ? half : null,
    whole: (await isThere(whole)) ? whole : null,
  };
};

const START = 'drover daemon start';

export const judgeRestores = ({ half, whole }: Restores): Finding[] => [
  ...(half === null
    ? []
    : [
        {
          ...warning(
            'leftover.half-restored',
            'backup',
            `${half} is half of a backup whose restoring was cut off: the state is as it was before. Restore it again, or go on without: the next start removes the half`,
            START,
          ),
          label: 'remove it with',
        },
      ]),
  ...(whole === null
    ? []
    : [
        {
          ...warning(
            'leftover.restored',
            'backup',
            `${whole} is a restored state that is not in its place yet, because its restoring was cut off`,
            START,
          ),
          label: 'put it there with',
        },
      ]),
];
