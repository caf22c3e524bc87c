import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

type Report = {
  readonly limits: readonly { readonly name: string; readonly value: number; readonly limit: number }[];
  readonly not_measured: readonly string[];
  readonly results: { readonly flood: { readonly figures: object } };
};

test('[TUI-10] the benchmark of the screen prints echo and CPU under ten floods beside their limits', {
  timeout: 180_000,
}, () => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [resolve('bench/tui.mjs'), '--only', 'flood', '--quick'],
    { encoding: 'utf8' },
  );
  const report = JSON.parse(stdout) as Report;
  expect([status, report.not_measured]).toEqual([0, []]);
  expect(report.results.flood.figures).toMatchObject({ panes: 10, lines_per_second_each: 200 });
  // Whether they are kept a loaded machine cannot tell: that is read where it is measured in peace.
  expect(report.limits.map(({ name, limit }) => [name, limit])).toEqual([
    ['from a key to its echo, p95', 100],
    ['CPU of the screen, of one core', 50],
  ]);
  for (const { name, value } of report.limits) {
    expect(value).toBeGreaterThan(0);
    expect(stderr).toMatch(new RegExp(`(?:ok|MISSED) +flood +${name}`, 'u'));
  }
});
