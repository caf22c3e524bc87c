import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { makeDecide } from '../../../src/daemon/services.ts';
import { damageFacts, lossFacts, watchJournal } from '../../../src/daemon/watch/watch-journal.ts';
import { emptyState } from '../../../src/state/index.ts';
import { openStore } from '../../../src/state/store/open.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { servicesWith } from '../../helpers/services.ts';
import { alert, BY_CLI, firstSegment, optionsIn } from '../../state/store/place.ts';

test('[STO-2] a flipped byte in an old segment becomes an alert while the daemon runs, once, and goes when it is mended', async () => {
  using folder = temporaryFolder('journal');
  const options = optionsIn(folder.path, { limits: { events: 2, bytes: 1e6 } });
  await using store = await openStore(options);
  for (const id of ['a', 'b', 'c', 'd', 'e']) await store.append([alert(id)], BY_CLI);
  const file = firstSegment(options.paths);
  const sound = readFileSync(file, 'utf8');
  writeFileSync(file, sound.replace('something', 'somethink'));
  const check = async () => {
    const stop = new AbortController();
    const services = servicesWith({
      ...{ paths: options.paths, store, log: () => undefined, signal: stop.signal },
      decide: makeDecide(
        store,
        () => undefined,
        (text) => text,
      )({ actor: 'daemon', corr: 'daemon' }),
    });
    const watch = watchJournal(services, 0);
    await vi.waitUntil(async () => (await watch.health()).indicators['rounds'] === 1);
    stop.abort();
    await watch.done;
    return store.state.alerts['journal-damaged']?.text;
  };
  const text = await check();
  expect(text).toContain('000000000001.jsonl is damaged at line 2: its checksum does not fit (events 1 to 2)');
  const { seq } = store.state;
  expect(await check()).toBe(text);
  expect(store.state.seq).toBe(seq);
  writeFileSync(file, sound);
  expect(await check()).toBeUndefined();
});

test('what was lost is one alert, and nothing is none', () => {
  expect(lossFacts([])).toEqual([]);
  expect(lossFacts(['one is gone', 'two is gone'])).toMatchObject([
    { data: { id: 'journal-lost', severity: 'error', text: 'one is gone. two is gone.' } },
  ]);
  expect(damageFacts(emptyState, [])).toEqual([]);
});
