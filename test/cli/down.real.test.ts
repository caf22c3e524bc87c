import { expect, test, vi } from 'vitest';
import { daemonRepository } from '../helpers/daemon.ts';
import { runMain } from '../helpers/io.ts';

test('"drover down" ends the daemon also while somebody waits for a task, who is told that it did not get done', async () => {
  await using repository = daemonRepository();
  const drover = (...argv: readonly string[]) => runMain(argv, { cwd: repository.root, env: repository.env });
  await drover('tasks', 'create', '--title', 'Ask', '--description', 'rehearse: ask Which port?');
  const waiting = drover('do', 'run task t1 wait=true');
  const asks = async () =>
    (await drover('instances', 'list', '--state', 'waiting', '--json')).stdout.includes('Which port?');
  await vi.waitUntil(asks, { timeout: 30_000, interval: 200 });
  const { exit, stderr } = await drover('down', '--yes');
  expect([exit, stderr]).toEqual([0, '']);
  expect(await waiting).toMatchObject({ exit: 1, stderr: expect.stringContaining('t1 did not get done') });
  expect(repository.pid()).toBeUndefined();
});
