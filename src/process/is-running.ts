import { readFileSync } from 'node:fs';

/** Whether it has ended and its parent has not asked how: it is in the process table and runs nothing any more. */
const isZombie = (pid: number): boolean => {
  try {
    const entry = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return 'ZX'.includes(entry[entry.lastIndexOf(')') + 2] ?? ' ');
  } catch {
    // Where there is no such table, what the signal said counts.
    return false;
  }
};

/** Whether a process of this id is in the process table, within a microsecond: it may have ended all the same. */
export const isListed = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It is there and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Whether a process of this id runs. */
export const isRunning = (pid: number): boolean => isListed(pid) && !isZombie(pid);
