import { defineConfig } from 'vitest/config';

/** Where CI reads how many tests passed and failed. */
const results = process.env['TEST_RESULTS'];

const REAL = ['test/**/*.real.test.{ts,tsx}'];
/** These measure their own process, in which nothing else may have run. */
const ALONE = ['test/process/measure.test.ts', 'test/daemon/watch/spool-owners.test.ts'];

export default defineConfig({
  // The tests run React's production build, which has no use for development's JSX.
  oxc: { jsx: { runtime: 'automatic', development: false } },
  test: {
    // Longer than any wait for a real program, whose own end says what was missing.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // As test/helpers/patience.ts has it for the other ways to wait.
    expect: { poll: { timeout: 30_000, interval: 20 } },
    maxWorkers: 2,
    reporters: results ? ['default', ['json', { outputFile: results }]] : ['default'],
    globalSetup: ['test/helpers/leftovers.ts'],
    setupFiles: ['test/helpers/patience.ts'],
    projects: [
      // Modules are loaded once for all of these: for each file anew they took two fifths of the time.
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.{ts,tsx}'], exclude: [...REAL, ...ALONE], isolate: false },
      },
      { extends: true, test: { name: 'real', include: REAL, isolate: false } },
      { extends: true, test: { name: 'alone', include: ALONE } },
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
