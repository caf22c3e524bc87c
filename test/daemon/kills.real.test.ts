import { expect, test } from 'vitest';
import type { State } from '../../src/state/index.ts';
import { testRepository } from '../helpers/swarm.ts';
import { dice, turns } from './dice.ts';
import { BUILT, sayAs, startDaemon } from './process.ts';

/** As many swarms side by side as CI has cores, and as many kills of each as make a hundred. */
const SWARMS = 2;
const KILLS = 100 / SWARMS;
/** A command and its answer take about so many turns of this process. */
const TURNS = 4000;

type Repository = ReturnType<typeof testRepository>;
type Said = { readonly id: string; readonly text: string; readonly change: (known: Known) => void };

/** What must be there, by what was acknowledged. */
type Known = { readonly priorities: Map<string, string>; readonly groups: Set<string> };

/** Random commands, each of which changes something that can be seen afterwards. */
const makeCommands = (roll: () => number) => {
  const known: Known = { priorities: new Map(), groups: new Set() };
  const any = (list: readonly string[]): string => list[Math.floor(roll() * list.length)]!;
  let n = 0;
  const next = (): Said => {
    n += 1;
    const id = `c${n}`;
    const [tasks, groups] = [[...known.priorities.keys()], [...known.groups]];
    const dice = roll();
    if (dice < 0.2 && tasks.length > 0) {
      const [task, priority] = [any(tasks), any(['high', 'low', 'normal'])];
      return { id, text: `set task ${task} priority=${priority}`, change: (now) => now.priorities.set(task, priority) };
    }
    if (dice < 0.3 && tasks.length > 0) {
      const task = any(tasks);
      return { id, text: `remove task ${task}`, change: (now) => now.priorities.delete(task) };
    }
    if (dice < 0.5) return { id, text: `create group g${n}`, change: (now) => now.groups.add(`g${n}`) };
    if (dice < 0.55 && groups.length > 0) {
      const group = any(groups);
      return { id, text: `remove group ${group}`, change: (now) => now.groups.delete(group) };
    }
    return { id, text: `create task "T" id=t${n}`, change: (now) => now.priorities.set(`t${n}`, 'normal') };
  };
  return { known, next };
};

/** Says one command after the other, the same again under the same id as long as nobody answered. */
const makeTalker = ({ paths }: Repository, roll: () => number) => {
  const { known, next } = makeCommands(roll);
  const acknowledged: string[] = [];
  let open: Said | undefined;
  const sayOne = async (): Promise<boolean> => {
    open ??= next();
    const reply = await sayAs(paths, open.id, open.text).catch(() => undefined);
    if (!reply) return false;
    expect([open.text, reply.exit, reply.message]).toEqual([open.text, 0, expect.any(String)]);
    acknowledged.push(open.id);
    open.change(known);
    open = undefined;
    return true;
  };
  return {
    known,
    acknowledged,
    sayOne,
    /** Says commands until nobody answers any more. */
    talk: async (): Promise<void> => {
      while (await sayOne());
    },
  };
};

const answerTo = async ({ paths }: Repository, text: string): Promise<unknown> => (await sayAs(paths, '', text))?.data;

/** Kills the daemon of a swarm again and again, and looks whether everything that it acknowledged is there, once. */
const killing = async (seed: number): Promise<void> => {
  using repository = testRepository();
  const roll = dice(seed);
  const talker = makeTalker(repository, roll);
  for (let kill = 1; kill <= KILLS; kill += 1) {
    await using daemon = await startDaemon(repository, ':', BUILT);
    // Each life acknowledges something, and ends anywhere in what comes next.
    for (let left = 1 + Math.floor(roll() * 3); left > 0; left -= 1) expect(await talker.sayOne()).toBe(true);
    const talking = talker.talk();
    await turns(roll() * TURNS);
    expect([kill, await daemon.kill()]).toEqual([kill, 'SIGKILL']);
    await talking;
  }
  await using _daemon = await startDaemon(repository, ':', BUILT);
  expect(await talker.sayOne()).toBe(true);
  const { state } = (await answerTo(repository, 'status swarm detailed')) as { state: State };
  const { priorities, groups } = talker.known;
  expect(Object.fromEntries(Object.values(state.tasks).map((task) => [task.id, task.priority]))).toEqual(
    Object.fromEntries(priorities),
  );
  expect(Object.keys(state.groups).toSorted()).toEqual([...groups].toSorted());
  // A fact belongs to the command by whose id it was said: nothing of one command happened twice.
  const events = (await answerTo(repository, 'list events since=1 limit=100000')) as { type: string; corr: string }[];
  const recorded = events
    .filter(({ corr }) => /^c-c\d+$/u.test(corr))
    .map(({ type, corr }) => `${corr.slice(2)} ${type}`);
  expect(recorded.filter((one, at) => recorded.indexOf(one) !== at)).toEqual([]);
  expect([...new Set(recorded.map((one) => one.split(' ')[0]!))].toSorted()).toEqual(talker.acknowledged.toSorted());
};

test('[STO-2] a hundred times kill -9 amid random commands: every acknowledged change is there, and none twice', async () => {
  const swarms = await Promise.allSettled(Array.from({ length: SWARMS }, (_, i) => killing(i + 1)));
  for (const swarm of swarms) if (swarm.status === 'rejected') throw swarm.reason;
}, 600_000);
