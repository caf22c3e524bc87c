import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { emptyState, reduce } from '../../../src/state/index.ts';
import { storeClosed } from '../../../src/state/store/errors.ts';
import { openStore } from '../../../src/state/store/open.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { AT, story, taskCreated } from '../story.ts';
import { alert, BY_CLI, firstSegment, listed, optionsIn } from './place.ts';

test('what was appended is numbered, timed, folded and there again after a restart', async () => {
  using folder = temporaryFolder('store');
  const options = optionsIn(folder.path);
  let before: unknown;
  {
    await using store = await openStore(options);
    expect(store.state).toEqual(emptyState);
    const [first, second] = await store.append([taskCreated('1'), alert('a')], BY_CLI);
    expect(first).toMatchObject({ seq: 1, actor: 'cli', corr: 'k1', type: 'task.created' });
    expect(second).toEqual({ ...alert('a'), seq: 2, at: first!.at, actor: 'cli', corr: 'k1' });
    before = store.state;
  }
  await using store = await openStore(options);
  expect(store.state).toEqual(before);
  expect(store.repairs).toEqual([]);
});

test('what a repository was removed with is not made again by whoever opens its store', async () => {
  using folder = temporaryFolder('store');
  const options = optionsIn(`${folder.path}/r`);
  rmSync(`${folder.path}/r`, { recursive: true });
  await expect(openStore(options)).rejects.toMatchObject({
    code: 'store/unopened',
    message: `the swarm in ${options.paths.state} cannot be opened: the file or its folder is gone`,
  });
  expect(readdirSync(folder.path)).toEqual([]);
});

test('a whole story ends in the same state, appended, replayed or listed', async () => {
  using folder = temporaryFolder('store');
  await using store = await openStore(optionsIn(folder.path));
  await Promise.all(story.map((draft) => store.append([draft], BY_CLI)));
  const events = await listed(store);
  expect(events.map(({ type }) => type)).toEqual(story.map(({ type }) => type));
  expect(events.reduce(reduce, emptyState)).toEqual(store.state);
});

test('what an event holds is what a replay will read, not what its maker still changes', async () => {
  using folder = temporaryFolder('store');
  await using store = await openStore(optionsIn(folder.path));
  const draft = taskCreated('1', { details: ['one'] });
  const appended = store.append([draft], BY_CLI);
  (draft.data as { task: { details: string[] } }).task.details.push('two');
  expect((await appended)[0]).toEqual((await listed(store))[0]);
  expect(store.state.tasks['1']?.details).toEqual(['one']);
});

