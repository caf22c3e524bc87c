import { expect, test, vi } from 'vitest';
import { openStore } from '../../../src/state/store/open.ts';
import { makeWaitWatch } from '../../../src/state/store/wait-watch.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { diskWith } from './disks.ts';
import { alert, BY_CLI, listed, optionsIn } from './place.ts';

test('work that takes long is known while it waits, and told of when it is over; other work is not', async () => {
  let now = 0;
  const told: number[] = [];
  const watch = makeWaitWatch(
    (ms) => void told.push(ms),
    () => now,
  );
  const seen: number[] = [];
  const work = watch.time(async (ms: number) => {
    now += ms;
    seen.push(watch.waitedMs());
    if (ms === 9000) throw new Error('the disk is gone');
    return ms;
  });
  expect([await work(1999), await work(10_000)]).toEqual([1999, 10_000]);
  await expect(work(9000)).rejects.toThrow('gone');
  expect([seen, told, watch.waitedMs()]).toEqual([[1999, 10_000, 9000], [10_000, 9000], 0]);
});

test('[STO-7] while a sync takes its time what is known can be read, and nothing is acknowledged before it is kept', async () => {
  using folder = temporaryFolder('stall');
  let held: PromiseWithResolvers<void> | undefined;
  const openFile = diskWith((file) => ({
    sync: async () => {
      await held?.promise;
      await file.sync();
    },
  }));
  await using store = await openStore(optionsIn(folder.path, { openFile }));
  await store.append([alert('a')], BY_CLI);
  held = Promise.withResolvers();
  const acknowledged: string[] = [];
  const commands = ['b', 'c', 'd'].map((id) =>
    store.append([alert(id)], BY_CLI).then(() => void acknowledged.push(id)),
  );
  await vi.waitUntil(() => store.waitedMs() > 50);
  expect([Object.keys(store.state.alerts), (await listed(store)).length, acknowledged]).toEqual([['a'], 1, []]);
  held.resolve();
  await Promise.all(commands);
  expect([acknowledged, Object.keys(store.state.alerts)]).toEqual([
    ['b', 'c', 'd'],
    ['a', 'b', 'c', 'd'],
  ]);
  expect(store.waitedMs()).toBe(0);
});
