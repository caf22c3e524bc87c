import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Batch } from '../../../src/state/batches.ts';
import type { Instance } from '../../../src/state/instances.ts';
import { doing } from '../doing-agent.ts';
import type { Stage } from './stage.ts';

/** The agents of the operations: one that is typed into, and one whose program is started for each task. */
export const AGENTS = { agent: 'rehearsal', agents: doing.agents };

/** An operation of several steps, as often as is asked for. */
export type Saga = {
  /** The fact from which on its steps are counted; without it, from the moment at which it is asked for. */
  readonly from?: string;
  /** Whoever asked for it asks again after the death of a daemon, as clients do, and nobody where they died as well. */
  readonly isAskedAgain?: boolean;
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

/**
 * What the program does that is started for a task: it says that it began, and commits at once or after a while. Begun again behind
 * the death of a machine, of which it is no fault, it has nothing more to commit.
 */
const doingWork = (n: number, seconds: number): string =>
  `DO<echo t${n} >>$HOME/starts; sleep ${seconds}; echo ${n} >f${n}; git add f${n}; git diff --cached --quiet || git commit -qm f${n}>`;

/** The same run, by an agent whose program is started for it. */
const startFor = (seconds: number): Saga => ({
  from: 'task.assigned',
  begin: (stage) => stage.need('launch 1 instance agent=doing'),
  prepare: async (stage, n) => {
    await stage.need(`create task "Number ${n}" description="${doingWork(n, seconds)}" id=t${n}`);
    return `run task t${n} on=doing-1 wait=true`;
  },
});

/** An instance in whose worktree something lies. */
const launchDirty = async (stage: Stage): Promise<string> => {
  const id = await launch(stage);
  writeFileSync(join(stage.worktree(id), 'mine.txt'), 'mine\n');
  return id;
};

const removeAll = (stage: Stage) => stage.say('remove all instances');

/** An instance at a task that hangs. */
const hangOn = async (stage: Stage, n: number): Promise<void> => {
  await stage.need(`create task "Number ${n}" description="rehearse: hang" id=hang${n}`);
  await stage.need(`run task hang${n} on=rehearsal-1`);
  await stage.halves();
};

const endHanging = async (stage: Stage, n: number): Promise<void> => {
  await stage.say('resume instance rehearsal-1');
  await stage.say(`cancel task hang${n}`);
};

/** A worktree of a person, in which something lies that is not committed. */
const makeOwn = async (stage: Stage, n: number): Promise<void> => {
  await stage.need(`create worktree own-${n}x`);
  writeFileSync(join(stage.worktree(`own-${n}x`), 'mine.txt'), 'mine\n');
};

const removeOwn = (stage: Stage, n: number) => stage.say(`remove worktree own-${n}x force`);

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
  'run by a program that ends at once': startFor(0),
  'run by a program that goes on': startFor(4),
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
  pause: {
    from: 'instance.pause_requested',
    begin: launch,
    prepare: async (stage, n) => {
      await hangOn(stage, n);
      return 'pause instance rehearsal-1';
    },
    end: endHanging,
  },
  resume: {
    from: 'instance.resume_requested',
    begin: launch,
    prepare: async (stage, n) => {
      await hangOn(stage, n);
      await stage.need('pause instance rehearsal-1');
      return 'resume instance rehearsal-1';
    },
    end: endHanging,
  },
  'set config': { isAskedAgain: true, prepare: async (_stage, n) => `set config limits.maxInstances ${20 + n}` },
  'create worktree': {
    isAskedAgain: true,
    prepare: async (_stage, n) => `create worktree made-${n}x`,
    end: async (stage, n) => {
      await stage.say(`remove worktree made-${n}x force`);
      if (stage.git('branch', '--list', `drover/made-${n}x`) !== '') stage.git('branch', '-D', `drover/made-${n}x`);
    },
  },
  'remove worktree': {
    isAskedAgain: true,
    prepare: async (stage, n) => {
      await makeOwn(stage, n);
      return `remove worktree own-${n}x`;
    },
    end: removeOwn,
  },
  'restore worktree': {
    isAskedAgain: true,
    prepare: async (stage, n) => {
      await makeOwn(stage, n);
      await stage.need(`remove worktree own-${n}x`);
      return `restore worktree own-${n}x`;
    },
    end: removeOwn,
  },
  'clean worktrees': {
    isAskedAgain: true,
    prepare: async (stage, n) => {
      for (const name of [`own-${n}x`, `other-${n}x`]) await stage.need(`create worktree ${name}`);
      // One that was just made rests for a day first, unless it is named.
      return `clean worktrees own-${n}x,other-${n}x older=0s`;
    },
    end: async (stage, n) => {
      for (const name of [`own-${n}x`, `other-${n}x`]) await stage.say(`remove worktree ${name} force`);
    },
  },
};
