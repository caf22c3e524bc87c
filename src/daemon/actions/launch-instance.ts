import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { AgentAdapter, Launch } from '../../agents/adapter.ts';
import { IDENTITY_ENV, launchScript, pickedEnv } from '../../agents/launch-script.ts';
import { AppError } from '../../lib/errors.ts';
import { DURABLE_COMMITS, withGitConfig } from '../../lib/git-config.ts';
import { spoolFolderOf, TMUX_SPOOL } from '../../lib/paths.ts';
import { shellQuote } from '../../lib/text.ts';
import type { PaneInfo, SessionSpec } from '../../ports/index.ts';
import type { Target } from '../../ports/target.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { layersFor, policyRecord } from '../../state/permissions.ts';
import { sideWindows } from '../../text/side-windows.ts';
import { writeInsideShell } from '../sandbox/inside-shell.ts';
import { levelFor } from '../sandbox/level.ts';
import { shutIn } from '../sandbox/shut-in.ts';
import { type DaemonServices, homeOf, logFolderOf, markOf } from '../services.ts';
import { clearAlertFacts, programOverFacts } from '../signals/alert-facts.ts';
import { derivedFolderOf, recordFileOf } from '../signals/known-records.ts';
import { makeSpoolFolder } from '../spool-place.ts';
import { ensureWorktree } from './ensure-worktree.ts';
import { endSessionOf } from './end-session-of.ts';
import { filesToDeriveFrom } from './files-to-derive-from.ts';
import { thaw } from './freeze.ts';
import { guardedEnv } from './guarded-env.ts';
import { prepareSecrets } from './hand-secrets.ts';
import { heldBackFacts } from './held-back.ts';
import { isOver, turnsOfInstances, unlessOver } from './instance-turns.ts';
import { launchBrakeOf } from './launch-brake.ts';
import { checkedLaunchMode } from './launch-mode.ts';
import { findLeftBehind, leftBehindFacts, noteLeftTold } from './left-behind.ts';
import { releaseRunFacts } from './release-facts.ts';
import { worktreeVariables } from './set-up.ts';
import type { HeldBack } from './start-rows.ts';
import { type Begun, noteBegun, secretsPipe, startedFacts } from './started-program.ts';
import { portsOf } from './worktree-ports.ts';

const tokenFile = ({ paths }: Target, id: string): string => `${homeOf(paths, id)}/token`;

/** The token by which the running program of an instance proves itself; null when none was started yet. */
export const tokenOf = (target: Target, id: string): Promise<string | null> =>
  target.files.readText(tokenFile(target, id));

/** Every start has a token of its own: the late words of the program before it are not taken for those of this one. */
const newToken = async (target: Target, id: string): Promise<string> => {
  const token = randomBytes(18).toString('hex');
  await target.files.write(tokenFile(target, id), token);
  return token;
};

/**
 * An agent publishes nothing by accident, and signs nothing: the key is the person's. What it commits is on the disk, for
 * others build on it as soon as it is verified.
 */
const AGENT_CONFIG = [
  ...DURABLE_COMMITS,
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['commit.gpgsign', 'false'],
  ['push.default', 'nothing'],
] as const;

/** The variables that every agent gets beside its own: who it is, and where messages go. */
const ownEnv = async (target: Target, instance: Instance): Promise<Record<string, string>> => ({
  DROVER_INSTANCE: instance.instance_id,
  DROVER_TOKEN: await newToken(target, instance.instance_id),
  DROVER_SPOOL: spoolFolderOf(target.paths, instance.instance_id),
  DROVER_HOOK: `${target.shipped.assets}/hook.sh`,
  ...(instance.mode === null ? {} : { DROVER_MODE: instance.mode }),
  PATH: `${target.paths.bin}:${target.env['PATH'] ?? ''}`,
  GIT_EDITOR: 'true',
});

/** An agent that gets its prompt at its start has no program of its own between tasks. */
const WAITING: Launch = {
  argv: ['sh', '-c', 'echo "Waits for a task."; exec cat >/dev/null'],
  env: {},
  files: [],
};

/** How long tmux needs at most until a server that is coming up takes a second starter, in milliseconds. */
const AGAIN_MS = 300;

/** Creates a session. A tmux server that several starters bring up at once may turn one of them away, which asks once more. */
const createPatiently = async (services: DaemonServices, { tmux }: Target, spec: SessionSpec): Promise<PaneInfo> => {
  try {
    return await tmux.create(spec);
  } catch (error) {
    if (!(error instanceof AppError) || !['tmux/failed', 'tmux/no-server'].includes(error.code)) throw error;
    services.log(`${spec.title} is started once more: ${error.message}`);
    await pause(AGAIN_MS, undefined, { signal: services.signal });
    await tmux.kill(spec.droverId);
    return tmux.create(spec);
  }
};

