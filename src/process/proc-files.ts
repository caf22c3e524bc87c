import { readFileSync } from 'node:fs';

/** The bytes of a file that the kernel shows, a character each; empty where its process has ended, or is somebody else's. */
export const procText = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};

/** The parts of such a list that ends each of them with a zero byte, as text. */
export const partsOf = (bytes: string): readonly string[] =>
  Buffer.from(bytes, 'latin1').toString().split('\0').slice(0, -1);

/** What `/proc/<pid>/stat` says behind the name, which is in brackets and may hold anything: state, parent … ; empty: it is not there. */
export const statOf = (pid: number): readonly string[] => {
  const stat = procText(`/proc/${pid}/stat`);
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
};

/** Linux tells times in hundredths of a second, whatever its clock. */
export const TICK_MS = 10;

/** Where among these it stands when the process was started, in ticks since the machine was. */
export const STARTED = 19;
