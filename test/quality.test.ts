import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import config from '../vitest.config.ts';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

/** What a script runs, with the scripts that it calls in their places. */
const whole = (name: string): string =>
  scripts[name]!.replaceAll(/npm (?:run -s )?(?<called>[a-z:]+)/gu, (_all, called: string) => whole(called));

test('[QUA-1] CI runs what anybody runs in a fresh clone: npm ci and npm run check, which is lint, format, types, tests', () => {
  const steps = read('.ci/run')
    .split('\n')
    .flatMap((line) => /^[^#]*\b(?<step>npm (?:ci|run -s (?:build|check\S*)))/u.exec(line)?.groups?.['step'] ?? []);
  expect(steps).toEqual(['npm ci', 'npm run -s build', 'npm run -s check:text', 'npm run -s check:tests']);
  expect(scripts['check']).toBe(steps.slice(1).join(' && '));
  for (const part of ['biome lint', 'biome format', 'tsc -p tsconfig.json', 'tsc -p tsconfig.pure.json', 'vitest run'])
    expect(whole('check')).toContain(part);
  // The commit hook is the quick part of it.
  expect(read('scripts/hooks.mjs')).toContain('npm run -s check:quick');
  expect(scripts['check:text']).toContain('npm run -s check:quick');
});

test('[QUA-2] more than nine lines and branches of ten must be covered, of every file there is, and CI asks for it', () => {
  const { coverage } = config.test as {
    coverage: { include: string[]; thresholds: { lines: number; branches: number } };
  };
  expect(coverage.include).toEqual(['src/**/*.{ts,tsx}']);
  expect(Math.min(coverage.thresholds.lines, coverage.thresholds.branches)).toBeGreaterThanOrEqual(90);
  expect(scripts['check:tests']).toContain('vitest run --coverage');
});

test('[QUA-4] CI injects faults for two minutes beside the other checks, says its seed, and counts it', () => {
  // The first of each of these steps comes before the next one.
  const order = [
    'npm ci',
    'npm run -s build',
    'bench/chaos.mjs --minutes 2 --seed',
    'check:text',
    'check:tests',
    'wait "$chaos"',
    'scripts/ci-end.mjs',
  ];
  const run = read('.ci/run').replaceAll(/^#.*$/gmu, '');
  const places = order.map((step) => run.indexOf(step));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(Math.min(...places)).toBeGreaterThan(0);
});
