import { expect, test } from 'vitest';
import { makeRests } from '../../../src/daemon/actions/rests.ts';
import type { Recovery } from '../../../src/state/recovery.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { servicesWith } from '../../helpers/services.ts';
import { after, begin, created, instance, moved, requested, started } from '../../tasks/journal.ts';

const START = Date.parse('2026-01-01T12:00:00.000Z');
const HOUR = 3_600_000;
const LONGEST = 600_000;
const settings = settingsSchema.parse({ timeouts: { idle_ms: LONGEST } });

const dueAt = (ms: number): Recovery => ({
  ...{ task: '1', class: 'crash', message: 'it ended', tries: 1, most: 3, unready: false },
  ...{ next: 'restart', due: new Date(START + ms).toISOString() },
});
const broken = (due: Recovery) =>
  after(
    begin(...instance('c-1', 'working'), created('1'), requested('1'), started('1', 'c-1')),
    moved('c-1', 'failed'),
    { type: 'instance.recovery_planned', data: { instance_id: 'c-1', recovery: due } },
  );

/** What is told of a program that is due at a time, by daemons on a machine whose clock is set. */
const stage = (dueIn: number) => {
  const state = broken(dueAt(dueIn));
  let steady = 5000;
  let wall = START;
  const services = servicesWith({ store: { state }, settings, now: () => new Date(wall).toISOString() });
  const daemon = () => makeRests(services, () => steady);
  return {
    daemon,
    pass: (ms: number) => {
      steady += ms;
      wall += ms;
    },
    set: (ms: number) => {
      wall += ms;
    },
  };
};

test('a program that failed has rested when its time has come, and nothing is waited for after that', () => {
  const { daemon, pass } = stage(2000);
  const rests = daemon();
  expect([rests().hasRested('c-1'), rests().nextMs()]).toEqual([false, 2000]);
  pass(1500);
  expect([rests().hasRested('c-1'), rests().nextMs()]).toEqual([false, 500]);
  pass(500);
  expect([rests().hasRested('c-1'), rests().nextMs()]).toEqual([true, undefined]);
});

test.each([HOUR, -HOUR])('a clock that is set by %d ms changes nothing of a rest', (jump) => {
  const { daemon, pass, set } = stage(2000);
  const rests = daemon();
  rests();
  set(jump);
  pass(1500);
  expect([rests().hasRested('c-1'), rests().nextMs()]).toEqual([false, 500]);
  pass(500);
  expect(rests().hasRested('c-1')).toBe(true);
});

test('after a clock was set back between two daemons a program rests no longer than any does', () => {
  const { daemon, pass, set } = stage(2000);
  set(-HOUR);
  const rests = daemon();
  expect(rests().nextMs()).toBe(LONGEST);
  pass(LONGEST);
  expect(rests().hasRested('c-1')).toBe(true);
});

test('a new time for the same instance is a new rest', () => {
  let state = broken(dueAt(2000));
  const services = servicesWith({
    store: {
      get state() {
        return state;
      },
    },
    settings,
    now: () => new Date(START).toISOString(),
  });
  const rests = makeRests(services, () => 0);
  expect(rests().nextMs()).toBe(2000);
  state = broken(dueAt(7000));
  expect(rests().nextMs()).toBe(7000);
});
