import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const read = (look: () => string): string => {
  try {
    return look();
  } catch {
    // It has ended meanwhile, or is somebody else's.
    return '';
  }
};

const parentOf = (pid: string): string =>
  /^PPid:\t(?<parent>\d+)$/mu.exec(read(() => readFileSync(`/proc/${pid}/status`, 'utf8')))?.groups?.['parent'] ?? '';

/** Between git and this program is the helper that runs programs for it, and between it and what git runs the gits that began it. */
const GENERATIONS = 8;

const commandOf = (pid: string): string => read(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));

const isGit = (command: string): boolean => basename(command.split('\0')[0] ?? '') === 'git';

/** Whether this program itself runs git there, or git runs it for this program: that looks or moves something and ends, and nobody works in it. */
const isOwnGit = (pid: string, command: string): boolean => {
  let isOfGit = false;
  let one = { pid, command };
  for (let n = 0; n < GENERATIONS; n += 1) {
    isOfGit ||= isGit(one.command);
    const parent = parentOf(one.pid);
    if (parent === '' || parent === '1') return false;
    if (parent === `${process.pid}`) return isOfGit;
    one = { pid: parent, command: commandOf(parent) };
  }
  return false;
};

/** Whether a process has given back all that it was, and is about to be gone. */
const isEnding = (pid: string, command: string): boolean =>
  command === '' && read(() => readlinkSync(`/proc/${pid}/exe`)) === '';

type Living = { readonly pid: number; readonly argv: readonly string[] };

const livingNow = (folder: string): readonly Living[] => {
  const names = read(() => readdirSync('/proc').join('\n')).split('\n');
  return names.flatMap((name) => {
    if (!/^\d+$/u.test(name)) return [];
    const cwd = read(() => readlinkSync(`/proc/${name}/cwd`));
    if (cwd !== folder && !cwd.startsWith(`${folder}/`)) return [];
    const command = commandOf(name);
    if (isEnding(name, command) || isOwnGit(name, command)) return [];
    return [{ pid: Number(name), argv: command.split('\0').slice(0, -1) }];
  });
};

/** How long somebody has to be in a folder to live there, in milliseconds: what is between fork and exec, or about to end, tells too little. */
const STAYS_MS = 100;

/** The processes whose folder is this one, or one below it, but for git that this program runs; empty where the system does not show it. */
export const livingIn = async (folder: string): Promise<readonly Living[]> => {
  const first = new Set(livingNow(folder).map(({ pid }) => pid));
  if (first.size === 0) return [];
  await pause(STAYS_MS);
  return livingNow(folder).filter(({ pid }) => first.has(pid));
};
