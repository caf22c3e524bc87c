import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/folder.ts';

const FINE = {
  name: resolve('test/fine.test.ts'),
  status: 'passed',
  message: '',
  assertionResults: [{ status: 'passed' }],
};
const FAULTS = '   1  daemon-kill 777 ms, answered again after 404 ms\n0 findings in 1 injections.\n';

type Run = {
  readonly results?: object;
  readonly testsCode?: number;
  readonly faults?: string;
  readonly faultsCode?: number;
};

/** What stands at the end of the log, and the code. */
const endOf = ({ results, testsCode = 0, faults = FAULTS, faultsCode = 0 }: Run) => {
  using folder = temporaryFolder('ci-end');
  const [tests, found] = [join(folder.path, 'tests.json'), join(folder.path, 'faults.txt')];
  writeFileSync(tests, results === undefined ? '' : JSON.stringify(results));
  writeFileSync(found, faults);
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [resolve('scripts/ci-end.mjs'), tests, String(testsCode), found, String(faultsCode)],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  return { lines: stdout.trimEnd().split('\n'), status };
};

test('where all is well, one line says how much', () => {
  expect(endOf({ results: { numPassedTests: 7, testResults: [FINE] } })).toEqual({
    lines: ['8 passed, 0 failed'],
    status: 0,
  });
});

test('the end of the log names the tests that failed, and the files of which none could be run', () => {
  const broken = {
    ...{ name: resolve('test/broken.test.ts'), status: 'failed', message: '' },
    assertionResults: [
      { status: 'passed' },
      { status: 'failed', fullName: 'two and two', failureMessages: ['\u001B[31mexpected 5\u001B[39m\n    at here'] },
    ],
  };
  const unread = {
    name: resolve('test/no.test.ts'),
    status: 'failed',
    message: 'no such module\n at',
    assertionResults: [],
  };
  const results = { numPassedTests: 2, testResults: [FINE, broken, unread] };
  expect(endOf({ results, testsCode: 1 })).toEqual({
    lines: [
      '',
      'Failed tests:',
      '  test/broken.test.ts: two and two: expected 5',
      '  test/no.test.ts: no such module',
      '3 passed, 2 failed',
    ],
    status: 1,
  });
});

test('a run that failed without a test that did counts as one failure, and so does one that never began', () => {
  const results = { numPassedTests: 7, testResults: [FINE] };
  expect(endOf({ results, testsCode: 1 })).toMatchObject({ lines: { length: 4, 3: '8 passed, 1 failed' }, status: 1 });
  expect(endOf({ testsCode: 1 })).toMatchObject({
    lines: ['', 'Failed tests:', '  None was run: a step before them failed.', '1 passed, 1 failed'],
    status: 1,
  });
});

test('[QUA-4] what the faults under load found stands at the end, within bounds', () => {
  const found = Array.from({ length: 80 }, (_, i) => `  ${i + 10}  FOUND with seed 7: ${'x'.repeat(400)}\n`).join('');
  const { lines, status } = endOf({
    ...{ results: { numPassedTests: 7, testResults: [FINE] }, faultsCode: 1 },
    faults: `${FAULTS}${found}80 findings in 1 injections.\n`,
  });
  expect(status).toBe(1);
  expect(lines.slice(0, 4)).toEqual([
    '',
    'The faults under load ended with 1:',
    '  0 findings in 1 injections.',
    `    10  FOUND with seed 7: ${'x'.repeat(300)}`.slice(0, 302),
  ]);
  expect(lines.slice(-2)).toEqual(['  … and 22 lines more.', '7 passed, 1 failed']);
  expect(lines).toHaveLength(64);
});
