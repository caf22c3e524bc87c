import { setTimeout as pause } from 'node:timers/promises';
import { notOurs } from '../../git/errors.ts';
import { sandboxOf } from '../../lib/paths.ts';
import { valuesOf } from '../../lib/records.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isBusy, isStaying, moved } from '../../state/moves.ts';
import { type DaemonServices, markOf } from '../services.ts';
import { isOverWith } from '../signals/alert-facts.ts';
import { derivedFolderOf, recordFolderOf } from '../signals/known-records.ts';
import { waitUntil } from '../wait-until.ts';
import { endSessionOf } from './end-session-of.ts';
import { thaw } from './freeze.ts';
import { noneWaitsFacts } from './held-back.ts';
import { turnsOfInstances } from './instance-turns.ts';
import { findLeftBehind, leftBehindFacts, noteLeftTold } from './left-behind.ts';
import { releaseFacts } from './release-facts.ts';
import { removeWorktree } from './remove-worktree.ts';
import { saveWork } from './save-work.ts';
import { betweenLines } from './type-line.ts';
import { leftFact, whatStays } from './what-stays.ts';
import { portsOf } from './worktree-ports.ts';

const LOOK_MS = 100;

/** Whether the program in the pane of an instance has ended. */
const hasEnded = async (services: DaemonServices, instance: Instance): Promise<boolean> => {
  const { paths, tmux } = services.targetOf(instance);
  const mark = markOf(paths, instance.instance_id);
  const pane = (await tmux.list(mark)).find((one) => one.droverId === mark);
  return pane === undefined || pane.dead;
};

/** Presses keys by their names; `text:` before a word has it typed, `wait:` waits so many milliseconds. */
export const pressKeys = async (
  services: DaemonServices,
  instance: Instance,
  keys: readonly string[],
): Promise<void> => {
  const { tmux } = services.targetOf(instance);
  const pane = instance.pane!;
  for (const key of keys) {
    if (key.startsWith('text:')) await tmux.type(pane, key.slice('text:'.length));
    else if (key.startsWith('wait:'))
      await pause(Number(key.slice('wait:'.length)), undefined, { signal: services.signal });
    else await tmux.press(pane, key);
  }
};

/** How long a dialog may take to be closed, in milliseconds. */
const CLOSING_MS = 1500;

/** Whether a dialog stands, and stays, where the keys that make an agent leave would be an answer. */
const isDialogInTheWay = async (services: DaemonServices, instance: Instance): Promise<boolean> => {
  const { answerStep, readAsking, interruptKeys } = services.adapterFor(instance.agent);
  if (!answerStep || !readAsking) return false;
  const isThere = async (): Promise<boolean> =>
    readAsking(await services.targetOf(instance).tmux.capture(instance.pane!));
  if (!(await isThere())) return false;
  await pressKeys(services, instance, interruptKeys);
  for (const end = performance.now() + CLOSING_MS; performance.now() < end; ) {
    await pause(LOOK_MS, undefined, { signal: services.signal });
    if (!(await isThere())) return false;
  }
  return true;
};

/** Asks the program of an instance to leave and gives it the grace time. */
const askToLeave = async (services: DaemonServices, instance: Instance, deadline: number): Promise<void> => {
  const adapter = services.adapterFor(instance.agent);
  if (instance.pane === null || adapter.quitKeys.length === 0 || (await hasEnded(services, instance))) return;
  if (instance.task_assignments.length > 0) await pressKeys(services, instance, adapter.interruptKeys);
  if (await isDialogInTheWay(services, instance)) return;
  await pressKeys(services, instance, adapter.quitKeys);
  while (performance.now() < deadline && !(await hasEnded(services, instance)))
    await pause(LOOK_MS, undefined, { signal: services.signal });
};

/** Waits until what an instance claims to have done is verified, if that takes no longer than the grace time. */
const waitForVerdict = async (services: DaemonServices, id: string, deadline: number): Promise<void> => {
  const isSettled = (state: State): boolean =>
    !valuesOf(state.tasks).some((task) => task.state === 'verifying' && task.assignee === id);
  await waitUntil(services, isSettled, Math.max(0, Math.round(deadline - performance.now())));
};

/** Has git forget a folder that somebody deleted, and with it that its branch is in use. */
const forgetWorktree = async (services: DaemonServices, instance: Instance): Promise<void> => {
  const { git, paths } = services.targetOf(instance);
  const { instance_id: name, workspace_path: path } = instance;
  await git.removeWorktree(path).catch((error: unknown) => {
    // Where a backup was restored in another place, it is that of the first one.
    if (!notOurs.matches(error) || path === `${paths.worktrees}/${name}`) throw error;
    services.log(`${path} stays when ${name} is removed: it is no worktree of this repository`);
  });
};

/** Commits what lies in the worktree of an instance that has ended. */
const saveEnded = (services: DaemonServices, instance: Instance) =>
  saveWork(services, instance, `WIP of ${instance.instance_id}`);

/** Removes the worktree of an instance; what lies in it is committed, and its last commit kept in the archive. */
const removeWorktreeOf = async (services: DaemonServices, instance: Instance): Promise<void> => {
  const { instance_id: name, workspace_path: path } = instance;
  const target = services.targetOf(instance);
  if (!(await target.git.hasWorktree(path))) {
    await forgetWorktree(services, instance);
    return;
  }
  await saveEnded(services, instance);
  await removeWorktree(services, { target, name, path, ports: portsOf(instance) });
};

