import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const read = (look: () => string): string => {
  try {
    return look();
  } catch {
    // It has ended meanwhile, or is somebody else's.
    return '';
  }
};

/** The processes whose folder is this one, or one below it; empty where the system does not show it. */
export const livingIn = async (folder: string): Promise<readonly { pid: number; argv: readonly string[] }[]> => {
  const names = read(() => readdirSync('/proc').join('\n')).split('\n');
  return names.flatMap((name) => {
    if (!/^\d+$/u.test(name)) return [];
    const cwd = read(() => readlinkSync(`/proc/${name}/cwd`));
    if (cwd !== folder && !cwd.startsWith(`${folder}/`)) return [];
    const argv = read(() => readFileSync(`/proc/${name}/cmdline`, 'utf8'))
      .split('\0')
      .slice(0, -1);
    return [{ pid: Number(name), argv }];
  });
};
