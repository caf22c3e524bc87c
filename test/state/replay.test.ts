import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeEvent } from '../../src/state/decode.ts';
import { type AppEvent, emptyState, eventSchemas, reduce, stateSchema } from '../../src/state/index.ts';
import { openStore } from '../../src/state/store/open.ts';
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
