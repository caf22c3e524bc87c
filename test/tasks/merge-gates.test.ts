import { expect, test } from 'vitest';
import { settingsSchema } from '../../src/state/settings.ts';
import type { Task } from '../../src/state/tasks.ts';
import { gateProblem, gatesFor, readCoverage } from '../../src/tasks/merge-gates.ts';
import { stateOf } from '../state/fold.ts';
import { taskCreated } from '../state/story.ts';

const ended = (stdout: string, code = 0) => ({ code, signal: null, stdout, stderr: '', timedOut: false });

const tests = { name: 'tests', command: 'npm test' };

test('merges are judged by the check of merges, without it by those of their tasks, and then by the gates', () => {
  const { 1: one, 2: two } = stateOf(taskCreated('1'), taskCreated('2')).tasks as Record<string, Task>;
  const tasks = [
    { ...one!, check: 'make a' },
    { ...two!, check: 'make b' },
    { ...two!, check: 'make a' },
  ];
  const commands = (checks: object) => gatesFor(settingsSchema.parse({ checks }), tasks).map((gate) => gate.command);
  expect(commands({ merge: 'make all', gates: [tests] })).toEqual(['make all', 'npm test']);
  expect(commands({ gates: [tests] })).toEqual(['make a', 'make b', 'npm test']);
});

test.each([
  ['', 'Statements : 71.25% ( 57/80 )\nLines : 80 %', 80],
  ['All files[^|]*\\|\\s*([\\d.]+)', 'File | % Stmts\nAll files | 64.5 | 1\nsrc | 99', 64.5],
  ['TOTAL.* (\\d+)%$', 'TOTAL 10 2 83%\nmore', 83],
  ['', 'nothing of the kind', undefined],
])('[GIT-7] the pattern %j finds the coverage', (pattern, output, expected) => {
  expect(readCoverage({ minimum: 0, ...(pattern === '' ? {} : { pattern }) }, output)).toBe(expected);
});

test('[GIT-7] a gate fails by how it ends, by too little coverage, and where it prints none', () => {
  const gate = { name: 'coverage', command: 'npm run cover', coverage: { minimum: 80 } };
  expect(gateProblem(gate, ended('covered 80 %'))).toBeUndefined();
  expect(gateProblem(gate, ended('covered 79.9 %'))).toBe('coverage: 79.9 % is below 80 %');
  expect(gateProblem(gate, ended(''))).toBe('coverage: it printed no coverage');
  expect(gateProblem(gate, ended('bad', 2))).toBe('coverage: "npm run cover" ended with 2: bad');
  expect(gateProblem({ ...tests, name: 'check' }, ended('bad', 2))).toBe('"npm test" ended with 2: bad');
});

test('a pattern without a number in parentheses is refused, as is one that is none', () => {
  const issues = (pattern: string) =>
    settingsSchema.safeParse({ checks: { gates: [{ ...tests, coverage: { minimum: 1, pattern } }] } }).success;
  expect(['([0-9]+)', '(?<n>[0-9]+)%'].map(issues)).toEqual([true, true]);
  expect(['[0-9]+', '(?:[0-9]+)', '('].map(issues)).toEqual([false, false, false]);
});
