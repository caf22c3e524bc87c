import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { State } from '../../../src/state/index.ts';
import type { Instance } from '../../../src/state/instances.ts';
import { doing } from '../doing-agent.ts';
import { linesOf } from './once.ts';
import type { Stage } from './stage.ts';

/** The agents of the operations: one that is typed into, and one whose program is started for each task. */
export const AGENTS = { agent: 'rehearsal', agents: doing.agents };

/** An operation of several steps, as often as is asked for. */
export type Saga = {
  /** The fact from which on its steps are counted; without it, from the moment at which it is asked for. */
  readonly from?: string;
  /** Whoever asked for it asks again after the death of a daemon, as clients do, and nobody where they died as well. */
  readonly isAskedAgain?: boolean;
  /** What is set beside the agents, for all of them. */
  readonly settings?: object;
  /** What whoever asked for it is answered, as an exit code; 0 without it. */
  readonly exit?: number;
  /** The daemon ends with it. */
  readonly endsDaemon?: true;
  /** What the n-th one comes to in any case; without it, done or undone. */
  readonly isReached?: (state: State, n: number) => boolean;
  /** How often each task was begun by then; once without it. */
  readonly attempts?: number;
  /** What of the n-th one looks like a half and has to be there. */
  readonly leaves?: (n: number) => readonly RegExp[];
  /** What else is not as it should be behind the n-th one. */
  readonly faults?: (stage: Stage, n: number) => Promise<readonly string[]>;
  /** What there is before the first one. */
  readonly begin?: (stage: Stage) => Promise<unknown>;
  /** Makes ready for the n-th one; resolves with the command. */
  readonly prepare: (stage: Stage, n: number) => Promise<string>;
  /** Puts away what is left of it. */
  readonly end?: (stage: Stage, n: number) => Promise<unknown>;
};

export const launch = async (stage: Stage): Promise<string> => {
  const [one] = (await stage.need('launch 1 instance')).data as readonly Instance[];
  return one!.instance_id;
};

/**
 * What the program does that is started for a task: it says that it began, and commits at once or after a while. Begun again behind
 * the death of a machine, of which it is no fault, it has nothing more to commit.
 */
const doingWork = (n: number, seconds: number): string =>
  `DO<echo t${n} >>$HOME/starts; sleep ${seconds}; echo ${n} >f${n}; git add f${n}; git diff --cached --quiet || git commit -qm f-${n}>`;

export const launchDoing = (stage: Stage) => stage.need('launch 1 instance agent=doing');

/** The same run, by an agent whose program is started for it. */
export const startFor = (seconds: number): Saga => ({
  from: 'task.assigned',
  begin: launchDoing,
  prepare: async (stage, n) => {
    await stage.need(`create task "Number ${n}" description="${doingWork(n, seconds)}" id=t${n}`);
    return `run task t${n} on=doing-1 wait=true`;
  },
});

/** An instance in whose worktree something lies. */
export const launchDirty = async (stage: Stage): Promise<string> => {
  const id = await launch(stage);
  writeFileSync(join(stage.worktree(id), 'mine.txt'), 'mine\n');
  return id;
};

export const removeAll = (stage: Stage) => stage.say('remove all instances');

/** An instance at a task that hangs. */
export const hangOn = async (stage: Stage, n: number): Promise<void> => {
  await stage.need(`create task "Number ${n}" description="rehearse: hang" id=hang${n}`);
  await stage.need(`run task hang${n} on=rehearsal-1`);
  await stage.halves();
};

export const endHanging = async (stage: Stage, n: number): Promise<void> => {
  await stage.say('resume instance rehearsal-1');
  await stage.say(`cancel task hang${n}`);
};

/** A worktree of a person, in which something lies that is not committed. */
export const makeOwn = async (stage: Stage, n: number): Promise<void> => {
  await stage.need(`create worktree own-${n}x`);
  writeFileSync(join(stage.worktree(`own-${n}x`), 'mine.txt'), 'mine\n');
};

export const removeOwn = (stage: Stage, n: number) => stage.say(`remove worktree own-${n}x force`);

/** A task that is done and verified on a branch of its own. */
export const doTask = async (stage: Stage, n: number): Promise<string> => {
  await stage.need(`create task "Number ${n}. rehearse: write src/f${n}.ts" id=t${n}`);
  await stage.need(`run task t${n} wait=true`);
  return `t${n}`;
};

/** Commits of these subjects that a branch has not, or has more than once. */
export const notOnceOn = ({ git }: Stage, branch: string, subjects: readonly string[]): readonly string[] => {
  const all = linesOf(git('log', '--format=%s', branch));
  return subjects.flatMap((one) => {
    const count = all.filter((subject) => subject === one).length;
    return count === 1 ? [] : [`${branch} has ${count} times: ${one}`];
  });
};

/**
 * A task that one agent leaves in the middle, with a commit and with what is not committed, and that another one ends. Both
 * programs do the same: which of them it is they see by what is there.
 */
const halfWork = (n: number): string =>
  `DO<if test -e g${n}; then echo ${n} >f${n}; git add f${n}; git commit -qm f-${n}; else echo ${n} >g${n}; git add g${n}; git commit -qm g-${n}; echo ${n} >mine.txt; sleep 600; fi>`;

export const handOver: Saga = {
  from: 'task.assigned',
  attempts: 2,
  begin: (stage) => stage.need('launch 2 instances agent=doing'),
  prepare: async (stage, n) => {
    await stage.need(`create task "Number ${n}" description="${halfWork(n)}" id=t${n}`);
    await stage.need(`run task t${n} on=doing-1`);
    const file = join(stage.worktree('doing-1'), 'mine.txt');
    await expect.poll(() => existsSync(file) && readFileSync(file, 'utf8')).toBe(`${n}\n`);
    return `reassign task t${n} to=doing-2`;
  },
  isReached: ({ tasks }, n) => tasks[`t${n}`]?.state === 'done' && tasks[`t${n}`]!.run?.instance === 'doing-2',
  faults: async (stage, n) => {
    const { tasks } = await stage.state();
    const { branch } = tasks[`t${n}`]!.run!;
    const held = stage.git('show', `${branch}:mine.txt`) === `${n}` ? [] : [`mine.txt of ${branch} was lost`];
    return [...held, ...notOnceOn(stage, branch, [`f-${n}`, `g-${n}`])];
  },
  // All of them have written the same file, which would be foreseen to conflict.
  end: (stage, n) => stage.say(`cancel task t${n}`),
};