export type Prompt = { readonly prompt: string; readonly brief: string };
/** A prompt that is given by the start of a program, and the run that this is for. */
type Start = Prompt & { readonly run: string };

type Wish = { readonly adapter: AgentAdapter; readonly conversation: string | null; readonly task: Start | undefined };

/** The command by which the agent of an instance is started; the files that belong to it are written. */
const makeLaunch = async (services: DaemonServices, instance: Instance, { adapter, conversation, task }: Wish) => {
  const target = services.targetOf(instance);
  const { files, paths, shipped } = target;
  const id = instance.instance_id;
  const options = {
    instance: id,
    worktree: instance.workspace_path,
    home: homeOf(paths, id),
    gitFolders: await target.git.writtenFolders(instance.workspace_path),
    hook: `${shipped.assets}/hook.sh`,
    uuid: randomUUID(),
    record: recordFileOf(paths, id),
    derived: derivedFolderOf(paths, id),
    found: await filesToDeriveFrom(services, target, { adapter, worktree: instance.workspace_path }),
    sha256: (text: string) => createHash('sha256').update(text).digest('hex'),
    node: shipped.node,
    rehearsal: shipped.rehearsal,
    mode: checkedLaunchMode(services, instance),
    denied: policyRecord(layersFor(services.settings, instance)).deny,
    ...(conversation === null ? {} : { resume: conversation }),
    ...(task === undefined ? {} : { prompt: task.prompt, brief: task.brief }),
  };
  // Of a file that the person has removed nothing is left.
  if (adapter.derivesFrom) await files.remove(options.derived);
  const launch = adapter.prompt === 'argument' && !task ? WAITING : adapter.launch(options);
  for (const file of launch.files) {
    await files.makeFolder(dirname(file.path));
    await files.write(file.path, file.content);
  }
  return launch;
};

/** Writes the script by which the program of an instance is started, and that becomes it. */
const writeLaunch = async (services: DaemonServices, instance: Instance, task?: Start) => {
  const target = services.targetOf(instance);
  const { files, paths } = target;
  const id = instance.instance_id;
  const adapter = services.adapterToStart(instance.agent);
  const home = homeOf(paths, id);
  // Where its home is decides what it goes on with.
  const level = await levelFor(services, instance, adapter);
  await files.makeFolder(home);
  await makeSpoolFolder(files, paths.spool, id);
  const kept = level.isInOtherHome ? null : instance.conversation;
  const launch = await makeLaunch(services, instance, { adapter, conversation: kept, task });
  const launchFile = `${home}/launch.sh`;
  const variables = { ...worktreeVariables(services, portsOf(instance)), ...launch.env };
  const handover = await prepareSecrets(services, target, { env: variables, path: secretsPipe(home) });
  const own = {
    ...pickedEnv(target.env, ['PATH', ...IDENTITY_ENV, ...adapter.passEnv]),
    ...(await ownEnv(target, instance)),
    ...handover.plain,
  };
  const shut = await shutIn(services, instance, { adapter, level });
  const plain = withGitConfig(own, AGENT_CONFIG);
  const env = shut.wall
    ? { ...plain, ...shut.env }
    : await guardedEnv(services, target, { worktree: instance.workspace_path, who: id, env: plain });
  const { pipe } = handover;
  const script = launchScript({
    argv: launch.argv,
    env,
    keep: adapter.passEnv,
    nice: services.settings.limits.nice,
    ...(pipe === undefined ? {} : { pipe }),
    ...(shut.wall ? { wall: shut.wall } : {}),
  });
  await files.write(launchFile, script);
  await writeInsideShell(target, id, shut);
  const { sandbox, notes } = shut;
  const { argv } = launch;
  // The one before is given up for one in another home only with the start that succeeds.
  const conversation = launch.conversation ?? (level.isInOtherHome ? null : undefined);
  const begun: Begun = {
    ...{ word: randomUUID(), run: task?.run ?? null },
    ...{ argv, conversation, sandbox, notes },
  };
  await noteBegun(services, instance, begun);
  return { begun, launchFile, handover, sandbox };
};

/** Instances between two sessions: the old one is ended, and the new one is not known yet. */
const betweenSessions = new WeakMap<DaemonServices, Set<string>>();

/** Whether the session of an instance is being made anew just now, so that a missing one is no loss. */
export const isBetweenSessions = (services: DaemonServices, id: string): boolean =>
  betweenSessions.get(services)?.has(id) ?? false;

/** From now on the session of an instance is about to be made. */
export const awaitSession = (services: DaemonServices, id: string): void => {
  betweenSessions.set(services, (betweenSessions.get(services) ?? new Set()).add(id));
};

