import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

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

/** Between git and this program is the helper that runs programs for it, and the git that began another one. */
const GENERATIONS = 4;

const commandOf = (pid: string): string => read(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));

/** Whether this program itself runs git there, which looks or moves something and ends: nobody works in it. */
const isOwnGit = (pid: string, command: string): boolean => {
  let parent = parentOf(pid);
  // What has only just been forked is not git yet.
  const isGit = basename(command.split('\0')[0] ?? '') === 'git' || command === commandOf(parent);
  for (let n = 1; n < GENERATIONS && parent !== '' && parent !== `${process.pid}`; n += 1) parent = parentOf(parent);
  return isGit && parent === `${process.pid}`;
};

/** Whether a process has given back all that it was, and is about to be gone. */
const isEnding = (pid: string, command: string): boolean =>
  command === '' && read(() => readlinkSync(`/proc/${pid}/exe`)) === '';

/** The processes whose folder is this one, or one below it, but for git that this program runs; empty where the system does not show it. */
export const livingIn = async (folder: string): Promise<readonly { pid: number; argv: readonly string[] }[]> => {
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
