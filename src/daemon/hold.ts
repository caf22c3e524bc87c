import type { Instance } from '../state/instances.ts';
import type { PlanAction } from '../tasks/plan.ts';
import type { World } from './world.ts';

/** Starts the program of an instance anew, as the task that comes to it wants it; the planner begins the task then. */
export const performPrepare = async (world: World, action: Extract<PlanAction, { kind: 'prepare' }>): Promise<void> => {
  const { instance: instance_id, task, mode } = action;
  await world.decide((state) =>
    state.instances[instance_id]?.state.kind === 'idle' && state.tasks[task]?.state === 'assigned'
      ? [{ type: 'instance.restart_requested', data: { instance_id, fresh: true, mode, task } }]
      : [],
  );
};

/** The processes below this one, by their parents' ids. */
const below = async (world: World, root: number): Promise<number[]> => {
  const listed = await world.processes.run({
    file: 'ps',
    args: ['-A', '-o', 'pid=,ppid='],
    cwd: world.paths.root,
    env: { ...world.env },
    timeoutMs: 5000,
  });
  const children = Map.groupBy(
    listed.stdout.split('\n').map((line) => line.trim().split(/\s+/u).map(Number)),
    ([, parent]) => parent,
  );
  const found: number[] = [];
  const queue = [root];
  for (let pid = queue.shift(); pid !== undefined; pid = queue.shift())
    for (const [child = 0] of children.get(pid) ?? []) {
      found.push(child);
      queue.push(child);
    }
  return found;
};

const signalTree = async (world: World, instance: Instance, signal: 'SIGSTOP' | 'SIGCONT'): Promise<number> => {
  const pids = await below(world, instance.pid!);
  for (const pid of pids)
    try {
      process.kill(pid, signal);
    } catch {
      // It ended meanwhile.
    }
  return pids.length;
};

/** Freezes everything that an instance runs. tmux lets its own child go on at once, so that one is only a waiting shell. */
export const performPause = async (world: World, instance: Instance): Promise<void> => {
  const { instance_id } = instance;
  const frozen = await signalTree(world, instance, 'SIGSTOP');
  await world.decide((state) =>
    state.instances[instance_id]?.hold === 'pausing'
      ? [{ type: 'instance.paused', data: { instance_id, evidence: `${frozen} processes are frozen` } }]
      : [],
  );
};

/** Lets a frozen instance go on where it was. */
export const performResume = async (world: World, instance: Instance): Promise<void> => {
  const { instance_id } = instance;
  const going = await signalTree(world, instance, 'SIGCONT');
  await world.decide((state) =>
    state.instances[instance_id]?.hold === 'resuming'
      ? [{ type: 'instance.resumed', data: { instance_id, evidence: `${going} processes go on` } }]
      : [],
  );
};
