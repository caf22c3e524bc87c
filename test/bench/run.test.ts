import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const RUN = resolve('bench/run.mjs');
const FIGURES = resolve('bench/figures.mjs');

/** Runs a benchmark of one figure that is kept and one that is not. */
const bench = (args: readonly string[], options = '{}') => {
  const program = `
import { runBench } from ${JSON.stringify(RUN)};
import { limited } from ${JSON.stringify(FIGURES)};
const figure = (name, value) => ({ title: name, measure: () => ({ limits: [limited(name, value, 10, 'ms')] }) });
const broken = { title: 'broken', measure: () => { throw new Error('no such thing'); } };
await runBench('bench:some', { kept: figure('kept', 9), missed: figure('missed', 11), broken }, ${options});`;
  const argv = ['--input-type=module', '-e', program, '--', ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  return { status, stdout, stderr };
};

test('a missed limit is told, and fails the benchmark where it is asserted', () => {
  const told = bench(['--only', 'kept,missed']);
  expect([told.status, told.stderr]).toEqual([0, expect.stringMatching(/ok +kept.*MISSED +missed/su)]);
  expect(JSON.parse(told.stdout)).toMatchObject({ limits: [{ ok: true }, { ok: false, value: 11, limit: 10 }] });
  expect(bench(['--only', 'kept,missed', '--assert']).status).toBe(1);
  expect(bench(['--only', 'kept', '--assert']).status).toBe(0);
  expect(bench(['--only', 'missed'], '{ assert: true }').status).toBe(1);
});

test('what cannot be measured fails the benchmark in any case, and a measurement that is not there is a mistake', () => {
  expect(bench(['--only', 'broken'])).toMatchObject({ status: 1, stderr: expect.stringContaining('no such thing') });
  expect(bench(['--only', 'nothing'])).toMatchObject({ status: 2, stderr: expect.stringContaining('"nothing"') });
});
