import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { drover } from '../bad-input/program.ts';
import { daemonRepository } from '../helpers/daemon.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const SLOW = fileURLToPath(new URL('../../bench/chaos/slow-sync.mjs', import.meta.url));
/** How long each sync of the daemon takes, in milliseconds: programs are asked meanwhile, on a machine that is busy. */
const STALL_MS = 8000;

test('[STO-7] a disk that keeps nothing for a while holds up who changes something, and nobody who only looks', async () => {
  using temporary = temporaryFolder('slow');
  await using repository = daemonRepository({ env: { TMPDIR: temporary.path } });
  const { root, env, paths } = repository;
  const say = (...argv: readonly string[]) => drover(argv, { cwd: root, env });
  const slow = { ...env, NODE_OPTIONS: `--import=${SLOW}` };
  expect((await drover(['launch', 'instance'], { cwd: root, env: slow })).exit).toBe(0);
  const pid = repository.pid();
  const stall = join(temporary.path, 'chaos-sync');
  writeFileSync(stall, String(STALL_MS));
  let answered = false;
  const creating = say('tasks', 'create', 'Later', '--id', 'slow-1').finally(() => {
    answered = true;
  });
  const health = await vi.waitUntil(async () => {
    const { exit, stdout } = await say('health');
    return exit === 1 && stdout;
  });
  expect(health).toMatch(/journal +\S+ degraded +What is commanded waits for its disk, since \d+ s/u);
  const looks = [await say('status'), await say('tasks', 'list'), await say('daemon', 'status')];
  expect(looks.map(({ exit, stderr }) => [exit, stderr])).toEqual(looks.map(() => [0, '']));
  // Nobody is told of what may still be lost.
  expect([answered, looks[1]?.stdout.includes('slow-1')]).toEqual([false, false]);
  rmSync(stall);
  expect(await creating).toMatchObject({ exit: 0, stderr: '', stdout: expect.stringContaining('Created slow-1') });
  await vi.waitUntil(async () => (await say('health')).exit === 0);
  expect((await say('alerts', 'list')).stdout).toContain('Nothing needs you.');
  expect(readFileSync(paths.daemonLog, 'utf8')).toMatch(/the disk took \d+\.\d s to keep what was recorded/u);
  expect(repository.pid()).toBe(pid);
});
