import type { Batch } from '../../../src/state/batches.ts';
import { GIT_SAGAS } from './git-sagas.ts';
import {
  doTask,
  endHanging,
  handOver,
  hangOn,
  launch,
  launchDirty,
  makeOwn,
  removeAll,
  removeOwn,
  type Saga,
  startFor,
} from './saga.ts';
import { shutIn } from './shut-in.ts';

/** What happens with instances, tasks, settings and worktrees. */
const BASIC: Readonly<Record<string, Saga>> = {
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
  'hand over': handOver,
  retry: {
    from: 'task.reopened',
    begin: launch,
    attempts: 2,
    prepare: async (stage, n) => `retry task ${await doTask(stage, n)}`,
    isReached: ({ tasks }, n) => tasks[`t${n}`]?.attempts === 2 && tasks[`t${n}`]!.state === 'done',
  },
  'retry otherwise': {
    from: 'task.sent_back',
    begin: launch,
    attempts: 2,
    prepare: async (stage, n) => `retry task ${await doTask(stage, n)} prompt="Once more"`,
    isReached: ({ tasks }, n) => tasks[`t${n}`]?.attempts === 2 && tasks[`t${n}`]!.state === 'done',
  },
  down: {
    from: 'instance.stop_requested',
    endsDaemon: true,
    prepare: async (stage) => {
      for (let n = 0; n < 2; n += 1) await launchDirty(stage);
      return 'stop swarm';
    },
    isReached: ({ instances }) => Object.values(instances).every(({ state }) => state.kind === 'stopped'),
    end: removeAll,
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

const OPEN = { ...BASIC, ...GIT_SAGAS };

export const SAGAS: Readonly<Record<string, Saga>> = { ...OPEN, ...shutIn(OPEN) };
