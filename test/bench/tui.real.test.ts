import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

type Report = {
  readonly limits: readonly { readonly name: string; readonly value: number; readonly limit: number }[];
  readonly not_measured: readonly string[];
  readonly results: Readonly<Record<string, { readonly figures: object }>>;
};

/** Runs a part of the benchmark with few samples: whether limits are kept is read where it is measured in peace. */
const quick = (part: string) => {
  const argv = [resolve('bench/tui.mjs'), '--only', part, '--quick'];
  const { stdout, stderr, status } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  const report = JSON.parse(stdout) as Report;
  expect([status, report.not_measured]).toEqual([0, []]);
  for (const { name, value } of report.limits) {
    expect(value).toBeGreaterThan(0);
    expect(stderr).toMatch(new RegExp(`(?:ok|MISSED) +${part} +${name}`, 'u'));
  }
  const limits = report.limits.map(({ name, limit }) => [name, limit]);
  return { limits, figures: report.results[part]!.figures };
};

test('[TUI-10] the benchmark of the screen prints echo and CPU under ten floods beside their limits', {
  timeout: 180_000,
}, () => {
  const { limits, figures } = quick('flood');
  expect(figures).toMatchObject({ panes: 10, lines_per_second_each: 200 });
  expect(limits).toEqual([
    ['from a key to its echo, p95', 100],
    ['CPU of the screen, of one core', 50],
  ]);
});

test('[TUI-3] the benchmark of the screen prints how soon it has what an agent prints and how it is, beside the limits', {
  timeout: 180_000,
}, () => {
  const { limits, figures } = quick('follow');
  expect(figures).toMatchObject({ tries: 10 });
  expect(limits).toEqual([
    ['from what an agent prints to the screen, p95', 1000],
    ['from a change of its state to the screen, p95', 1000],
  ]);
});
