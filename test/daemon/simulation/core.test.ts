import { expect, test } from 'vitest';
import { playCore } from './play.ts';
import { playMany } from './play-many.ts';

const SEEDS = 1000;
/** Half a minute of a core, which others may want as well. */
const PATIENCE_MS = 900_000;

test(
  '[STO-7] a thousand seeds of swarms whose daemons die: what was acknowledged is there once, and nothing is half there',
  async () => {
    const { wrong, deaths, effects, done } = await playMany({ first: 1, count: SEEDS });
    expect(wrong).toEqual([]);
    // They have lived, died and worked.
    expect([deaths >= SEEDS, effects > 200 * SEEDS, done > SEEDS]).toEqual([true, true, true]);
  },
  PATIENCE_MS,
);

/** What was wrong in lives in which this is said, of so many seeds. */
const wrongIn = async (script: readonly string[], seeds: number): Promise<readonly string[]> => {
  const wrong: string[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const one = await playCore(seed, { script });
    if (one.wrong !== undefined) wrong.push(`seed ${seed}: ${one.wrong}`);
  }
  return wrong;
};

test('a task that is moved in the moment in which it begins is begun once, on a branch that is there', async () => {
  const script = [
    'launch 2 instances agent=rehearsal',
    ...['t1', 't2'].map((id) => `create task "Write ${id}" id=${id}`),
    'run task t1 on=rehearsal-1',
    'reassign tasks from rehearsal-1',
    'run task t2 on=rehearsal-2',
    'reassign tasks from rehearsal-2',
  ];
  expect(await wrongIn(script, 60)).toEqual([]);
});

test('a task that is stopped in the moment in which it begins takes the worktree off no other that begins there', async () => {
  const ids = ['t1', 't2', 't3', 't4', 't5'];
  const script = [
    'launch 1 instance agent=rehearsal',
    ...ids.map((id) => `create task "Write ${id}" id=${id}`),
    'run all tasks',
    ...ids.slice(0, 4).map((id) => `stop task ${id}`),
  ];
  expect(await wrongIn(script, 450)).toEqual([]);
});

test('a program that is started again in the moment in which it gets its task has it once', async () => {
  const ids = ['t1', 't2', 't3'];
  const script = [
    'launch 1 instance agent=rehearsal',
    ...ids.map((id) => `create task "Write ${id}" id=${id}`),
    'run all tasks',
    'restart instance rehearsal-1',
    'restart instance rehearsal-1',
  ];
  expect(await wrongIn(script, 250)).toEqual([]);
});

test('a seed is always the same life, whatever was played before it', async () => {
  const first = await playCore(3);
  await playCore(4);
  expect(await playCore(3)).toEqual(first);
  expect((await playCore(5)).hash).not.toBe(first.hash);
});

test.each([
  ['syncs that do nothing', 'sync', /missing|lost|acknowledged|recorded|start/u],
  ['a terminal that does not remember what was typed', 'terminal', /was taken up \d+ times/u],
  ['a repetition under another id', 'requests', /recorded|created|carried out/u],
] as const)(
  '%s: found by the simulation',
  async (_what, flaw, words) => {
    const found: string[] = [];
    for (let seed = 1; seed <= 300 && found.length === 0; seed += 1) {
      const { wrong } = await playCore(seed, { flaw });
      if (wrong !== undefined) found.push(wrong);
    }
    expect(found.join()).toMatch(words);
  },
  PATIENCE_MS,
);
