import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Batch } from '../../../src/state/batches.ts';
import type { Instance } from '../../../src/state/instances.ts';
import type { Stage } from './stage.ts';

/** An operation of several steps, as often as is asked for. */
export type Saga = {
  /** The fact from which on its steps are counted. */
  readonly from: string;
  /** What there is before the first one. */
  readonly begin?: (stage: Stage) => Promise<unknown>;
  /** Makes ready for the n-th one; resolves with the command. */
  readonly prepare: (stage: Stage, n: number) => Promise<string>;
  /** Puts away what is left of it. */
  readonly end?: (stage: Stage, n: number) => Promise<unknown>;
};

const launch = async (stage: Stage): Promise<string> => {
  const [one] = (await stage.need('launch 1 instance')).data as readonly Instance[];
  return one!.instance_id;
};

/** An instance in whose worktree something lies. */
const launchDirty = async (stage: Stage): Promise<string> => {
  const id = await launch(stage);
  writeFileSync(join(stage.worktree(id), 'mine.txt'), 'mine\n');
  return id;
};

const removeAll = (stage: Stage) => stage.say('remove all instances');

/** A task that is done and verified on a branch of its own. */
const doTask = async (stage: Stage, n: number): Promise<string> => {
  await stage.need(`create task "Number ${n}. rehearse: write src/f${n}.ts" id=t${n}`);
  await stage.need(`run task t${n} wait=true`);
  return `t${n}`;
};

export const SAGAS: Readonly<Record<string, Saga>> = {
  launch: { from: 'instance.created', prepare: async () => 'launch 1 instance', end: removeAll },
  stop: {
    from: 'instance.stop_requested',
    prepare: async (stage) => `stop instance ${await launchDirty(stage)}`,
    end: removeAll,
  },
  remove: {
    from: 'instance.stop_requested',
    prepare: async (stage) => `remove instance ${await launchDirty(stage)}`,
    end: removeAll,
  },
  restart: {
    from: 'instance.restart_requested',
    begin: launch,
    prepare: async () => 'restart instance rehearsal-1',
  },
  'scale up': { from: 'instance.created', prepare: async () => 'scale up instances 2', end: removeAll },
  'scale down': {
    from: 'instance.stop_requested',
    prepare: async (stage) => {
      for (let n = 0; n < 2; n += 1) await launchDirty(stage);
      return 'scale down instances 2';
    },
    end: removeAll,
  },
  run: {
    from: 'task.assigned',
    begin: launch,
    prepare: async (stage, n) => {
      await stage.need(`create task "Number ${n}. rehearse: write src/f${n}.ts" id=t${n}`);
      return `run task t${n} wait=true`;
    },
  },
  reassign: {
    from: 'task.assigned',
    begin: async (stage) => [await launch(stage), await launch(stage)],
    prepare: async (stage, n) => {
      await stage.need(`create task "Number ${n}" description="rehearse: hang" id=hang${n}`);
      await stage.need(`run task hang${n} on=rehearsal-1`);
      await stage.halves();
      return `reassign task hang${n} to=rehearsal-2`;
    },
    end: (stage, n) => stage.say(`cancel task hang${n}`),
  },
  integrate: {
    from: 'batch.started',
    begin: launch,
    prepare: async (stage, n) => `merge branch ${await doTask(stage, n)} to=main`,
  },
  'take back': {
    from: 'batch.rollback_started',
    begin: launch,
    prepare: async (stage, n) => {
      const { id } = (await stage.need(`merge branch ${await doTask(stage, n)}`)).data as Batch;
      return `rollback integration ${id}`;
    },
    end: (stage, n) => stage.say(`cancel task t${n}`),
  },
};
