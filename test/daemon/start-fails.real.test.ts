import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { drover, eventually } from '../bad-input/program.ts';
import { alive, daemonRepository } from '../helpers/daemon.ts';

/** Loses a promise in the daemon alone, as soon as that hears of lost promises: long before it is open. */
const LOSES = `if (/daemon.main/u.test(process.argv[1] ?? ''))
  process.on('newListener', (name) => {
    if (name === 'unhandledRejection') setImmediate(() => void Promise.reject(new Error('lost at the start')));
  });
`;

test('a daemon that loses a promise while it starts says so, ends, and holds its lock no more', async () => {
  await using repository = daemonRepository();
  const { root, env, pid } = repository;
  const file = join(env['HOME']!, 'loses.mjs');
  writeFileSync(file, LOSES);
  const failed = await drover(['status'], { cwd: root, env: { ...env, NODE_OPTIONS: `--import=${file}` } });
  expect([failed.exit, failed.stderr]).toEqual([1, expect.stringContaining('The daemon failed: lost at the start')]);
  await eventually(() => pid() === undefined);
  expect(await drover(['status'], { cwd: root, env })).toMatchObject({ exit: 0, stderr: '' });
  expect(alive(pid()!)).toBe(true);
});
