import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { locate } from '../../client/locate.ts';
import { inPackage } from '../../client/package.ts';
import { defineError } from '../../lib/errors.ts';
import type { Paths } from '../../lib/paths.ts';
import { settingKeys, variableOf } from '../../state/setting-layers.ts';
import type { Flags, Io } from '../io.ts';
import { jsonText, printLine } from '../print.ts';
import { UNIT_MARK, unitText } from './unit.ts';

const noSystemd = defineError('daemon/no-systemd', 1, () => ({
  message: 'No systemd of yours runs here, so none can watch over the daemon.',
  hint: 'Every command starts it by itself. To have it from the start of the machine, let cron (@reboot) or launchd run "drover daemon start" in the repository; "drover daemon install --print" prints the unit.',
}));

const foreignUnit = defineError('daemon/foreign-unit', 6, (p: { file: string }) => ({
  message: `${p.file} was not written by Drover, so it is left as it is.`,
  hint: 'Move it away, and say it again.',
}));

const noUnit = defineError('daemon/no-unit', 3, (p: { file: string }) => ({
  message: `There is no unit ${p.file}.`,
  hint: 'Nothing has to be done; "drover daemon install" writes it.',
}));

/**
 * What the daemon’s programs need of the environment of who installs it, and its settings: with others of tmux it would look for
 * its agents on another server. No secret is among it.
 */
const KEPT = ['PATH', 'LANG', 'LC_ALL', 'TMUX_TMPDIR', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_CONFIG_HOME'];

const keptOf = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    [...KEPT, ...settingKeys().map(({ key }) => variableOf(key))].flatMap((name) => {
      const value = env[name];
      return value ? [[name, value] as const] : [];
    }),
  );

const nameOf = ({ key }: Paths): string => `drover-${key}.service`;

const fileOf = ({ env }: Pick<Io, 'env'>, paths: Paths): string =>
  join(env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config'), 'systemd', 'user', nameOf(paths));

/** Whether a systemd of this user runs: it has a folder where the session has its own. */
const hasSystemd = ({ env }: Pick<Io, 'env'>): boolean =>
  Boolean(env['XDG_RUNTIME_DIR']) && existsSync(join(env['XDG_RUNTIME_DIR']!, 'systemd'));

const assertOurs = (file: string): void => {
  if (existsSync(file) && !readFileSync(file, 'utf8').startsWith(UNIT_MARK)) throw foreignUnit({ file });
};

const tell = (io: Io, flags: Flags, data: { unit: string; file: string }, lines: readonly string[]): number => {
  if (flags.json || flags.jsonl) printLine(io.stdout, jsonText(data, flags.json ? 2 : 0));
  else if (!flags.quiet) for (const line of lines) printLine(io.stdout, line);
  return 0;
};

/** Writes the unit, and says which commands make use of it: none of them is run. */
export const installDaemon = (io: Io, flags: Flags, { print }: { readonly print: boolean }): number => {
  const paths = locate(io.cwd, io.env);
  const program = inPackage('bin/drover.js');
  const text = unitText({ node: process.execPath, program, root: paths.root, env: keptOf(io.env) });
  if (print) {
    printLine(io.stdout, text);
    return 0;
  }
  if (!hasSystemd(io)) throw noSystemd();
  const file = fileOf(io, paths);
  assertOurs(file);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const unit = nameOf(paths);
  return tell(io, flags, { unit, file }, [
    `Wrote ${file}. Nothing is started yet; these do it:`,
    '  systemctl --user daemon-reload',
    `  systemctl --user enable --now ${unit}`,
    'To have it, and your agents, go on when you log out: loginctl enable-linger',
  ]);
};

/** Removes the unit that was installed, and says how what runs by it is ended. */
export const uninstallDaemon = (io: Io, flags: Flags): number => {
  const paths = locate(io.cwd, io.env);
  const file = fileOf(io, paths);
  if (!existsSync(file)) throw noUnit({ file });
  assertOurs(file);
  rmSync(file);
  const unit = nameOf(paths);
  return tell(io, flags, { unit, file }, [
    `Removed ${file}. What runs by it goes on until you say:`,
    `  systemctl --user disable --now ${unit}`,
    '  systemctl --user daemon-reload',
  ]);
};
