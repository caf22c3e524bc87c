import { readFileSync } from 'node:fs';

/** The bytes of a file that the kernel shows, a character each; empty where its process has ended, or is somebody else's. */
export const procText = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};

/** What `/proc/<pid>/stat` says behind the name, which is in brackets and may hold anything: state, parent … ; empty: it is not there. */
export const statOf = (pid: number): readonly string[] => {
  const stat = procText(`/proc/${pid}/stat`);
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
};

/** Where among these it stands when the process was started, in ticks since the machine was. */
export const STARTED = 19;
