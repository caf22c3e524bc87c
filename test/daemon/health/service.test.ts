import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeRounds, repeatRounds } from '../../../src/daemon/health/service.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

const options = () => {
  const stop = new AbortController();
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  return { complaint: 'looking failed', everyMs: 1000, log, signal: stop.signal, stop, lines };
};

test('[MON-1] a part is degraded from a round that failed to the next one that does not, and tells each reason once', async () => {
  const place = options();
  const rounds = makeRounds(place);
  expect(rounds.health()).toEqual({
    state: 'ok',
    why: null,
    indicators: { rounds: 0, failures: 0, last_round_ms_ago: null },
  });
  for (const why of ['no server', 'no server', 'no room'])
    await rounds.work(async () => {
      throw new Error(why);
    });
  vi.advanceTimersByTime(250);
  expect(rounds.health()).toEqual({
    state: 'degraded',
    why: 'no room.',
    indicators: { rounds: 3, failures: 3, last_round_ms_ago: 250 },
  });
  expect(place.lines).toEqual(['looking failed: no server', 'looking failed: no room']);
  await rounds.work(async () => undefined);
  expect(rounds.health()).toMatchObject({ state: 'ok', why: null });
});

test('[MON-1] a round that does not end is a failure while it lasts', async () => {
  const rounds = makeRounds(options());
  const { promise, resolve } = Promise.withResolvers<void>();
  const working = rounds.work(() => promise);
  vi.advanceTimersByTime(30_000);
  expect(rounds.health().state).toBe('ok');
  vi.advanceTimersByTime(11_000);
  expect(rounds.health()).toMatchObject({ state: 'failed', why: 'A round has not ended for 41 s.' });
  resolve();
  await working;
  expect(rounds.health().state).toBe('ok');
});

test('a part works in rounds until the daemon ends, and what fails by that is no failure', async () => {
  const place = options();
  let count = 0;
  const service = repeatRounds({ ...place, everyMs: 1, name: 'counter', capabilities: ['count'] }, async () => {
    count += 1;
    if (count < 3) return;
    place.stop.abort();
    throw new Error('it was ended');
  });
  await service.done;
  expect([count, place.lines, (await service.health()).state]).toEqual([3, [], 'ok']);
});
