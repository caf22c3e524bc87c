import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Where CI reads how many tests passed and failed. */
const results = process.env['TEST_RESULTS'];

const REAL = ['test/**/*.real.test.{ts,tsx}'];
/** These measure their own process, in which nothing else may have run. */
const ALONE = ['test/process/measure.test.ts', 'test/daemon/watch/spool-owners.test.ts'];

const LATER = { sequence: { groupOrder: 1 } };

/** Where nobody knows yet how long files take, the large ones come first; these are small and long, and would be alone at the end. */
const LONG = [
  ...['bench/nfr', 'bench/tui', 'bench/cuts', 'e2e/ux-daily', 'e2e/rehearse', 'git/private/bomb'].map(
    (name) => `test/${name}.real.test.ts`,
  ),
  ...['daemon/simulation/core', 'protocol/long-lines', 'link/pipe', 'tui/golden'].map((name) => `test/${name}.test.ts`),
];

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const place = (spec: TestSpecification): string =>
      `${spec.project.config.sequence.groupOrder} ${spec.project.name} ${LONG.some((name) => spec.moduleId.endsWith(name)) ? 0 : 1}`;
    const places = [...new Set(sorted.map((spec) => place(spec)))].toSorted();
    return places.flatMap((one) => sorted.filter((spec) => place(spec) === one));
  }
}

export default defineConfig({
  // The tests run React's production build, which has no use for development's JSX.
  oxc: { jsx: { runtime: 'automatic', development: false } },
  test: {
    // Longer than any wait for a real program, whose own end says what was missing.
    testTimeout: 240_000,
    hookTimeout: 60_000,
    // As test/helpers/patience.ts has it for the other ways to wait.
    expect: { poll: { timeout: 60_000, interval: 20 } },
    // Twice as many as CI has processors: a file with real programs keeps one busy for half to two thirds of its time.
    maxWorkers: 4,
    sequence: { sequencer: LongFirst },
    reporters: results ? ['default', ['json', { outputFile: results }]] : ['default'],
    globalSetup: ['test/helpers/leftovers.ts'],
    setupFiles: ['test/helpers/patience.ts'],
    projects: [
      // Modules are loaded once for all of these: for each file anew they took two fifths of the time.
      {
        extends: true,
        test: {
          ...{ name: 'unit', include: ['test/**/*.test.{ts,tsx}'], exclude: [...REAL, ...ALONE], isolate: false },
          // These wait for nothing but the processor, and the workers of another number have a time of their own: the first,
          // in which CI still injects faults.
          maxWorkers: 2,
        },
      },
      { extends: true, test: { name: 'real', include: REAL, isolate: false, ...LATER } },
      { extends: true, test: { name: 'alone', include: ALONE, ...LATER } },
    ],
    env: { NODE_ENV: 'production', FORCE_COLOR: '1' },
    coverage: {
      provider: 'v8',
      include: ['src/**/*.{ts,tsx}'],
      exclude: ['src/ports/**'],
      reporter: ['text-summary', 'json-summary', 'html'],
      thresholds: { lines: 90, branches: 90 },
    },
  },
});
