import { readFileSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openStore } from '../../../src/state/store/open.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { alert, BY_CLI, firstSegment, listed, optionsIn } from './place.ts';

/** Longer than the end of the journal is kept as it was read at the opening. */
const LATER_MS = 60_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

test.each([
  ['soon', 0],
  ['long', LATER_MS],
])('what came after each position is known %s after the opening, and where that leads', async (_when, later) => {
  using folder = temporaryFolder('since');
  const options = { ...optionsIn(folder.path), limits: { events: 4, bytes: 1_000_000 } };
  const positions = [{ seq: 0, crc: 0 }];
  {
    await using store = await openStore(options);
    for (let n = 1; n <= 10; n += 1) {
      await store.append([alert(`a${n}`)], BY_CLI);
      positions.push(store.position());
    }
  }
  await using store = await openStore(options);
  expect([store.openedAt, store.position()]).toEqual([10, positions[10]]);
  await store.append([alert('b1'), alert('b2')], BY_CLI);
  await vi.advanceTimersByTimeAsync(later);
  const all = await listed(store);
  for (const position of positions)
    expect(await store.since(position)).toEqual({ events: all.slice(position.seq), position: store.position() });
  expect(await store.since({ ...positions[5]!, crc: 1 })).toBeUndefined();
  expect(await store.since({ seq: 13, crc: 1 })).toBeUndefined();
});

test('a journal that has lost a segment does not say what came after it', async () => {
  using folder = temporaryFolder('since');
  const options = { ...optionsIn(folder.path), limits: { events: 4, bytes: 1_000_000 } };
  await using store = await openStore(options);
  for (let n = 1; n <= 10; n += 1) await store.append([alert(`a${n}`)], BY_CLI);
  const first = firstSegment(options.paths);
  const crc = Number.parseInt(readFileSync(first, 'utf8').split('\n')[2]!.slice(0, 8), 16);
  expect((await store.since({ seq: 2, crc }))?.events.map(({ seq }) => seq)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
  rmSync(first.replace('000000000001', '000000000005'));
  expect(await store.since({ seq: 2, crc })).toBeUndefined();
});
