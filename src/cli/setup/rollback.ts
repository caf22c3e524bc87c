import { pidOfDaemon } from '../../client/gone.ts';
import { locate } from '../../client/locate.ts';
import { inspectLayers } from '../../daemon/config/config.ts';
import { inspectVersion, restoreVersion } from '../../daemon/config/rollback.ts';
import { openVersions } from '../../daemon/config/versions.ts';
import { defineError } from '../../lib/errors.ts';
import type { Paths } from '../../lib/paths.ts';
import type { Flags, Io } from '../io.ts';
import { jsonText, printLine } from '../print.ts';
import { stringEnv } from '../screen/tui-client.ts';
import { sayArguments } from '../say.ts';

const nothingKept = defineError('config/nothing-kept', 6, (p: { file: string }) => ({
  message: `${p.file} cannot be read, and no version of it is kept to go back to.`,
  hint: 'Correct what "drover config validate" names.',
}));

/** Whether the settings keep a daemon from starting, and none runs: nobody is there to be asked. */
const isUnstartable = async (paths: Paths, env: NodeJS.ProcessEnv): Promise<boolean> =>
  (await pidOfDaemon(paths)) === undefined && (await inspectLayers(paths.config, env)).mistakes.length > 0;

/** Goes back without a daemon. Nothing is trusted by it: what was trusted last goes on to hold. */
const rollBackAlone = async (io: Io, flags: Flags, paths: Paths, wanted: string | undefined): Promise<number> => {
  const versions = openVersions(paths.configVersions, paths.config, () => new Date().toISOString());
  const place = { file: paths.config, env: stringEnv(io.env), versions };
  const found = await inspectVersion(place, wanted === undefined ? undefined : Number(wanted));
  if (!found) throw nothingKept({ file: paths.config });
  const { version, withheld } = found;
  const changed = await restoreVersion(place, { version, hash: undefined, by: 'cli' });
  if (flags.json || flags.jsonl)
    printLine(io.stdout, jsonText({ file: paths.config, version, changed }, flags.json ? 2 : 0));
  else if (!flags.quiet) printLine(io.stdout, `${paths.config} is what it was at version ${version}.`);
  if (withheld) printLine(io.stderr, 'drover: Some of it is off until you trust it. Look at it: drover trust');
  return 0;
};

/**
 * `drover config rollback [VERSION]`: said to the daemon, which knows who speaks; `--trust HASH` names what the version can
 * run or allow. A file that keeps every daemon from starting is mended here.
 */
export const rollBack = async (io: Io, flags: Flags, version: string | undefined): Promise<number> => {
  const paths = locate(io.cwd, io.env);
  const isNumber = version === undefined || /^[1-9]\d{0,8}$/u.test(version);
  if (isNumber && flags.trust === undefined && (await isUnstartable(paths, io.env)))
    return rollBackAlone(io, flags, paths, version);
  const which = version === undefined ? [] : [`version=${version}`];
  const trusted = flags.trust === undefined ? [] : [`hash=${flags.trust}`];
  return sayArguments(io, flags, ['rollback', 'config', ...which, ...trusted]);
};
