import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import type { State } from '../../../src/state/index.ts';
import { begunTwice } from './halves.ts';
import { AGENTS, type Saga } from './saga.ts';
import { SAGAS } from './sagas.ts';
import { openStage, type Stage } from './stage.ts';

/** `npm run bench:sagas` names a file here: then the daemon dies at every step of every operation. */
const RESULT = process.env['SAGAS_RESULT'];
const ONLY = process.env['SAGAS_ONLY']?.split(',');
const FIRST = Number(process.env['SAGAS_FIRST'] ?? 2);
/** With so many milliseconds it dies while a program is at work that it has ordered, and not before. */
const AFTER = process.env['SAGAS_AFTER_MS'];
/** Then the whole machine dies: whatever the daemon has started, tmux, and the agents. */
const WITH_ALL = process.env['SAGAS_WITH_ALL'] !== undefined;
const MOST_STEPS = 300;

/** A gate changes what lies in the worktree of batches. */
const checks = { gates: [{ name: 'tests', command: 'echo passed >> gate.txt' }] };
const optionsFor = ({ settings = {} }: Pick<Saga, 'settings'> = {}) => ({
  settings: { ...AGENTS, checks, ...settings },
  files: { 'gate.txt': '' },
});
/** So many that a checkout takes its time. */
const MANY = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`many/${n}.txt`, `${n}\n`.repeat(500)]));

/** The steps at which half of something would be left, each in the operation that has it. */
const DEATHS: readonly (readonly [saga: string, at: string])[] = [
  // The worktree is known to git and has no files yet; it is made.
  ['launch', 'git reset'],
  ['launch', 'mkdir r/.git/drover/instances/'],
  // The branch of the task is made and checked out.
  ['run', 'record run.started'],
  ['integrate', 'git update-ref'],
  ['integrate', 'record batch.delivered'],
  ['remove', 'git worktree_remove'],
  // The draft is written, and not in its place yet.
  ['set config', 'rename r/.drover/config.json'],
  // What a person asked for, whom nobody asks again where the machine stops.
  ['create worktree', 'git reset'],
  ['remove worktree', 'rename data/'],
  ['remove worktree', 'git worktree_remove'],
  ['restore worktree', 'git worktree_unlock'],
];

/** The same for an agent whose program is started for each task. */
const STARTS: typeof DEATHS = [
  // The session of the agent before is there; it is ended; the program of the task runs, or has ended already.
  ['run by a program that goes on', 'tmux kill-session'],
  ['run by a program that ends at once', 'tmux new-sessio'],
  ['run by a program that ends at once', 'record instance.started'],
  ['run by a program that goes on', 'record instance.started'],
];

type At = ({ readonly step: number } | { readonly at: string }) & { readonly withAll: boolean };

/** What is wrong behind an operation, but for what it leaves by its nature, which has to be there. */
const wrongBehind = async (stage: Stage, saga: Saga, n: number, withAll: boolean): Promise<readonly string[]> => {
  const { attempts = 1 } = saga;
  const isReached = saga.isReached && ((state: State) => saga.isReached!(state, n));
  const found = await stage.halves({ isReached, attempts });
  const left = saga.leaves?.(n) ?? [];
  return [
    ...found.filter((one) => !left.some((text) => text.test(one))),
    ...left.filter((text) => !found.some((one) => text.test(one))).map((text) => `there is no ${text}`),
    // With a whole machine the programs end as well, and are begun again.
    ...(withAll ? [] : begunTwice(stage, await stage.state(), attempts)),
    ...((await saga.faults?.(stage, n)) ?? []),
  ];
};

/** Has the daemon die at a step of an operation and starts the next one; what is half of something then. */
const dieAt = async (stage: Stage, saga: Saga, n: number, at: At) => {
  const text = await saga.prepare(stage, n);
  const id = `dying-${saga.from}-${n}`;
  const death = { from: saga.from, ...at, ...(AFTER === undefined ? {} : { afterMs: Number(AFTER) }) };
  const isReached = saga.isReached && ((state: State) => saga.isReached!(state, n));
  const { steps, died, answered } = await stage.sayDying(text, death, { id, goal: { isReached, exit: saga.exit } });
  if (saga.endsDaemon) await stage.ended();
  if (died || saga.endsDaemon) await stage.start();
  if (died && !answered && !at.withAll && saga.isAskedAgain) await stage.need(text, id);
  // Whoever was at work is brought back by one word.
  if (died && at.withAll && !saga.endsDaemon) await stage.say('resume all instances');
  return { halves: await wrongBehind(stage, saga, n, at.withAll), steps, died };
};

const SAMPLES = [
  { what: 'an operation', deaths: DEATHS },
  { what: 'the start of a program for a task', deaths: STARTS },
];

test.runIf(RESULT === undefined).each(
  SAMPLES.flatMap((sample) => [
    { ...sample, who: 'a daemon that is killed', withAll: false },
    { ...sample, who: 'a machine that stops', withAll: true },
  ]),
)(
  '[STO-7] $who between two steps of $what leaves it done or undone',
  async ({ withAll, deaths }) => {
    await using stage = openStage(optionsFor(SAGAS[deaths[0]![0]]));
    await stage.start();
    if (deaths !== DEATHS) await SAGAS[deaths[0]![0]]!.begin!(stage);
    for (const [n, [name, at]] of deaths.entries()) {
      const { steps, halves, died } = await dieAt(stage, SAGAS[name]!, n + 1, { at, withAll });
      expect([name, steps.at(-1), halves, died]).toEqual([name, expect.stringContaining(at), [], true]);
    }
  },
  300_000,
);

const enumerate = async (saga: Saga) => {
  const found: { readonly step: string; readonly halves: readonly string[] }[] = [];
  const options = optionsFor(saga);
  await using stage = openStage({ ...options, files: { ...options.files, ...MANY } });
  await stage.start();
  await saga.begin?.(stage);
  for (let step = FIRST; step < MOST_STEPS; step += 1) {
    const { steps, halves, died } = await dieAt(stage, saga, step, { step, withAll: WITH_ALL });
    found.push({ step: died ? `${step} ${steps[step - 1]}` : 'not killed', halves });
    if (!died)
      return { steps: steps.length, kills: found.length - 1, halves: found.filter((one) => one.halves.length > 0) };
    await saga.end?.(stage, step);
  }
  throw new Error('there is no end of steps');
};

const table: Record<string, Awaited<ReturnType<typeof enumerate>>> = {};

test.runIf(RESULT !== undefined).concurrent.each(Object.keys(SAGAS).filter((name) => ONLY?.includes(name) ?? true))(
  '[STO-7] killed at every step: %s',
  async (name) => {
    table[name] = await enumerate(SAGAS[name]!);
    mkdirSync(dirname(RESULT!), { recursive: true });
    writeFileSync(RESULT!, `${JSON.stringify(table, null, 1)}\n`);
    expect(table[name].halves).toEqual([]);
    expect(table[name].kills).toBeGreaterThan(0);
  },
  3_600_000,
);
