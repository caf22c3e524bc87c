import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { attentionOf } from '../../../src/attention/attention.ts';
import { beaten, deathFacts, openHeart } from '../../../src/daemon/health/heart.ts';
import { type AppEvent, type EventDraft, emptyState, reduce, type State } from '../../../src/state/index.ts';
import { type Life, readLives } from '../../../src/state/lives.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { begin } from '../../tasks/journal.ts';

const START = Date.parse('2026-01-01T12:00:00.000Z');
const life: Life = {
  ...{ pid: 7, version: '1.0.0', from: '2026-01-01T12:00:00.000Z', to: '2026-01-01T12:00:00.000Z' },
  ...{ silent_ms: 0, asleep_ms: 0, end: null, why: null },
};

/** Hearts of one repository, one after the other, each with what it says. */
const stage = () => {
  const folder = temporaryFolder('heart');
  const paths = { lives: join(folder.path, 'lives'), heartbeat: join(folder.path, 'heartbeat') };
  let state: State = emptyState;
  const decide = async (facts: (now: State) => readonly EventDraft[]) => {
    const events = facts(state).map((draft, i) => {
      const event = { ...draft, seq: state.seq + i + 1, at: life.from, actor: 'daemon', corr: '' } as AppEvent;
      state = reduce(state, event);
      return event;
    });
    return events;
  };
  const open = (version = '1.0.0') => {
    const stop = new AbortController();
    const store = {
      get state() {
        return state;
      },
    } as never;
    const log: string[] = [];
    const services = { paths, store, decide, log: (line: string) => void log.push(line), signal: stop.signal };
    const heart = openHeart(services, { version });
    const end = async (): Promise<void> => {
      stop.abort();
      await heart.done;
    };
    return { heart, log, stop: end };
  };
  return { paths, open, state: () => state, [Symbol.dispose]: () => folder[Symbol.dispose]() };
};

const beat = (file: string): Life => readLives(readFileSync(file, 'utf8'))[0]!;

test('who connects finds the heartbeat of a new daemon at once, for the owner alone to read', async () => {
  using place = stage();
  const { heart, stop } = place.open('2.0.0');
  expect(beat(place.paths.heartbeat)).toMatchObject({ pid: process.pid, version: '2.0.0', end: null });
  expect(statSync(place.paths.heartbeat).mode & 0o777).toBe(0o600);
  expect(heart.health()).toMatchObject({ state: 'ok' });
  await stop();
});

test('the next daemon remembers how the ones before it ended, each once', async () => {
  using place = stage();
  const first = place.open();
  await first.stop();
  const second = place.open();
  second.heart.end('failed', 'boom\u001b[31m');
  second.heart.end('ended');
  await second.stop();
  const third = place.open();
  third.heart.end('ended');
  await third.stop();
  const fourth = place.open();
  expect(fourth.heart.lives().map(({ end, why }) => [end, why])).toEqual([
    [null, null],
    ['failed', 'boom'],
    ['ended', null],
    [null, null],
  ]);
  await fourth.stop();
});

test('what is remembered is bounded, and one that was killed while it noted the last is not counted twice', async () => {
  using place = stage();
  const many = Array.from({ length: 2500 }, (_, i) => ({ ...life, pid: i + 1 }));
  writeFileSync(place.paths.lives, many.map((one) => `${JSON.stringify(one)}\n`).join(''));
  writeFileSync(place.paths.heartbeat, JSON.stringify({ ...life, from: '2026-01-01T13:00:00.000Z', pid: 9999 }));
  const { heart, stop } = place.open();
  expect(heart.lives()).toHaveLength(2502);
  expect(readLives(readFileSync(place.paths.lives, 'utf8'))).toHaveLength(1000);
  writeFileSync(place.paths.heartbeat, JSON.stringify({ ...life, from: '2026-01-01T13:00:00.000Z', pid: 9999 }));
  const again = place.open();
  expect(again.heart.lives()).toHaveLength(1001);
  await Promise.all([stop(), again.stop()]);
});

test('a pause between two beats is silence, and the time that a machine sleeps is none', () => {
  const before = { wall: START, steady: 100, up: 5000 };
  expect(beaten(life, before, { wall: START + 1000, steady: 1100, up: 6000 })).toMatchObject({
    silent_ms: 0,
    asleep_ms: 0,
  });
  expect(beaten(life, before, { wall: START + 31_000, steady: 31_100, up: 36_000 })).toMatchObject({
    ...{ to: '2026-01-01T12:00:31.000Z', silent_ms: 30_000, asleep_ms: 0 },
  });
  expect(beaten(life, before, { wall: START + 3_601_000, steady: 1100, up: 3_606_000 })).toMatchObject({
    ...{ silent_ms: 0, asleep_ms: 3_600_000 },
  });
});

test('three ends by themselves within ten minutes are an alert that says why, until it has gone on for so long', () => {
  const died = (seconds: number, more: Partial<Life> = {}): Life => ({
    ...{ ...life, to: new Date(START + seconds * 1000).toISOString() },
    ...more,
  });
  const lives = [died(0), died(10), died(20, { end: 'failed', why: 'out of luck' })];
  expect(deathFacts(emptyState, lives.slice(1), START + 30_000)).toEqual([]);
  const facts = deathFacts(emptyState, lives, START + 30_000);
  const text = 'The daemon ended by itself 3 times within 10 minutes, last at 2026-01-01T12:00:20.000Z: out of luck';
  expect(facts).toMatchObject([{ type: 'alert.raised', data: { severity: 'warning', text } }]);
  expect(attentionOf(begin(...facts)).needs).toEqual([]);
  const state = { ...emptyState, alerts: { 'daemon-ends': { text } } } as unknown as State;
  expect(deathFacts(state, lives, START + 30_000)).toEqual([]);
  expect(deathFacts(state, lives, START + 700_000)).toMatchObject([{ type: 'alert.cleared' }]);
  // Nor do ends that are still to come by a clock which was set back.
  expect(deathFacts(state, lives, START - 3_600_000)).toMatchObject([{ type: 'alert.cleared' }]);
});

test('daemons that ended by themselves are told of by the one that comes after them', async () => {
  using place = stage();
  const now = new Date().toISOString();
  const lives = [1, 2, 3].map((pid) => ({ ...life, pid, from: now, to: now }));
  writeFileSync(place.paths.lives, lives.map((one) => `${JSON.stringify(one)}\n`).join(''));
  const { stop } = place.open();
  await vi.waitUntil(() => Object.keys(place.state().alerts).length > 0);
  expect(place.state().alerts['daemon-ends']?.text).toContain('3 times');
  await stop();
});

test('where the heartbeat cannot be written any more that is told, and nothing ends', async () => {
  using place = stage();
  const { heart, log, stop } = place.open();
  (place.paths as { heartbeat: string }).heartbeat = '/proc/nothing/heartbeat';
  heart.end('ended');
  expect(log).toEqual([expect.stringContaining('how the daemon ended could not be noted')]);
  await stop();
});
