import { readdir, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';

/** The path that a file or folder really has; what does not exist (any more) is judged by the nearest folder that does. */
export const findRealPath = async (path: string): Promise<string> => {
  try {
    return await realpath(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(await findRealPath(above), relative(above, path));
  }
};

const byStars = (name: string): RegExp =>
  new RegExp(
    `^${name
      .split('*')
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/gu, String.raw`\$&`))
      .join('.*')}$`,
    'u',
  );

/** The paths that a pattern with `*` in its names stands for, sorted; a path without any is itself. */
export const findMatching = async (pattern: string): Promise<readonly string[]> => {
  if (!isAbsolute(pattern)) return [];
  let found = ['/'];
  for (const name of pattern.split('/').filter((part) => part !== '')) {
    if (!name.includes('*')) {
      found = found.map((folder) => join(folder, name));
      continue;
    }
    const like = byStars(name);
    const inside = await Promise.all(
      found.map(async (folder) =>
        (await readdir(folder).catch(() => [])).filter((one) => like.test(one)).map((one) => join(folder, one)),
      ),
    );
    found = inside.flat().toSorted();
  }
  return found;
};
