import { launchDoing, notOnceOn, type Saga } from './saga.ts';
import type { Stage } from './stage.ts';

const SANDBOX = { sandbox: { mode: 'worktree', need: 'required' } } as const;

/** What happens otherwise where the agents are in a sandbox, each with a git directory of its own. */
const ALSO_SHUT_IN = [
  ...['launch', 'stop', 'remove', 'restart', 'scale down', 'run', 'hand over', 'retry otherwise'],
  ...['integrate', 'integrate what conflicts and is handed back', 'sync git', 'pause', 'resume'],
] as const;

/** What a program commits inside at once: as much as single objects can be, what is more of them, and what comes as a pack. */
const AMOUNTS = {
  little: 'true',
  'many files': 'mkdir -p d; for i in $(seq 150); do echo $i >d/$i; done; git add d',
  much: 'head -c 400000 /dev/urandom >big; git add big',
} as const;

const doneBranch = async (stage: Stage, n: number): Promise<string> =>
  (await stage.state()).tasks[`t${n}`]!.run!.branch;

const runOn = async (stage: Stage, n: number, work: string): Promise<string> => {
  await stage.need(`create task "Number ${n}" description="DO<${work}>" id=t${n}`);
  return `run task t${n} wait=true`;
};

/** A task of two commits, which are brought out of the sandbox while it works, or at its end. */
const harvestOf = (more: string): Saga => ({
  from: 'run.started',
  settings: SANDBOX,
  begin: launchDoing,
  prepare: (stage, n) => {
    const commit = (name: string) => `echo ${n} >${name}${n}; git add ${name}${n}; git commit -qm ${name}-${n}`;
    return runOn(stage, n, `${more}; ${commit('e')}; sleep 1; ${commit('f')}`);
  },
  isReached: ({ tasks }, n) => tasks[`t${n}`]?.state === 'done',
  faults: async (stage, n) => notOnceOn(stage, await doneBranch(stage, n), [`e-${n}`, `f-${n}`]),
});

/** Subjects of commits that nothing has, or more than one name has. */
const keptOnce = ({ git }: Stage, subjects: readonly string[]): readonly string[] => {
  const all = git('log', '--all', '--format=%s').split('\n');
  return subjects.flatMap((one) => {
    const count = all.filter((subject) => subject.includes(one)).length;
    return count === 1 ? [] : [`there is ${count} times: ${one}`];
  });
};

/** An instance goes in whose git directory lie a branch and a stash of its own, and something that is staged alone. */
const letGo: Saga = {
  from: 'instance.stop_requested',
  settings: SANDBOX,
  prepare: async (stage, n) => {
    const [one] = (await stage.need('launch 1 instance agent=doing')).data as readonly { instance_id: string }[];
    const id = one!.instance_id;
    const side = `git checkout -qb side; echo ${n} >s; git add s; git commit -qm s-${n}; git checkout -q -`;
    const stash = `echo ${n} >z; git add z; git stash push -qm z-${n}`;
    const text = await runOn(stage, n, `${side}; ${stash}; echo ${n} >f${n}; git add f${n}; git commit -qm f-${n}`);
    await stage.need(text.replace('wait=true', `on=${id} wait=true`));
    return `remove instance ${id}`;
  },
  isReached: ({ instances }) => Object.keys(instances).length === 0,
  faults: async (stage, n) => keptOnce(stage, [`s-${n}`, `f-${n}`, `: z-${n}`]),
};

/** The operations with agents in a sandbox. */
export const shutIn = (sagas: Readonly<Record<string, Saga>>): Readonly<Record<string, Saga>> => ({
  ...Object.fromEntries(
    ALSO_SHUT_IN.map((name) => {
      const saga = sagas[name]!;
      return [`${name} in a sandbox`, { ...saga, settings: { ...saga.settings, ...SANDBOX } }];
    }),
  ),
  ...Object.fromEntries(Object.entries(AMOUNTS).map(([name, more]) => [`harvest of ${name}`, harvestOf(more)])),
  'remove what was committed inside alone': letGo,
});
