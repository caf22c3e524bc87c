import { dirname } from 'node:path';
import { adapterFor } from '../../agents/index.ts';
import { isRecord } from '../../lib/entry.ts';
import { badSetting } from '../../state/errors.ts';
import { modeNamed } from '../../state/modes.ts';
import { settingAlone } from '../../state/setting-values.ts';
import { THEME_NAMES } from '../../state/settings.ts';
import type { Context, Standing } from '../define.ts';
import { notFound } from '../errors.ts';
import { baseCommit, checkSparse } from '../instances/launch-facts.ts';

/** A value that is about to be written, by its dotted key. */
export type Wanted = { readonly key: string; readonly value: unknown };

const recordsIn = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  isRecord(value) ? Object.values(value).filter(isRecord) : [];

/** The agents that a value names. */
const agentsNamed = ({ key, value }: Wanted): readonly string[] => {
  const { agent, modes } = settingAlone(key, value);
  const args = recordsIn(modes).flatMap((mode) => (isRecord(mode['args']) ? Object.keys(mode['args']) : []));
  return [...(typeof agent === 'string' ? [agent] : []), ...args];
};

/** Refuses an agent or a mode that does not exist. An agent of the repository's file that waits for trust does. */
export const refuseUnknownNames = (
  { settings, language }: Pick<Standing, 'settings' | 'language'>,
  wanted: Wanted,
): void => {
  for (const name of agentsNamed(wanted)) if (!language?.untrusted?.includes(name)) adapterFor(name, settings);
  // Any other key may be the first that is said of a new mode.
  const mode = /^modes\.(?<mode>.+)\.enabled$/u.exec(wanted.key)?.groups?.['mode'];
  if (mode !== undefined) modeNamed(mode, settings);
};

type Place = Pick<Context, 'git' | 'settings' | 'configuration' | 'readFile'>;

const checkBase = async ({ git }: Place, name: string): Promise<void> => {
  const commit = name === '' ? null : ((await git.resolve(`refs/heads/${name}`)) ?? (await git.resolve(name)));
  if (commit !== null) return;
  throw notFound({ noun: 'branch', id: name, known: (await git.branches()).map(({ branch }) => branch) });
};

const checkFolders = async ({ git, settings }: Place, sparse: string[]): Promise<void> => {
  const integration = await git.resolve(`refs/heads/${settings.branches.integration}`);
  const wanted = { ...settings, worktrees: { ...settings.worktrees, sparse } };
  await checkSparse({ git, settings: wanted }, integration ?? (await baseCommit({ git, settings })));
};

const checkTheme = async ({ configuration, readFile }: Place, name: string): Promise<void> => {
  const folder = `${dirname(configuration.files.user)}/themes`;
  if (THEME_NAMES.some((known) => known === name)) return;
  if (/^[\w.-]+$/u.test(name) && (await readFile(`${folder}/${name}.json`)) !== null) return;
  const issue = `there is ${THEME_NAMES.join(', ')}, and what ${folder} holds`;
  throw badSetting({ key: 'tui.theme', value: name, issue });
};

/** The settings whose values name what lies on the disk. */
const ON_DISK: Readonly<Record<string, (place: Place, value: never) => Promise<void>>> = {
  'branches.base': checkBase,
  'worktrees.sparse': checkFolders,
  'tui.theme': checkTheme,
};

/** Whether the disk alone tells that the value of a setting names something. */
export const namesOnDisk = (key: string): boolean => Object.hasOwn(ON_DISK, key);

/** Refuses a value that names a branch, a folder or a file which is not there. */
export const refuseMissingNames = async (place: Place, { key, value }: Wanted): Promise<void> => {
  if (namesOnDisk(key)) await ON_DISK[key]!(place, value as never);
};
