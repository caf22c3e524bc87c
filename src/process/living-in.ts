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

/** Whether this program itself runs git there, which looks or moves something and ends: nobody works in it. */
const isOwnGit = (pid: string, program: string | undefined): boolean =>
  basename(program ?? '') === 'git' &&
  read(() => readFileSync(`/proc/${pid}/status`, 'utf8')).includes(`\nPPid:\t${process.pid}\n`);

/** The processes whose folder is this one, or one below it, but for git that this program runs; empty where the system does not show it. */
export const livingIn = async (folder: string): Promise<readonly { pid: number; argv: readonly string[] }[]> => {
  const names = read(() => readdirSync('/proc').join('\n')).split('\n');
  return names.flatMap((name) => {
    if (!/^\d+$/u.test(name)) return [];
    const cwd = read(() => readlinkSync(`/proc/${name}/cwd`));
    if (cwd !== folder && !cwd.startsWith(`${folder}/`)) return [];
    const argv = read(() => readFileSync(`/proc/${name}/cmdline`, 'utf8'))
      .split('\0')
      .slice(0, -1);
    return isOwnGit(name, argv[0]) ? [] : [{ pid: Number(name), argv }];
  });
};
