import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import config from '../vitest.config.ts';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

test('[QUA-2] more than nine lines and branches of ten must be covered, of every file there is, and CI asks for it', () => {
  const { coverage } = config.test as {
    coverage: { include: string[]; thresholds: { lines: number; branches: number } };
  };
  expect(coverage.include).toEqual(['src/**/*.{ts,tsx}']);
  expect(Math.min(coverage.thresholds.lines, coverage.thresholds.branches)).toBeGreaterThanOrEqual(90);
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  expect(scripts['check']).toContain('test:coverage');
  expect(read('.ci/run')).toContain('npm test -- --coverage');
});
