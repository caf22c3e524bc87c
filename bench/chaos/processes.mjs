import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { childrenOf } from '../processes-of.mjs';

const read = (path) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

const folderOf = (pid) => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return '';
  }
};

/** Whether a process is gone, or only its exit code is still to be fetched. */
export const isEnded = (pid) => !/^State:\s+[^ZX]/mu.test(read(`/proc/${pid}/status`));

/** Whether a process does nothing any more: it is stopped, waits in the kernel, or has ended. */
export const isHalted = (pid) => !/^State:\s+[^ZXTtD]/mu.test(read(`/proc/${pid}/status`));

export const argvOf = (pid) => read(`/proc/${pid}/cmdline`).split('\0').filter(Boolean);

/** The processes that belong to a folder: they work in it, or were started with it in their environment. */
export const processesOf = (folder) =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name) && Number(name) !== process.pid)
    .map(Number)
    .filter((pid) => folderOf(pid).startsWith(folder) || read(`/proc/${pid}/environ`).includes(folder))
    .filter((pid) => !isEnded(pid));

const parentOf = (pid) => Number(/^PPid:\s+(\d+)/mu.exec(read(`/proc/${pid}/status`))?.[1]);

/** The daemons that run for a repository. What one of them has just started has its words until it is another program. */
export const daemonsOf = (root) => {
  const found = processesOf(root).filter((pid) => argvOf(pid).some((word) => word.endsWith('/daemon/main.js')));
  return found.filter((pid) => !found.includes(parentOf(pid)));
};

/** Everything below a process, itself not counted in. */
export const below = (pid) => childrenOf(pid).flatMap((child) => [child, ...below(child)]);

/** Sends a signal, where there still is somebody to get it. */
export const signal = (pid, name) => {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
};
