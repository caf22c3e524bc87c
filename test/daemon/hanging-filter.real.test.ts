import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { State } from '../../src/state/index.ts';
import { daemonRepository } from '../helpers/daemon.ts';
import { runMain } from '../helpers/io.ts';
import { doing } from './doing-agent.ts';
import { sayAs } from './process.ts';
import { until } from './until.ts';

/** A repository with a clean filter of the person that never comes to its end, and an agent that has it used. */
const hanging = () => {
  const settings = { ...doing, checks: { task: 'true' }, timeouts: { stop_ms: 1000 } };
  const repository = daemonRepository({ settings, files: { 'a.txt': 'a\n' } });
  const { env, git, paths, root } = repository;
  // No other test has a program with this number.
  const seconds = 3_000_000 + process.pid;
  git('config', 'filter.h.clean', `sleep ${seconds}`);
  const drover = (...argv: readonly string[]) => runMain(argv, { cwd: root, env });
  return {
    ...repository,
    drover,
    state: async () => ((await sayAs(paths, '', 'status swarm detailed'))?.data as { state: State } | undefined)!.state,
    filters: (): string => {
      try {
        return execFileSync('pgrep', ['-f', `sleep ${seconds}`], { encoding: 'utf8' }).trim();
      } catch {
        return '';
      }
    },
    /** Resolves when a claim is verified, for which a git waits that waits for the filter. */
    verifying: async (filters: () => string) => {
      const does = "git commit -q --allow-empty -m x; echo b > a.txt; echo '* filter=h' > .gitattributes";
      await drover('do', `create task "Work" id=t1 description="DO<${does}>"`);
      await drover('do', 'run task t1');
      await vi.waitUntil(() => filters() !== '', { timeout: 60_000, interval: 50 });
    },
  };
};

test('a daemon that ends ends the git that waits for a filter, and the next one goes on where it was', async () => {
  await using swarm = hanging();
  await swarm.verifying(swarm.filters);
  await until(swarm, (now) => now.tasks['t1']?.state === 'verifying');
  const pid = swarm.pid();
  expect(await swarm.drover('daemon', 'stop')).toMatchObject({ exit: 0, stderr: '' });
  expect([pid === undefined, swarm.pid()]).toEqual([false, undefined]);
  await vi.waitUntil(() => swarm.filters() === '');
  await swarm.drover('daemon', 'start');
  expect((await swarm.state()).tasks['t1']).toMatchObject({ state: 'verifying', run: { failure: null } });
}, 120_000);

test('a git that waits for a filter holds nobody up for long, and what it waits for is told', async () => {
  await using swarm = hanging();
  await swarm.verifying(swarm.filters);
  const { tasks, alerts } = await until(swarm, (now) =>
    Object.values(now.alerts).some(({ text }) => /stood still/u.test(text)),
  );
  const path = join(swarm.paths.worktrees, (tasks['t1']!.run ?? tasks['t1']!.history[0]!).instance);
  const stood = new RegExp(`"git [a-z-]+" in ${path} stood still for 10 s, waiting for ".*sleep \\d+`);
  expect(tasks['t1']?.run?.failure?.message ?? tasks['t1']?.history[0]?.failure?.message).toMatch(stood);
  expect(Object.values(alerts).map(({ text }) => text)).toContainEqual(expect.stringMatching(/stood still/));
  const listed = await swarm.drover('worktrees', 'list');
  expect([listed.exit, listed.stdout.replace(/\s+/gu, ' ')]).toEqual([0, expect.stringMatching(/stood still/)]);
  writeFileSync(join(path, 'b.txt'), 'b\n');
  const down = await swarm.drover('down', '--yes');
  expect([down.exit, swarm.pid(), swarm.filters()]).toEqual([0, undefined, '']);
}, 180_000);
