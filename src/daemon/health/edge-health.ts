import { statfs } from 'node:fs/promises';
import { FULL_DISK_BYTES, isShortOfFiles, LOW_DISK_BYTES } from '../../lib/disk-space.ts';
import { adviceOf, asSentence } from '../../lib/errors.ts';
import type { Health, Reflective } from '../../ports/reflective.ts';
import type { Target } from '../../ports/target.ts';
import type { Instance } from '../../state/instances.ts';
import { isAlive } from '../../state/moves.ts';
import { type DaemonServices, instancesOn, markOf } from '../services.ts';
import { SLOW_MS } from '../../state/store/wait-watch.ts';
import { healthy, joinMachines } from './health-report.ts';

const MEGABYTE = 1024 * 1024;

/** What the parts of the daemon are given that is a value, one of the machines, or a function of another part. */
type Given =
  | 'adapterFor'
  | 'adapterToStart'
  | 'agentTrouble'
  | 'atIntegration'
  | 'ballast'
  | 'decide'
  | 'decideAs'
  | 'env'
  | 'home'
  | 'launchTarget'
  | 'log'
  | 'now'
  | 'paths'
  | 'processesStarted'
  | 'settings'
  | 'signal'
  | 'targetOf';

/**
 * What is given to all parts of the daemon and can be asked how it is: all that is not named above, and the edges of the
 * machines that can fail by themselves.
 */
type EdgeName = Exclude<keyof DaemonServices, Given> | keyof Pick<Target, 'tmux' | 'git' | 'processes'>;

type Judgement = Pick<Health, 'state' | 'why'>;

const FINE: Judgement = { state: 'ok', why: null };

/** How it is with a disk; `all` files is 0 where it has no number of them. */
export const diskJudgement = (freeBytes: number, files: { readonly free: number; readonly all: number }): Judgement => {
  if (freeBytes >= LOW_DISK_BYTES && isShortOfFiles(files))
    return { state: files.free === 0 ? 'failed' : 'degraded', why: `Only ${files.free} more files fit on its disk.` };
  if (freeBytes >= LOW_DISK_BYTES) return FINE;
  const state = freeBytes < FULL_DISK_BYTES ? 'failed' : 'degraded';
  return { state, why: `Only ${Math.floor(freeBytes / MEGABYTE)} MB are free on its disk.` };
};

const journalHealth = async ({ store, paths }: DaemonServices): Promise<Health> => {
  const { bavail, bsize, files, ffree } = await statfs(paths.state);
  const indicators = {
    events: store.state.seq,
    free_mb: Math.floor((bavail * bsize) / MEGABYTE),
    projection_trouble: store.projectionTrouble,
  };
  if (store.failure) return { state: 'failed', why: adviceOf(store.failure), indicators };
  if (store.waitedMs() >= SLOW_MS) {
    const why = `What is commanded waits for its disk, since ${Math.round(store.waitedMs() / 1000)} s; what only looks is answered.`;
    return { state: 'degraded', why, indicators };
  }
  if (store.projectionTrouble)
    return { state: 'degraded', why: `db.json is behind: ${asSentence(store.projectionTrouble)}`, indicators };
  return { ...diskJudgement(bavail * bsize, { free: ffree, all: files }), indicators };
};

const namesOf = (instances: readonly Instance[]): string => instances.map((one) => one.instance_id).join(', ');

const tmuxHealthOn = async ({ store }: DaemonServices, target: Target): Promise<Health> => {
  const { tmux, paths } = target;
  const version = await tmux.version();
  const panes = await tmux.list(`${paths.key}/`);
  const seen = new Set(panes.map(({ droverId }) => droverId));
  const all = instancesOn(target, store.state);
  const alive = all.filter(({ pane, state }) => pane !== null && isAlive(state.kind));
  const missing = alive.filter((one) => !seen.has(markOf(paths, one.instance_id)));
  const lost = all.filter(({ state }) => state.kind === 'lost');
  const indicators = { version, sessions: panes.length, agents: alive.length, lost: lost.length };
  if (missing.length > 0 && panes.length === 0) {
    const why = `The sessions of ${namesOf(missing)} are gone, with their server.`;
    return { state: 'failed', why, indicators };
  }
  const without = [...missing, ...lost];
  if (without.length === 0) return healthy(indicators);
  return { state: 'degraded', why: `Without a session: ${namesOf(without)}.`, indicators };
};

