import { digestOf } from '../../lib/digest.ts';
import type { Hunk } from '../../merge/hunks.ts';
import type { Recalled } from '../../merge/resolve-file.ts';
import type { DaemonServices } from '../services.ts';

type Kept = Pick<Hunk, 'base' | 'ours' | 'theirs'> & Recalled;

/** Which side was merged first does not matter, nor what blanks a line ends with. */
const nameOf = ({ base, ours, theirs }: Hunk): string => {
  const trimmed = (lines: readonly string[]): string => lines.map((line) => line.trimEnd()).join('\n');
  return JSON.stringify([trimmed(base), ...[trimmed(ours), trimmed(theirs)].toSorted()]);
};

const fileOf = ({ paths }: DaemonServices, hunk: Hunk): string =>
  `${paths.state}/resolutions/${digestOf(nameOf(hunk))}.json`;

const isKept = (value: unknown): value is Kept =>
  typeof value === 'object' &&
  value !== null &&
  ['base', 'ours', 'theirs', 'lines'].every((key) => Array.isArray((value as Record<string, unknown>)[key]));

/** How a hunk was decided before; undefined where it never was. */
export const recall = async (services: DaemonServices, hunk: Hunk): Promise<Recalled | undefined> => {
  const text = await services.home.files.readText(fileOf(services, hunk));
  if (text === null) return undefined;
  try {
    const kept: unknown = JSON.parse(text);
    return isKept(kept) && nameOf(kept) === nameOf(hunk) ? kept : undefined;
  } catch {
    return undefined;
  }
};

/** Keeps how a hunk was decided, so that the same one is decided alike without anybody being asked. */
export const remember = async (services: DaemonServices, hunk: Hunk, recalled: Recalled): Promise<void> => {
  const { base, ours, theirs } = hunk;
  const kept: Kept = { base, ours, theirs, ...recalled };
  await services.home.files.makeFolder(`${services.paths.state}/resolutions`);
  await services.home.files.write(fileOf(services, hunk), `${JSON.stringify(kept)}\n`);
};
