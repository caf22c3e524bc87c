import { readlinkSync } from 'node:fs';
import { statOf } from './proc-files.ts';

/** The letter that the process table has for what a process does; empty where there is no such table, or no such process. */
export const processState = (pid: number): string => statOf(pid)[0] ?? '';

/** Whether it has ended and its parent has not asked how. Where there is no table, what the signal said counts. */
const isZombie = (pid: number): boolean => /[ZX]/u.test(processState(pid));

/** Whether a process of this id is in the process table, within a microsecond: it may have ended all the same. */
export const isListed = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It is there and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Whether the process table shows what a process runs: one that has ended runs nothing, and of others' nobody may know. */
const isSeenRunning = (pid: number): boolean => {
  try {
    return readlinkSync(`/proc/${pid}/exe`) !== '';
  } catch {
    return false;
  }
};

/** Whether a process of this id runs. To read its line takes three times as long as to see what it runs. */
export const isRunning = (pid: number): boolean => isSeenRunning(pid) || (isListed(pid) && !isZombie(pid));
