import { readdir, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';

/** As many links, one leading to the next, as Linux follows. */
const MOST_LINKS = 40;

/**
 * The path that a file or folder really has; what does not exist (any more) is judged by the nearest folder that does,
 * and by the links that lead to where it would be.
 */
export const findRealPath = async (path: string, links = 0): Promise<string> => {
  try {
    return await realpath(path);
  } catch {
    const above = dirname(path);
    if (above === path) return path;
    const place = join(await findRealPath(above, links), basename(path));
    const leads = links < MOST_LINKS ? await readlink(place).catch(() => null) : null;
    if (leads === null) return place;
    // Dots within it count from where its own links lead, so that they are not to be taken out here.
    return findRealPath(isAbsolute(leads) ? leads : `${dirname(place)}/${leads}`, links + 1);
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
