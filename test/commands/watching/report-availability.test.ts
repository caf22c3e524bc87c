import { expect, test } from 'vitest';
import { reportAvailability } from '../../../src/commands/watching/report-availability.ts';
import type { Life } from '../../../src/state/lives.ts';
import { openDesk } from '../../helpers/desk.ts';

const life = (from: string, to: string, more: Partial<Life> = {}): Life => ({
  ...{ pid: 7, version: '1.0.0', from: `2025-12-31T${from}:00.000Z`, to: `2025-12-31T${to}:00.000Z` },
  ...{ silent_ms: 0, asleep_ms: 0, end: null, why: null, ...more },
});
const midnight = '2026-01-01T00:00:00.000Z';

/** Killed at 22:00 and back a minute later; ended at 22:30, and started again at 23:00. */
const lives = () => [
  life('21:00', '22:00'),
  life('22:01', '22:30', { end: 'ended' }),
  { ...life('23:00', '23:00'), to: midnight },
];

test('[QUA-9] the availability is the share of the time in which a daemon was wanted and its heart beat', async () => {
  const desk = openDesk(reportAvailability, [], { lives });
  const { message, data, exit } = await desk.say('report availability');
  expect([exit, message]).toEqual([
    0,
    'The daemon was available for 99.333 % of the time since 2025-12-31T21:00:00.000Z: down for 1m, in 1 end by itself, the longest 1m; 30m do not count, for nobody wanted one.',
  ]);
  expect(data).toMatchObject({ percent: 99.333, down_ms: 60_000, unwanted_ms: 1_800_000, deaths: 1 });
  expect((await desk.say('report availability since=1h')).data).toMatchObject({ percent: 100, deaths: 0 });
});

test('less than is wanted is bad news for a script', async () => {
  const desk = openDesk(reportAvailability, [], { lives });
  expect(await desk.say('report availability least=99')).toMatchObject({ exit: 0 });
  const { exit, message } = await desk.say('report availability least=99.9');
  expect([exit, message.endsWith(' That is less than 99.9 %.')]).toEqual([1, true]);
  const none = openDesk(reportAvailability, [], { lives: () => [] });
  expect(await none.say('report availability least=99')).toMatchObject({ exit: 0, data: { percent: null } });
});
