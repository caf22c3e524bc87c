import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { checkProblem } from '../../src/tasks/check-problem.ts';
import { tellingLine } from '../../src/tasks/telling-line.ts';

const FOLDER = new URL('../fixtures/checks/', import.meta.url);

/** What a tool has printed. */
const printedBy = (name: string) => {
  const [stdout = '', stderr = ''] = readFileSync(new URL(`${name}.txt`, FOLDER), 'utf8').split('--- stderr ---\n');
  return { stdout, stderr };
};

const TELLING: Readonly<Record<string, string>> = {
  'node-test-fails': '✖ drops accents (0.0ms)',
  'node-test-passes': '',
  'tap-fails': 'not ok 2 - drops accents',
  'vitest-fails': "AssertionError: expected 'é' to be 'e' // Object.is equality",
  'vitest-passes': '',
  'jest-fails': '● drops accents',
  'pytest-fails': "FAILED test_slug.py::test_drop - AssertionError: assert 'é' == 'e'",
  'pytest-passes': '',
  'cargo-test-fails': 'assertion `left == right` failed',
  'cargo-test-passes': '',
  'cargo-does-not-compile': "error[E0277]: can't compare `&str` with `{integer}`",
  'go-test-fails': 'slug_test.go:12: Slug("é") = "é", want "e"',
  'make-fails': 'make: *** [Makefile:3: test] Error 1',
};

test.each(Object.entries(TELLING))('of what %s has printed the line that says most is found', (name, line) => {
  expect(tellingLine(printedBy(name)).replace(/\([\d.]+ms\)/u, '(0.0ms)')).toBe(line);
});

test('every output that lies there is looked at', () => {
  expect(readdirSync(FOLDER).map((file) => basename(file, '.txt'))).toEqual(Object.keys(TELLING).toSorted());
});

test.each([
  ['the last words where nothing looks like a failure', 'seven is odd\n', '', 'seven is odd'],
  ['what is said aside', 'looking\n', 'no network\n', 'no network'],
  [
    'what failed behind tests that passed',
    `${printedBy('node-test-passes').stdout}a.ts(3,5): error TS2322: no\n`,
    '',
    'a.ts(3,5): error TS2322: no',
  ],
  [
    'nothing of what is said aside where all went well',
    printedBy('node-test-passes').stdout,
    '(node:1) Warning: old\n',
    '',
  ],
  [
    'what failed aside where all went well',
    printedBy('node-test-passes').stdout,
    'sh: 1: lint: not found\n',
    'sh: 1: lint: not found',
  ],
  [
    'the problem, not how many',
    '  3:5  error  x is unused  no-unused-vars\n\n✖ 1 problem (1 error, 0 warnings)\n',
    '',
    '3:5  error  x is unused  no-unused-vars',
  ],
  [
    'what made make end',
    'slug.c:3:1: error: expected a sign\n',
    'make: *** [Makefile:2: slug.o] Error 1\n',
    'slug.c:3:1: error: expected a sign',
  ],
  [
    'no title of a test that passed',
    '✔ fails on an error (1ms)\nℹ fail 0\nℹ duration_ms 3.2\nnot sorted\n',
    '',
    'not sorted',
  ],
  ['no line that says that there are no errors', 'bad name: x\n0 errors\n', '', 'bad name: x'],
  ['nothing where nothing was printed', '', '\n', ''],
])('it is %s', (_what, stdout, stderr, line) => {
  expect(tellingLine({ stdout, stderr })).toBe(line);
});

test('a command whose last part said nothing has just ended', () => {
  const exit = { code: 1, signal: null, timedOut: false, ...printedBy('node-test-passes') };
  expect(checkProblem('npm test && grep -q accents slug.test.js', exit)).toBe(
    '"npm test && grep -q accents slug.test.js" ended with 1',
  );
  expect(checkProblem('npm test', { ...exit, code: 0 })).toBeUndefined();
});

test('a line without an end is read in a moment', () => {
  const long = `${'error '.repeat(40_000)}\n${'('.repeat(200_000)}`;
  const before = process.cpuUsage();
  expect(tellingLine({ stdout: long, stderr: `${'x '.repeat(100_000)}` })).toMatch(/^error error/u);
  // What looks at each end for each beginning takes minutes of a processor; what others do on the machine counts for nothing.
  expect(process.cpuUsage(before).user / 1000).toBeLessThan(5000);
});