/** Removes what the program wrote down of itself and, with the instance, what was derived from files of the person. */
const removeOwnFiles = async (services: DaemonServices, instance: Instance, remove: boolean): Promise<void> => {
  const { files, paths } = services.targetOf(instance);
  await files.remove(recordFolderOf(paths, instance.instance_id));
  if (remove) await files.remove(derivedFolderOf(paths, instance.instance_id));
};

/** The facts that have others do what an instance had. */
const requestedFacts = ({ task_assignments: ids }: Instance): EventDraft[] =>
  ids.length === 0 ? [] : [{ type: 'task.requested', data: { ids: [...ids] } }];

type End = {
  readonly saved: string | null;
  readonly half: string | null;
  readonly force: boolean;
  readonly unkept: string | null;
};

const howStopped = ({ saved, half, force, unkept }: End): string => {
  if (unkept !== null) return `stopped, but ${unkept}`;
  if (half !== null) return `stopped, but its worktree stays: a ${half} is in the middle there`;
  if (saved !== null) return `stopped, work in progress saved as ${saved.slice(0, 10)}`;
  return force ? 'stopped by force' : 'stopped';
};

/**
 * Ends an instance: gracefully with its work in progress committed, or at once with its files left as they are. A worktree in
 * which it has begun a merge or the like meanwhile is not removed: nobody could bring that to its end any more.
 */
export const stopInstance = (services: DaemonServices, { instance_id: id }: Instance): Promise<void> =>
  turnsOfInstances(services)(id, async () => {
    const instance = services.store.state.instances[id];
    // Somebody has started it again meanwhile.
    if (instance && !isStaying(instance.state.kind)) await stopInTurn(services, instance);
  });

const removedFacts = (state: State, instance: Instance): EventDraft[] => [
  { type: 'instance.removed', data: { instance_id: instance.instance_id } },
  ...noneWaitsFacts(state, instance),
];

const stopInTurn = async (services: DaemonServices, instance: Instance): Promise<void> => {
  const id = instance.instance_id;
  const { force, remove, again = false } = instance.stop ?? { force: false, remove: false };
  // A frozen program hears nothing, and what it has started would stay frozen for ever.
  await thaw(services, instance);
  if (!force) {
    const deadline = performance.now() + services.settings.timeouts.stop_ms;
    await askToLeave(services, instance, deadline);
    await waitForVerdict(services, id, deadline);
  }
  const { files, git, paths } = services.targetOf(instance);
  await endSessionOf(services, instance);
  const left = await findLeftBehind(services, instance, { settles: true });
  const there = await git.hasWorktree(instance.workspace_path);
  const half = remove && there ? await git.underWay(instance.workspace_path) : null;
  const takes = remove && half === null;
  await removeOwnFiles(services, instance, takes);
  const found = await whatStays(services, instance);
  const saved =
    !force && there && half === null
      ? await found.unless(() => saveEnded(services, instance), 'its uncommitted work is not committed')
      : null;
  if (takes) {
    const gone = await found.unless(() => removeWorktreeOf(services, instance), 'its worktree stays');
    // The git directory that its agent had is in there.
    if (gone !== null) await files.remove(sandboxOf(paths, id).folder);
  }
  const unkept = found.text();
  const facts = await services.decide((now): EventDraft[] => {
    const current = now.instances[id];
    if (!current || isStaying(current.state.kind)) return [];
    const evidence = howStopped({ saved: saved?.commit ?? null, half, force, unkept });
    const alerts = Object.values(now.alerts).filter((alert) => isOverWith(alert, id));
    return [
      ...releaseFacts(now, current, { reason: `${id} was stopped`, again: false, isRemoved: takes }),
      ...(again ? requestedFacts(current) : []),
      ...alerts.map((alert): EventDraft => ({ type: 'alert.cleared', data: { id: alert.id, because: 'stopped' } })),
      ...moved(now, id, { state: 'stopped', source: 'drover', evidence }),
      ...(takes ? removedFacts(now, current) : []),
      ...(unkept === null ? [] : [leftFact(id, unkept, takes)]),
      ...leftBehindFacts(now, id, left, takes),
    ];
  });
  noteLeftTold(services, id, left, facts);
};

/** How long an agent that tells what it does may take to say that it gave up, in milliseconds. */
const INTERRUPT_MS = 2000;

/** Makes an agent give up a run that was taken from it. It is free when it said so, for its word could come late. */
export const interruptInstance = async (services: DaemonServices, instance: Instance): Promise<void> => {
  const id = instance.instance_id;
  // While its claim is verified an agent does nothing; the verification ends by itself and frees it.
  if (instance.pane === null || instance.state.kind === 'verifying') return;
  // A frozen agent hears it when it goes on.
  if (instance.hold !== null) return;
  const adapter = services.adapterFor(instance.agent);
  await betweenLines(services, instance, () => pressKeys(services, instance, adapter.interruptKeys));
  const isOccupied = (state: State): boolean => isBusy(state.instances[id]?.state.kind ?? 'stopped');
  if (adapter.hooks) {
    const patience = AbortSignal.any([services.signal, AbortSignal.timeout(INTERRUPT_MS)]);
    await services.store.until((state) => !isOccupied(state), patience).catch(() => undefined);
  }
  await services.decide((now) =>
    isOccupied(now) ? moved(now, id, { state: 'idle', source: 'drover', evidence: 'interrupted' }) : [],
  );
};
