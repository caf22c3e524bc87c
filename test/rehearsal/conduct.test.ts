import { expect, test } from 'vitest';
import { parseBrief } from '../../src/rehearsal/brief.ts';
import { conductOf, disturbancesOf } from '../../src/rehearsal/conduct.ts';
import { readOptions } from '../../src/rehearsal/options.ts';
import { seededNumber } from '../../src/rehearsal/seeded-number.ts';

const options = (env: Record<string, string> = {}) => readOptions([], env);
const ids = Array.from({ length: 400 }, (_, n) => `${n}.${n % 7}`);
const hard = parseBrief('Complexity: 10');
const easy = parseBrief('Complexity: 1');

test('the same seed plays the same rehearsal, another seed another one', () => {
  const play = (seed: string) =>
    ids.map((id) => conductOf(id, easy, options({ DROVER_REHEARSAL_SEED: seed, DROVER_REHEARSAL_FAIL_RATE: '0.5' })));
  expect(play('a')).toEqual(play('a'));
  expect(play('a')).not.toEqual(play('b'));
});

test('chance is spread evenly', () => {
  const mean = ids.reduce((sum, id) => sum + seededNumber('x', id), 0) / ids.length;
  expect(mean).toBeGreaterThan(0.45);
  expect(mean).toBeLessThan(0.55);
});

test('a task takes a time of the range, the longer the more complex it is', () => {
  const range = options({ DROVER_REHEARSAL_TASK_MS: '100..200' });
  const times = (brief: typeof hard) => ids.map((id) => conductOf(id, brief, range).durationMs);
  expect(Math.min(...times(easy))).toBeGreaterThanOrEqual(100);
  expect(Math.max(...times(easy))).toBeLessThanOrEqual(130);
  expect(Math.min(...times(hard))).toBeGreaterThanOrEqual(170);
  expect(Math.max(...times(hard))).toBeLessThanOrEqual(200);
  expect(conductOf('1', parseBrief('rehearse: slow'), range).durationMs).toBeGreaterThan(400);
});

test('the share of the tasks that go wrong is the one asked for, by lies and crashes alike', () => {
  const count = (rate: string) => {
    const endings = ids.map((id) => conductOf(id, easy, options({ DROVER_REHEARSAL_FAIL_RATE: rate })).ending);
    return ['honest', 'lie', 'crash'].map((ending) => endings.filter((one) => one === ending).length);
  };
  expect([count('0'), count('nonsense')]).toEqual([
    [400, 0, 0],
    [400, 0, 0],
  ]);
  const [honest, lie, crash] = count('0.3') as [number, number, number];
  expect(honest).toBeGreaterThan(240);
  expect(honest).toBeLessThan(320);
  expect(Math.min(lie, crash)).toBeGreaterThan(30);
  expect(count('7')[0]).toBe(0);
});

test('a further attempt may go well', () => {
  const env = options({ DROVER_REHEARSAL_FAIL_RATE: '0.5' });
  const endings = ids.map((id) => [1, 2].map((n) => conductOf(id, parseBrief(`Attempt: ${n}`), env).ending));
  expect(endings.some(([first, second]) => first !== 'honest' && second === 'honest')).toBe(true);
});

test('directives decide over chance', () => {
  const env = options({ DROVER_REHEARSAL_FAIL_RATE: '1' });
  expect(ids.every((id) => conductOf(id, parseBrief('rehearse: lie'), env).ending !== 'honest')).toBe(true);
  expect(conductOf('1', parseBrief('rehearse: crash; lie'), options()).ending).toBe('crash');
  expect(conductOf('1', parseBrief('rehearse: lie'), options()).ending).toBe('lie');
});

test('a hang may be for the first starts of a task only', () => {
  const told = (words: string, start: number) =>
    disturbancesOf({ ...parseBrief(`rehearse: ${words}; flood 1kB`), start }).map(({ name }) => name);
  expect([told('hang', 5), told('hang 1', 1), told('hang 1', 2)]).toEqual([
    ['hang', 'flood'],
    ['hang', 'flood'],
    ['flood'],
  ]);
});

test('options are read from arguments and environment, and odd ones left out', () => {
  const env = { DROVER_INSTANCE: 'r-9', DROVER_REHEARSAL_TASK_MS: '900..100', DROVER_REHEARSAL_INPUT_LOG: '/l' };
  expect(readOptions(['--name', 'r-1', '--resume', 'c', '--', 'do', 'it'], env)).toEqual({
    name: 'r-1',
    conversation: 'c',
    resumed: true,
    mode: undefined,
    autonomy: 'edit',
    prompt: 'do it',
    taskMs: { lo: 100, hi: 900 },
    seed: 'drover',
    failRate: 0,
    inputLog: '/l',
  });
  expect(readOptions(['--session-id', 's'], env)).toMatchObject({ name: 'r-9', conversation: 's', resumed: false });
  expect(readOptions([], { DROVER_REHEARSAL_TASK_MS: '5' }).taskMs).toEqual({ lo: 5, hi: 5 });
  expect(readOptions([], { DROVER_REHEARSAL_TASK_MS: 'soon' })).toMatchObject({
    name: 'rehearsal',
    conversation: 'rehearsal',
    taskMs: { lo: 4000, hi: 12_000 },
  });
});
