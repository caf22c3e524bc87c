import type { Restorable } from '../../commands/define.ts';
import { badConfiguration, trustMoved, unknownVersion } from '../errors.ts';
import { readSettingsText } from './config.ts';
import { assertOwn, writeSettings } from './project-file.ts';
import { type Powers, powersOf } from './project-layer.ts';
import { type Env, writeTrust } from './trust-store.ts';
import type { Versions } from './versions.ts';

/** The repository's file, and its versions. */
export type VersionedFile = { readonly file: string; readonly env: Env; readonly versions: Versions };
type Found = { readonly version: number; readonly content: Buffer | null; readonly powers: Powers };

/** The version before what the file says now; undefined where there is none. */
const versionBefore = async (versions: Versions): Promise<number | undefined> =>
  (await versions.list()).at((await versions.isNewest()) ? -2 : -1)?.version;

/** A version that can be gone back to: its file can be read as settings. */
const findVersion = async ({ file, env, versions }: VersionedFile, version: number): Promise<Found> => {
  const content = await versions.contentOf(version);
  if (content === undefined)
    throw unknownVersion({ version, known: (await versions.list()).map((one) => one.version) });
  const { values, mistakes } = readSettingsText(`version ${version} of ${file}`, content?.toString('utf8') ?? '{}');
  if (mistakes[0]) throw badConfiguration({ ...mistakes[0], hint: 'Choose another version: drover config history' });
  return { version, content, powers: powersOf(values, file, env) };
};

/** What going back to a version would mean; undefined where there is nothing to go back to. */
export const inspectVersion = async (
  place: VersionedFile,
  wanted: number | undefined,
): Promise<Restorable | undefined> => {
  const version = wanted ?? (await versionBefore(place.versions));
  if (version === undefined) return undefined;
  const { hash, asked, trusted, holds } = (await findVersion(place, version)).powers;
  return { version, ...(holds ? {} : { withheld: { hash, asked, trusted } }) };
};

/**
 * Makes the repository's file what it was at a version, byte for byte; whether that changed it. What the version can run or
 * allow is trusted when it is named by its hash, and by nothing else: otherwise what was trusted last goes on to hold.
 */
export const restoreVersion = async (
  place: VersionedFile,
  { version, hash, by }: { version: number; hash: string | undefined; by: string },
): Promise<boolean> => {
  const { file, env, versions } = place;
  const { content, powers } = await findVersion(place, version);
  if (hash !== undefined && hash !== powers.hash) throw trustMoved({ hash, now: powers.hash });
  await assertOwn(file);
  const before = (await versions.list()).length;
  await versions.keep({ by, change: `went back to version ${version}` }, () => writeSettings(file, content));
  if (hash !== undefined) writeTrust(file, env, powers.asked);
  return (await versions.list()).length > before;
};
