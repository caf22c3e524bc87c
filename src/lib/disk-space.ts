/** Whether an error says, in itself or in what caused it, that no room was left on a disk. */
export const saysDiskFull = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  const { code } = error as { readonly code?: unknown };
  return (
    code === 'ENOSPC' ||
    code === 'EDQUOT' ||
    /\bENOSPC\b|\bEDQUOT\b|No space left on device|Disk quota exceeded/u.test(error.message) ||
    saysDiskFull(error.cause)
  );
};

const MEGABYTE = 1024 * 1024;

/** With less free space, in bytes, the journal may fail at any moment: one segment of it takes 8 MiB, the projection as much again. */
export const FULL_DISK_BYTES = 100 * MEGABYTE;

/** Whether files may soon not fit on a disk any more, however many bytes are free: a worktree of a large repository is so many. */
export const isShortOfFiles = ({ free, all }: { readonly free: number; readonly all: number }): boolean =>
  free < Math.min(10_000, all / 20);

/** With less free space, in bytes, worktrees and logs of a few agents may fill the disk within hours. */
export const LOW_DISK_BYTES = 512 * MEGABYTE;
