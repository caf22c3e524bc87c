import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { decodeEvent } from '../../src/state/decode.ts';
import { type AppEvent, emptyState, eventSchemas, reduce, stateSchema } from '../../src/state/index.ts';
import { chainChecksum, hex } from '../../src/state/store/line.ts';
import { openStore } from '../../src/state/store/open.ts';
import { readSegment, segmentName } from '../../src/state/store/segment.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { optionsIn, placeJournal } from './store/place.ts';

const dir = new URL('../fixtures/journals/', import.meta.url);
const files = readdirSync(dir)
  .filter((name) => name.endsWith('.jsonl'))
  .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
const newest = files.at(-1)!;

const eventsOf = (file: string): readonly AppEvent[] =>
  readFileSync(new URL(file, dir), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => decodeEvent(line.slice(9)));

test.each(files)('the journal of %s still replays', (file) => {
  const state = eventsOf(file).reduce(reduce, emptyState);
  expect(state).toMatchSnapshot();
  expect(stateSchema.parse(state)).toEqual(state);
});

test.each(files)('the store opens the journal of %s and has the same state', async (file) => {
  using folder = temporaryFolder('replay');
  const options = optionsIn(folder.path);
  placeJournal(options.paths, new URL(file, dir));
  await using store = await openStore(options);
  expect(store.state).toMatchObject({ ...eventsOf(file).reduce(reduce, emptyState), seq: expect.any(Number) });
  expect(store.repairs).toEqual(['db.json was missing', 'the state was rebuilt from the journal']);
});

test('the newest recorded journal has every type of event', () => {
  const types = new Set(eventsOf(newest).map(({ type }) => type));
  expect([...types].toSorted()).toEqual(Object.keys(eventSchemas).toSorted());
});

test('a stretch of events that is delivered twice changes nothing', () => {
  const events = eventsOf(newest);
  const once = events.reduce(reduce, emptyState);
  fc.assert(
    fc.property(fc.nat(events.length), fc.nat(events.length), (end, from) => {
      const again = [...events.slice(0, end), ...events.slice(Math.min(from, end), end), ...events.slice(end)];
      expect(again.reduce(reduce, emptyState)).toEqual(once);
    }),
  );
});

test('a state that went through JSON in the middle of a replay ends the same, to the letter', () => {
  const events = eventsOf(newest);
  const whole = JSON.stringify(events.reduce(reduce, emptyState));
  events.forEach((_event, index) => {
    const half = JSON.parse(JSON.stringify(events.slice(0, index).reduce(reduce, emptyState)));
    expect(JSON.stringify(events.slice(index).reduce(reduce, half))).toBe(whole);
  });
});

/** The places of all objects in some data, as paths of keys. */
const objectsIn = (value: unknown, path: readonly string[] = []): (readonly string[])[] =>
  typeof value !== 'object' || value === null
    ? []
    : [
        ...(Array.isArray(value) ? [] : [path]),
        ...Object.entries(value).flatMap(([key, one]) => objectsIn(one, [...path, key])),
      ];

/** Whether a schema takes any key at a place; what agents hand over and tables by names are such places. */
const takesAny = (event: AppEvent, path: readonly string[]): boolean => {
  const changed = structuredClone(event.data) as Record<string, unknown>;
  let at = changed;
  for (const key of path) at = at[key] as Record<string, unknown>;
  const sample = Object.values(at)[0];
  at['added_later'] = sample ?? 'x';
  const schema: z.ZodType = eventSchemas[event.type];
  return JSON.stringify(schema.parse(changed)).includes('added_later');
};

test('an event of any type with a key that was added later is refused and not read without it', () => {
  let refused = 0;
  for (const event of eventsOf(newest))
    for (const path of objectsIn(event.data)) {
      if (takesAny(event, path)) continue;
      const more = structuredClone(event.data) as Record<string, unknown>;
      let at = more;
      for (const key of path) at = at[key] as Record<string, unknown>;
      at['added_later'] = 1;
      expect(() => decodeEvent(JSON.stringify({ ...event, data: more }))).toThrow('"added_later"');
      refused += 1;
    }
  expect(refused).toBeGreaterThan(Object.keys(eventSchemas).length);
});

test('a store with an event of a newer Drover is refused with a sentence, and nothing of it is written', async () => {
  using folder = temporaryFolder('newer');
  const options = optionsIn(folder.path);
  {
    await using store = await openStore(options);
    await store.append([{ type: 'daemon.stopped', data: { pid: 1 } }], { actor: 'daemon', corr: 'c' });
  }
  const path = `${options.paths.journal}/${segmentName(1)}`;
  const segment = await readSegment({ path, first: 1 });
  const json = JSON.stringify({
    ...{ seq: segment.end.seq + 1, at: new Date(0).toISOString(), corr: 'c', actor: 'daemon' },
    ...{ type: 'daemon.stopped', data: { pid: 2, reason: 'x' } },
  });
  appendFileSync(path, `${hex(chainChecksum(json, segment.end.crc))} ${json}\n`);
  const before = readFileSync(options.paths.projection, 'utf8');
  const line = readFileSync(path, 'utf8').trimEnd().split('\n').length;
  await expect(openStore(options)).rejects.toThrow(
    `event 2, "daemon.stopped", line ${line} of ${path} in the journal cannot be read: this version knows no "reason" of it`,
  );
  expect(readFileSync(options.paths.projection, 'utf8')).toBe(before);
});
