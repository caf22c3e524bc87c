import { resolve } from 'node:path';
import { shutIn } from '../../client/errors.ts';
import { locate } from '../../client/locate.ts';
import { versionOf } from '../../client/package.ts';
import { isShutIn } from '../../client/shut-in.ts';
import { readLayers } from '../../daemon/config/config.ts';
import { defineError } from '../../lib/errors.ts';
import type { Paths } from '../../lib/paths.ts';
import { shownLine } from '../../lib/text.ts';
import { gitRunner } from '../../git/run.ts';
import { openProcesses } from '../../process/broker.ts';
import { mergedLayers } from '../../state/setting-layers.ts';
import { settingsSchema } from '../../state/settings.ts';
import { checkBackup } from '../../state/store/backup/container.ts';
import { createBackup } from '../../state/store/backup/create.ts';
import { restoreBackup } from '../../state/store/backup/restore.ts';
import { tmuxMissing } from '../../tmux/errors.ts';
import { swarmServer } from '../doctor/swarm-server.ts';
import type { Flags, Io } from '../io.ts';
import { missingWord, readOptions } from '../options.ts';
import { jsonText, printLine } from '../print.ts';
import { stringEnv } from '../screen/tui-client.ts';

/** A line that does what a verb says. */
const exampleOf = (verb: string): string => `drover backup ${verb} swarm.backup`;

const unknownVerb = defineError('backup/unknown-verb', 2, (p: { verb: string }) => ({
  message: `There is no "backup ${p.verb}".`,
  hint: 'Usage: drover backup create FILE | drover backup restore FILE',
}));

const agentsLive = defineError('backup/agents-live', 6, (p: { sessions: readonly string[] }) => ({
  message: `agents of this swarm live, in ${p.sessions.join(', ')}: with the state that gives way they would lose the folder by which they are told things`,
  hint: 'End them first: drover down. Afterwards "drover resume --all" has those go on that worked when the backup was made, and "drover instances restart --all" those that were stopped then, in the same worktrees and conversations.',
}));

const now = (): string => new Date().toISOString();

type Told = { readonly data: object; readonly lines: readonly string[] };

const create = async (io: Io, file: string, logs: boolean): Promise<Told> => {
  const paths = locate(io.cwd, io.env);
  const data = await createBackup({ paths, file, now, logs, release: versionOf() });
  const size = (data.bytes / 1024 / 1024).toFixed(1);
  const left = logs ? '' : 'what the terminals showed (--logs), ';
  return {
    data,
    lines: [
      `${shownLine(file)} holds ${data.files} files in ${size} MB.`,
      `Not in it: ${left}messages and tokens of the agents, your secrets, and the branches, which git keeps.`,
      ...data.gaps.map((gap) => `Taken as it is, for no start needs it: ${shownLine(gap)}.`),
    ],
  };
};

const SETTINGS = {
  written: 'The settings of the repository are restored as well; trust them by "drover trust".',
  left: 'The settings of the repository differ from those of the backup and were left as they are.',
  same: '',
  none: '',
} as const;

/** The sessions in which agents of this repository live; none where tmux is not there. */
const livingSessions = async (io: Io, { key, config }: Paths): Promise<readonly string[]> => {
  // Settings that cannot be read keep nobody from bringing a state back.
  const layers = await readLayers(config, io.env).catch(() => []);
  const settings = settingsSchema.parse(mergedLayers(layers));
  await using processes = await openProcesses({ forked: false });
  const panes = await swarmServer({ processes, env: stringEnv(io.env), settings })
    .list(`${key}/`)
    .catch((error: unknown) => {
      if (tmuxMissing.matches(error)) return [];
      throw error;
    });
  return panes.filter(({ dead }) => !dead).map(({ session }) => session);
};

/** Those of the commits that the repository has. */
const presentIn = async (io: Io, { root }: Paths, commits: readonly string[]): Promise<readonly string[]> => {
  await using processes = await openProcesses({ forked: false });
  const run = gitRunner({ processes, env: stringEnv(io.env), root });
  const input = commits.map((commit) => `${commit}^{commit}\n`).join('');
  const { stdout } = await run(['cat-file', '--batch-check=%(objecttype)'], { input });
  const types = stdout.split('\n');
  return commits.filter((_, n) => types[n] === 'commit');
};

const restore = async (io: Io, file: string, replace: boolean): Promise<Told> => {
  const paths = locate(io.cwd, io.env);
  await checkBackup(file);
  const sessions = await livingSessions(io, paths);
  if (sessions.length > 0) throw agentsLive({ sessions });
  const data = await restoreBackup({ paths, file, now, replace, present: (commits) => presentIn(io, paths, commits) });
  const moved = data.moved === null ? '' : `What was there lies in ${data.moved}.`;
  const gaps = data.gaps.map((gap) => `Not in its history: ${shownLine(gap)}.`);
  const lines = [`${data.events} events are restored, as of ${data.at}.`, ...gaps, moved, SETTINGS[data.settings]];
  return { data, lines: lines.filter((line) => line !== '') };
};

/** `drover backup create FILE | restore FILE`: the files are read and written here, also where no daemon can start. */
export const backup = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const { words, switches } = readOptions(argv, { switches: ['logs', 'replace'], words: 2 });
  const [verb, given] = words;
  if (verb === undefined)
    throw missingWord({ command: 'backup', what: '"create" or "restore"', example: exampleOf('create') });
  if (verb !== 'create' && verb !== 'restore') throw unknownVerb({ verb });
  if (given === undefined || given === '')
    throw missingWord({ command: `backup ${verb}`, what: 'a file', example: exampleOf(verb) });
  // The state lies outside of a sandbox: what is seen of it in there is an empty folder.
  if (isShutIn(locate(io.cwd, io.env))) throw shutIn();
  const file = resolve(io.cwd, given);
  const told =
    verb === 'create' ? await create(io, file, switches.has('logs')) : await restore(io, file, switches.has('replace'));
  if (flags.json || flags.jsonl) printLine(io.stdout, jsonText(told.data, flags.json ? 2 : 0));
  else if (!flags.quiet) for (const line of told.lines) printLine(io.stdout, line);
  return 0;
};
