import { setTimeout as pause } from 'node:timers/promises';
import { isEnded, isHalted, processesOf, signal } from '../processes.mjs';

/** A process that waits for the disk stops when that is over, and can acknowledge nothing before it does, in milliseconds. */
const STOP_MS = 2000;
const END_MS = 10_000;

const until = async (holds, ms) => {
  for (const deadline = performance.now() + ms; !holds() && performance.now() < deadline; ) await pause(2);
};

/** Stops every process of a folder where it is, and those that they have started meanwhile; gives their ids. */
export const haltAll = async (folder) => {
  const halted = new Set();
  for (;;) {
    const fresh = processesOf(folder).filter((pid) => !halted.has(pid));
    if (fresh.length === 0) return [...halted];
    for (const pid of fresh) {
      signal(pid, 'SIGSTOP');
      halted.add(pid);
    }
    await until(() => fresh.every(isHalted), STOP_MS);
  }
};

/** Ends these processes, and whoever else there is of the folder. */
export const killAll = async (folder, pids = []) => {
  for (let left = [...pids, ...processesOf(folder)]; left.length > 0; left = processesOf(folder)) {
    for (const pid of left) signal(pid, 'SIGKILL');
    await until(() => left.every(isEnded), END_MS);
  }
};
