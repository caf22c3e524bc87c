import { setImmediate as turn } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { emptyState, reduce } from '../../../src/state/index.ts';
import { openStore } from '../../../src/state/store/open.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { type Said, startChild } from './children.ts';
import { listed, optionsIn } from './place.ts';

const CYCLES = 30;
const TURNS = 200;

/** Lets a writer write, kills it at a moment that differs each time, and gives back what it had said is certain. */
const killed = async (folder: string, cycle: number): Promise<readonly Said[]> => {
  await using child = startChild(folder, ['write', String(cycle)]);
  await vi.waitUntil(() => child.said().length > 1 || child.process.exitCode !== null, {
    timeout: 30_000,
    interval: 5,
  });
  // A moment that differs each time, counted in turns of this process: the writer is anywhere in its work.
  for (let left = ((cycle * 7) % 61) * TURNS; left > 0; left -= 1) await turn();
  child.process.kill('SIGKILL');
  await child.gone;
  expect(child.errors()).toBe('');
  return child.said();
};

test('[STO-2] whatever was acknowledged is there after kill -9, whole groups only, thirty times', async () => {
  using folder = temporaryFolder('crash');
  const certain = new Map<string, number>();
  for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
    for (const { seqs = [], ids = [] } of await killed(folder.path, cycle))
      ids.forEach((id, index) => {
        certain.set(id, seqs[index]!);
      });
    await using store = await openStore(optionsIn(folder.path));
    expect(store.repairs.filter((repair) => repair.includes('db.json'))).toEqual([]);
    const missing = [...certain.keys()].filter((id) => store.state.alerts[id] === undefined);
    expect(missing).toEqual([]);
  }
  await using store = await openStore(optionsIn(folder.path));
  const events = await listed(store, 1);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
  expect(events.reduce(reduce, emptyState)).toEqual(store.state);
  const moved = [...certain].filter(([id, seq]) => (events[seq - 1]!.data as { id?: string }).id !== id);
  expect(moved).toEqual([]);
  for (const group of Object.values(Object.groupBy(events, ({ corr }) => corr))) {
    if (group![0]!.type !== 'alert.raised') continue;
    const [, lane, n] = group![0]!.corr.split('.').map(Number);
    expect(group).toHaveLength(1 + ((n! + lane!) % 4));
  }
  expect(certain.size).toBeGreaterThan(CYCLES);
}, 300_000);