test('appends that wait for the same sync share it and keep their order', async () => {
  using folder = temporaryFolder('store');
  await using store = await openStore({ ...optionsIn(folder.path), syncDelay: 5 });
  const flushes: number[] = [];
  store.subscribe((events) => flushes.push(events.length));
  const results = await Promise.all(Array.from({ length: 50 }, (_, n) => store.append([alert(`a${n}`)], BY_CLI)));
  expect(results.flat().map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
  expect(flushes.length).toBeLessThan(5);
});

test('nothing is known before it is on the disk, and the caller is answered before others are told', async () => {
  using folder = temporaryFolder('store');
  await using store = await openStore(optionsIn(folder.path));
  const order: string[] = [];
  store.subscribe((events, state) => {
    order.push(
      `told ${events.map(({ seq }) => seq)} at ${state.seq}, file has ${lines(firstSegment(optionsIn(folder.path).paths))}`,
    );
  });
  const appended = store.append([alert('a'), alert('b')], BY_CLI);
  expect(store.state.seq).toBe(0);
  await appended;
  expect(order).toEqual(['told 1,2 at 2, file has 2']);
});

const lines = (file: string): number => readFileSync(file, 'utf8').trim().split('\n').length - 1;

test('nothing to append is answered with nothing', async () => {
  using folder = temporaryFolder('store');
  await using store = await openStore(optionsIn(folder.path));
  expect(await store.append([], BY_CLI)).toEqual([]);
});

test('a fact that does not fit is refused, with all that came with it, and the store goes on', async () => {
  using folder = temporaryFolder('store');
  await using store = await openStore(optionsIn(folder.path));
  await expect(store.append([alert('a'), { type: 'task.removed', data: {} as never }], BY_CLI)).rejects.toThrow(
    /expected string/,
  );
  expect(await store.append([alert('b')], BY_CLI)).toMatchObject([{ seq: 1 }]);
});

test('only the owner may look into the files', async () => {
  using folder = temporaryFolder('store');
  const { paths, ...options } = optionsIn(folder.path);
  await using store = await openStore({ paths, ...options });
  await store.append([alert('a')], BY_CLI);
  const modes = [
    paths.state,
    paths.journal,
    firstSegment(paths),
    paths.projection,
    paths.lock,
    `${paths.lock}.pid`,
  ].map((path) => (statSync(path).mode & 0o777).toString(8));
  expect(modes).toEqual(['700', '700', '600', '600', '600', '600']);
});

test('a line can be read by people and by jq behind its checksum', async () => {
  using folder = temporaryFolder('store');
  const options = optionsIn(folder.path, { now: () => AT });
  await using store = await openStore(options);
  await store.append([alert('a'), alert('b')], BY_CLI);
  const [header, first, second] = readFileSync(firstSegment(options.paths), 'utf8').split('\n');
  expect(header).toBe('# v1 first=1 crc=00000000');
  expect(first).toMatch(/^[0-9a-f]{8} \{"seq":1,/);
  expect(JSON.parse(first!.slice(9))).toEqual({ seq: 1, at: AT, ...BY_CLI, ...alert('a'), more: true });
  expect(JSON.parse(second!.slice(9))).toEqual({ seq: 2, at: AT, ...BY_CLI, ...alert('b') });
});

test('a journal goes on in a new segment when one is long enough, in events or in bytes', async () => {
  using folder = temporaryFolder('store');
  const options = optionsIn(folder.path, { limits: { events: 4, bytes: 1500 } });
  {
    await using store = await openStore(options);
    for (let n = 0; n < 10; n += 1) await store.append([alert(`a${n}`)], BY_CLI);
    await store.append([alert('long', 'x'.repeat(2000))], BY_CLI);
    await store.append([alert('after')], BY_CLI);
    expect((await listed(store)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect((await listed(store, 6)).map(({ seq }) => seq)).toEqual([6, 7, 8, 9, 10, 11, 12]);
  }
  const named = (kind: string, firsts: number[]) => firsts.map((n) => `${String(n).padStart(12, '0')}.${kind}`);
  const files = [...named('jsonl', [1, 5, 9, 12]), ...named('snapshot.json', [9, 12])];
  expect(readdirSync(options.paths.journal)).toEqual(files.toSorted());
  await using store = await openStore(options);
  expect(Object.keys(store.state.alerts)).toHaveLength(12);
  expect(store.state.seq).toBe(12);
});

test('past events are listed to the last one that was there, while more are appended', async () => {
  using folder = temporaryFolder('store');
  await using store = await openStore(optionsIn(folder.path, { limits: { events: 7, bytes: 1e6 } }));
  for (let n = 0; n < 20; n += 1) await store.append([alert(`a${n}`)], BY_CLI);
  const writing = Promise.all(Array.from({ length: 100 }, (_, n) => store.append([alert(`b${n}`)], BY_CLI)));
  const seen: number[] = [];
  for await (const { seq } of store.events(3)) seen.push(seq);
  expect(seen).toEqual(Array.from({ length: 18 }, (_, n) => n + 3));
  await writing;
  expect(await listed(store, 121)).toEqual([]);
  expect(await listed(store, 200)).toEqual([]);
  expect(await listed(store, 0)).toHaveLength(120);
});

test('a state is waited for, also one that is there already', async () => {
  using folder = temporaryFolder('store');
  await using store = await openStore(optionsIn(folder.path));
  const later = store.until((state) => state.alerts['b'] !== undefined);
  await store.append([alert('a')], BY_CLI);
  await store.append([alert('b')], BY_CLI);
  expect(Object.keys((await later).alerts)).toEqual(['a', 'b']);
  expect((await store.until((state) => state.seq === 2)).seq).toBe(2);
});

test('waiting ends with the reason of its signal, with the condition’s own error, or with the store', async () => {
  using folder = temporaryFolder('store');
  const store = await openStore(optionsIn(folder.path));
  const controller = new AbortController();
  const never = () => false;
  const aborted = store.until(never, controller.signal);
  controller.abort(new Error('enough'));
  await expect(aborted).rejects.toThrow('enough');
  await expect(store.until(never, controller.signal)).rejects.toThrow('enough');
  const broken = store.until(({ seq }) => {
    if (seq > 0) throw new Error('a bug');
    return false;
  });
  await store.append([alert('a')], BY_CLI);
  await expect(broken).rejects.toThrow('a bug');
  const closed = store.until(never).catch((error: unknown) => error);
  await store[Symbol.asyncDispose]();
  expect(storeClosed.matches(await closed)).toBe(true);
  await expect(store.until(never)).rejects.toSatisfy(storeClosed.matches);
});

test('who stopped listening hears no more', async () => {
  using folder = temporaryFolder('store');
  await using store = await openStore(optionsIn(folder.path));
  const listener = vi.fn();
  const stops = [store.subscribe(listener), store.subscribe(listener)];
  await store.append([alert('a')], BY_CLI);
  expect(listener).toHaveBeenCalledTimes(2);
  for (const stop of stops) stop();
  await store.append([alert('b')], BY_CLI);
  expect(listener).toHaveBeenCalledTimes(2);
});

test('a listener that fails is told of, and keeps nobody else from hearing nor the process from going on', async () => {
  using folder = temporaryFolder('store');
  const complain = vi.fn();
  await using store = await openStore(optionsIn(folder.path, { complain }));
  const stop = store.subscribe(() => {
    throw new Error('a bug in a listener');
  });
  const heard = vi.fn();
  store.subscribe(heard);
  await store.append([alert('a')], BY_CLI);
  expect(complain.mock.calls).toEqual([[expect.stringContaining('a bug in a listener')]]);
  expect(heard).toHaveBeenCalledOnce();
  stop();
  expect(await store.append([alert('b')], BY_CLI)).toMatchObject([{ seq: 2 }]);
});

test('closing finishes what was accepted, refuses what comes after, and may be repeated', async () => {
  using folder = temporaryFolder('store');
  const options = optionsIn(folder.path, { syncDelay: 10 });
  const store = await openStore(options);
  const accepted = store.append([alert('a')], BY_CLI);
  const closing = store[Symbol.asyncDispose]();
  await expect(store.append([alert('b')], BY_CLI)).rejects.toSatisfy(storeClosed.matches);
  await closing;
  await store[Symbol.asyncDispose]();
  expect(await accepted).toMatchObject([{ seq: 1 }]);
  await using again = await openStore(options);
  expect(Object.keys(again.state.alerts)).toEqual(['a']);
});

test('a journal that is folded once more leads to what is known', async () => {
  using folder = temporaryFolder('rebuild');
  await using store = await openStore(optionsIn(folder.path));
  await store.append([taskCreated('1'), alert('a')], BY_CLI);
  expect(await store.rebuild()).toEqual({ equal: true, trouble: null, from: 0 });
});