/** The session of an instance is made, or will not be. */
export const sessionIsMade = (services: DaemonServices, id: string): void => {
  betweenSessions.get(services)?.delete(id);
};

/** Starts the program of an instance in a new session of its name; what ran there before has ended. */
export const startSession = (services: DaemonServices, instance: Instance, task?: Start): Promise<void> =>
  turnsOfInstances(services)(instance.instance_id, () => startInTurn(services, instance, task));

const startInTurn = async (services: DaemonServices, instance: Instance, task?: Start): Promise<void> => {
  if (isOver(services, instance.instance_id)) return;
  awaitSession(services, instance.instance_id);
  try {
    await makeSession(services, instance, task);
  } finally {
    sessionIsMade(services, instance.instance_id);
  }
};

const makeSession = async (services: DaemonServices, instance: Instance, task?: Start): Promise<void> => {
  const { settings } = services;
  const target = services.targetOf(instance);
  const { logs, paths } = target;
  const id = instance.instance_id;
  const logDir = logFolderOf(paths, id);
  // What ran there before ends first, also where nothing else can be started: it would be at what is prepared for the next.
  await thaw(services, instance);
  await endSessionOf(services, instance);
  // It is looked for while other things are made ready, and only what is there before the next program begins.
  const looking = findLeftBehind(services, instance);
  const { begun, launchFile, handover, sandbox } = await writeLaunch(services, instance, task);
  const pane = await createPatiently(services, target, {
    session: instance.session,
    droverId: markOf(paths, id),
    cwd: instance.workspace_path,
    launchFile,
    cols: settings.tmux.cols,
    rows: settings.tmux.rows,
    logDir,
    firstSegment: await logs.begin(logDir, settings.tmux),
    spoolDir: `${paths.spool}/${TMUX_SPOOL}`,
    title: id,
    background: instance.peacock_theme.primary_color,
    foreground: instance.peacock_theme.accent_color,
    windows: sideWindows(paths, { instance_id: id, sandbox }),
    word: begun.word,
  });
  await handover.hand();
  const left = await looking;
  const facts = await services.decide((now) => {
    const started = startedFacts(services, now, instance, { pane, begun });
    return started.length === 0 ? [] : [...started, ...leftBehindFacts(now, id, left)];
  });
  noteLeftTold(services, id, left, facts);
  // Who ends it meanwhile knows nothing of this session.
  if (facts.length === 0) await endSessionOf(services, { ...instance, pid: pane.pid });
};

/** The facts when an instance is back: once no other is lost, the loss of the tmux server is over. */
const serverBackFacts = (state: State, id: string): EventDraft[] =>
  Object.values(state.instances).some((one) => one.state.kind === 'lost' && one.instance_id !== id)
    ? []
    : clearAlertFacts(state, 'server', 'its instances are back');

/**
 * Brings an instance into being, or back: worktree, then session. Repeating it after a crash is harmless. It is given up where
 * the instance is stopped or removed meanwhile: whoever does that comes next.
 */
export const launchInstance = (services: DaemonServices, { instance_id: id }: Instance): Promise<void> =>
  turnsOfInstances(services)(id, () => unlessOver(services, id, (signal) => launchInTurn(services, id, signal)));

const holdBack = async (services: DaemonServices, id: string, waits: HeldBack): Promise<void> => {
  await services.decide((now) => heldBackFacts(services, now, id, waits));
};

const launchInTurn = async (services: DaemonServices, id: string, signal: AbortSignal): Promise<void> => {
  const instance = services.store.state.instances[id]!;
  const brake = launchBrakeOf(services);
  const waits = brake.begin(instance);
  if (waits) return holdBack(services, id, waits);
  // The new program knows nothing of what the one before was doing.
  await services.decide((now) => {
    const current = now.instances[id];
    if (!current) return [];
    return [
      // A run that the instance goes on with is not given back.
      ...(current.recovery?.next === 'go-on' ? [] : releaseRunFacts(now, current, `${id} was restarted`)),
      ...serverBackFacts(now, id),
      ...clearAlertFacts(now, `instance:${id}`, 'started again'),
      ...programOverFacts(now, id, 'started again'),
    ];
  });
  const placed = await ensureWorktree(services, instance, signal);
  const waitsNow = await brake.start(placed, signal, () => startInTurn(services, placed));
  if (waitsNow) await holdBack(services, id, waitsNow);
};

/** Writes the little program `drover` that agents on this machine call. */
export const writeAgentTools = async ({ files, paths, shipped }: Target): Promise<void> => {
  await files.makeFolder(paths.bin);
  const text = `#!/bin/sh\nexec ${shellQuote(shipped.node)} ${shellQuote(shipped.cli)} "$@"\n`;
  await files.write(`${paths.bin}/drover`, text, 'program');
};
