import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Batch } from '../../../src/state/batches.ts';
import type { State } from '../../../src/state/index.ts';
import { doTask, launch, notOnceOn, type Saga } from './saga.ts';
import type { Stage } from './stage.ts';

const isMerged = ({ tasks }: State, n: number, id = `t${n}`): boolean => tasks[id]?.batch != null;

/** A merge in another way, which is on the branch that it is delivered to once. */
const mergeBy = (strategy: 'squash' | 'rebase'): Saga => ({
  from: 'batch.started',
  begin: launch,
  prepare: async (stage, n) => `merge branch ${await doTask(stage, n)} to=main ${strategy}`,
  isReached: isMerged,
  faults: async ({ git }, n) => {
    const commits = git('log', '--first-parent', '--format=%H', 'main', '--', `src/f${n}.txt`).split('\n');
    return commits.length === 1 ? [] : [`${commits.length} commits of main have src/f${n}.txt`];
  },
});

const launchTwo = async (stage: Stage): Promise<void> => {
  for (let n = 0; n < 2; n += 1) await launch(stage);
};

/** Two tasks that are done, and write the same file. */
const clash = async (stage: Stage, n: number): Promise<void> => {
  for (const id of [`a${n}`, `b${n}`])
    await stage.need(`create task "Number ${n}. rehearse: conflict clash/${n}.txt" id=${id}`);
  await stage.need(`run tasks a${n}, b${n} wait=true`);
};

const asideText = (n: number): readonly RegExp[] => [
  new RegExp(`^b${n} aside: conflict `, 'u'),
  // The one of the batch, and that of whoever foresaw it.
  new RegExp(`^alert .*\\bb${n}\\b`, 'u'),
];

/** Gives up what conflicts, so that nobody asks for it any more. */
const endClash = (stage: Stage, n: number) => stage.say(`cancel task b${n}`);

const isAside = ({ batches }: State, n: number): boolean =>
  Object.values(batches).some(({ set_aside }) => set_aside.some(({ task }) => task === `b${n}`));

/** A commit of the person on the branch that all is built on. */
const commitOnMain = ({ root, git }: Stage, n: number): void => {
  writeFileSync(join(root, `base-${n}.txt`), `${n}\n`);
  git('add', `base-${n}.txt`);
  git('commit', '-qm', `base-${n}`);
};

const syncBy = (how: 'merge' | 'rebase'): Saga => ({
  isAskedAgain: true,
  begin: launchTwo,
  prepare: async (stage, n) => {
    for (const name of ['rehearsal-1', 'rehearsal-2']) {
      const place = stage.worktree(name);
      writeFileSync(join(place, `${name}-${n}.txt`), `${n}\n`);
      stage.git('-C', place, 'add', '-A');
      stage.git('-C', place, 'commit', '-qm', `${name}-${n}`);
    }
    commitOnMain(stage, n);
    return `sync git ${how}`;
  },
  faults: async (stage, n) =>
    ['rehearsal-1', 'rehearsal-2'].flatMap((name) => {
      const branch = stage.git('-C', stage.worktree(name), 'symbolic-ref', '--short', 'HEAD');
      return notOnceOn(stage, branch, [`${name}-${n}`, `base-${n}`]);
    }),
});

/** What happens on branches. */
export const GIT_SAGAS: Readonly<Record<string, Saga>> = {
  'integrate squashed': mergeBy('squash'),
  'integrate rebased': mergeBy('rebase'),
  'integrate what conflicts': {
    from: 'batch.started',
    exit: 6,
    begin: launchTwo,
    prepare: async (stage, n) => {
      await clash(stage, n);
      return `merge branches a${n}, b${n} to=main`;
    },
    isReached: (state, n) => isMerged(state, n, `a${n}`) && isAside(state, n),
    leaves: asideText,
    end: endClash,
  },
  'integrate what conflicts and is handed back': {
    from: 'batch.started',
    exit: 6,
    begin: launchTwo,
    settings: { integration: { send_back: true } },
    attempts: 2,
    prepare: async (stage, n) => {
      await clash(stage, n);
      return `merge branches a${n}, b${n} to=main`;
    },
    isReached: (state, n) => isMerged(state, n, `a${n}`) && isMerged(state, n, `b${n}`),
    leaves: (n) => asideText(n).slice(0, 1),
  },
  'resolve a conflict': {
    from: 'batch.started',
    begin: launchTwo,
    prepare: async (stage, n) => {
      await clash(stage, n);
      await stage.say(`merge branches a${n}, b${n}`);
      await stage.halves();
      return `resolve conflict b${n} theirs`;
    },
    isReached: (state, n) => isMerged(state, n, `b${n}`),
  },
  'take back what others are built on': {
    from: 'batch.rollback_started',
    begin: launch,
    prepare: async (stage, n) => {
      const { id } = (await stage.need(`merge branch ${await doTask(stage, n)}`)).data as Batch;
      await stage.need(`create task "Number ${n}. rehearse: write src/g${n}.ts" id=u${n}`);
      await stage.need(`run task u${n} wait=true`);
      await stage.need(`merge branch u${n}`);
      return `rollback integration ${id}`;
    },
    isReached: (state, n) => !isMerged(state, n) && isMerged(state, n, `u${n}`),
    end: (stage, n) => stage.say(`cancel task t${n}`),
  },
  'sync git': syncBy('merge'),
  'sync git by a rebase': syncBy('rebase'),
};
