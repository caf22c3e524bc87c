import { setTimeout as pause } from 'node:timers/promises';
import type { Draft } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import { moved } from '../state/moves.ts';
import { markOf, type World } from './world.ts';

const LOOK_MS = 100;

/** Whether the program in the pane has ended. */
const ended = async (world: World, instance: Instance): Promise<boolean> => {
  const panes = await world.tmux.list(markOf(world.paths, instance.instance_id));
  const pane = panes.find((one) => one.droverId === markOf(world.paths, instance.instance_id));
  return pane === undefined || pane.dead;
};

/** Asks the program to leave and gives it the grace time. */
const askToLeave = async (world: World, instance: Instance): Promise<void> => {
  const adapter = world.adapterFor(instance.agent);
  const deadline = performance.now() + world.settings.timeouts.stop_ms;
  if (instance.pane === null || adapter.quitKeys.length === 0 || (await ended(world, instance))) return;
  if (instance.task_assignments.length > 0) await world.tmux.press(instance.pane, ...adapter.interruptKeys);
  await world.tmux.press(instance.pane, ...adapter.quitKeys);
  while (performance.now() < deadline && !(await ended(world, instance)))
    await pause(LOOK_MS, undefined, { signal: world.signal });
};

/** Its tasks go back to the plan; what it had at work counts as stopped, with the branch kept. */
const releaseTasks = (state: World['store']['state'], instance: Instance): Draft[] =>
  instance.task_assignments.flatMap((id): Draft[] => {
    const task = state.tasks[id];
    if (!task || task.state === 'verifying') return [];
    const message = `${instance.instance_id} was stopped`;
    return task.run && task.state === 'running'
      ? [
          { type: 'run.failed', data: { id, failure: { class: 'stopped', message } } },
          { type: 'task.reopened', data: { id, reason: message } },
        ]
      : [{ type: 'task.unassigned', data: { id, reason: message } }];
  });

const putAway = async (world: World, instance: Instance): Promise<void> => {
  const { git } = world;
  const there = (await git.worktrees()).find((one) => one.path === instance.workspace_path);
  if (!there) return;
  await git.saveWork(instance.workspace_path, `WIP of ${instance.instance_id}`);
  const { head } = await git.worktreeState(instance.workspace_path);
  await git.archive(instance.instance_id, head);
  await git.removeWorktree(instance.workspace_path);
};

/** Ends an instance: gracefully with its work in progress committed, or at once with its files left as they are. */
export const performStop = async (world: World, instance: Instance): Promise<void> => {
  const id = instance.instance_id;
  const { force, remove } = instance.stop ?? { force: false, remove: false };
  if (!force) await askToLeave(world, instance);
  await world.tmux.kill(instance.session, markOf(world.paths, id));
  let saved: string | null = null;
  const there = (await world.git.worktrees()).some((one) => one.path === instance.workspace_path);
  if (!force && there) saved = await world.git.saveWork(instance.workspace_path, `WIP of ${id}`);
  if (remove) await putAway(world, instance);
  await world.decide((now): Draft[] => {
    const current = now.instances[id];
    if (!current) return [];
    const evidence = saved
      ? `stopped, work in progress saved as ${saved.slice(0, 10)}`
      : force
        ? 'stopped by force'
        : 'stopped';
    const alerts = Object.values(now.alerts).filter((alert) => alert.instance === id && alert.task === null);
    return [
      ...releaseTasks(now, current),
      ...alerts.map((alert): Draft => ({ type: 'alert.cleared', data: { id: alert.id, because: 'stopped' } })),
      ...moved(now, id, { state: 'stopped', source: 'drover', evidence }),
      ...(remove ? [{ type: 'instance.removed', data: { instance_id: id } } as const] : []),
    ];
  });
};

/** Makes an agent give up a run that was taken from it. */
export const interrupt = async (world: World, instance: Instance): Promise<void> => {
  if (instance.pane === null) return;
  await world.tmux.press(instance.pane, ...world.adapterFor(instance.agent).interruptKeys);
  await world.decide((now) =>
    moved(now, instance.instance_id, { state: 'idle', source: 'drover', evidence: 'interrupted' }),
  );
};