const tmuxHealth = async (services: DaemonServices): Promise<Health> =>
  joinMachines(
    await Promise.all(
      services.targets.map(async (target) => ({ host: target.host, health: await tmuxHealthOn(services, target) })),
    ),
  );

const gitHealth = async ({ home: { git } }: DaemonServices): Promise<Health> => {
  const [commit, branch, worktrees] = await Promise.all([git.resolve('HEAD'), git.currentBranch(), git.worktrees()]);
  const indicators = { branch, worktrees: worktrees.length };
  return commit === null ? { state: 'failed', why: 'The repository has no commit.', indicators } : healthy(indicators);
};

const processHealth = async ({ home, processesStarted }: DaemonServices): Promise<Health> => {
  const { env, paths, processes } = home;
  const begun = performance.now();
  await processes.run({ file: 'true', args: [], env, cwd: paths.root });
  return healthy({ started: processesStarted(), start_ms: Math.round(performance.now() - begun) });
};

const settingsHealth = async ({ config }: DaemonServices): Promise<Health> => {
  const indicators = { file: config.file, layers: config.layers.length };
  if (config.trouble === null) return healthy(indicators);
  return { state: 'degraded', why: `The settings before hold: ${asSentence(config.trouble)}`, indicators };
};

const secretsHealth = async ({ secrets }: DaemonServices): Promise<Health> => {
  const [kept, readable] = [await secrets.list(), await secrets.values()];
  const indicators = { kept: kept.length, readable: readable.length };
  if (kept.length === readable.length) return healthy(indicators);
  return { state: 'degraded', why: 'Not every secret can be read with the key of this machine.', indicators };
};

/** A machine answers when its tmux can be asked, whether or not a server runs there. */
const machineHealth = async ({ targets }: DaemonServices): Promise<Health> => {
  const troubles = await Promise.all(
    targets.map(({ host, tmux }) =>
      tmux.version().then(
        () => [],
        (error: unknown) => [`${host} does not answer: ${adviceOf(error)}`],
      ),
    ),
  );
  const indicators = { machines: targets.map(({ host }) => host).join(', ') };
  const [why] = troubles.flat();
  return why === undefined ? healthy(indicators) : { state: 'degraded', why, indicators };
};

/** What is given to all parts of the daemon, each with how it is. Whatever is added to the services has to be named here. */
export const reflectEdges = (services: DaemonServices): Readonly<Record<EdgeName, Reflective>> => ({
  store: {
    name: 'journal',
    capabilities: ['record events', 'fold the state', 'replay past events', 'write db.json'],
    health: () => journalHealth(services),
  },
  tmux: {
    name: 'tmux',
    capabilities: ['create sessions', 'look at panes', 'type', 'photograph screens'],
    health: () => tmuxHealth(services),
  },
  git: {
    name: 'git',
    capabilities: ['worktrees', 'branches', 'merges in memory', 'archive'],
    health: () => gitHealth(services),
  },
  targets: {
    name: 'machines',
    capabilities: ['give instances a place to live'],
    health: () => machineHealth(services),
  },
  processes: {
    name: 'processes',
    capabilities: ['run a program', 'end a program with its children'],
    health: () => processHealth(services),
  },
  checkSlots: {
    name: 'checks',
    capabilities: ['run checks and gates within the budget of this machine'],
    health: async () => healthy({ ...services.checkSlots.counts() }),
  },
  secrets: {
    name: 'secrets',
    capabilities: ['keep values that nobody else shall read', 'take them out of what is kept and shown'],
    health: () => secretsHealth(services),
  },
  config: {
    name: 'settings',
    capabilities: ['settings of the repository and the user', 'change a setting', 'follow the files'],
    health: () => settingsHealth(services),
  },
});
