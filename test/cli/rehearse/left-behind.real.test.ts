import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { removeLeftBehind } from '../../../src/cli/rehearse/left-behind.ts';
import { SCRATCH } from '../../../src/cli/rehearse/scratch-swarm.ts';
import { connectOrStart } from '../../../src/client/start.ts';
import { expectNothingLeft, place, processesOf, start } from '../../e2e/place.ts';
import { alive, daemonRepository } from '../../helpers/daemon.ts';

afterEach(() => void vi.unstubAllEnvs());

/** What the next start does first, in the temporary folder of the place. */
const clean = async ({ env }: ReturnType<typeof place>): Promise<void> => {
  vi.stubEnv('TMPDIR', env.TMPDIR);
  await removeLeftBehind(env);
};

test.each([
  ['rehearse', (): string[] => []],
  ['rehearse --keep', (at: ReturnType<typeof place>) => ['--keep', join(at.path, 'kept')]],
])('what kill -9 leaves of %s is ended and removed by the next start', async (_name, more) => {
  const at = place();
  const { child, printed, ended } = start(
    ['rehearse', '--instances', '1', '--task-ms', '60000..60000', ...more(at)],
    at,
  );
  await vi.waitFor(() => expect(printed.stderr).toMatch(/tasks? starts?|queued/u), { timeout: 40_000, interval: 20 });
  child.kill('SIGKILL');
  await ended;
  expect(processesOf(at).length).toBeGreaterThan(1);
  await clean(at);
  await expectNothingLeft(at);
  const kept = join(at.path, 'kept');
  if (!existsSync(kept)) return;
  const listed = execFileSync('git', ['-C', kept, 'worktree', 'list', '--porcelain'], { encoding: 'utf8' });
  expect(listed.match(/^worktree /gmu)).toHaveLength(1);
});

/** A scratch folder of a process that has ended. */
const abandoned = (at: ReturnType<typeof place>, root: (home: string) => string, host = hostname()): string => {
  const home = mkdtempSync(join(at.env.TMPDIR, SCRATCH));
  const pid = spawnSync('true').pid;
  writeFileSync(join(home, 'owner.json'), JSON.stringify({ host, pid, root: root(home) }));
  return home;
};

test('a kept repository that has a swarm of its owner’s by now keeps its daemon', async () => {
  await using repository = daemonRepository();
  const { paths, env } = repository;
  (await connectOrStart(paths, env)).close();
  const pid = repository.pid()!;
  const at = place();
  const home = abandoned(at, () => repository.root);
  await clean(at);
  expect([existsSync(home), alive(pid), repository.pid()]).toEqual([false, true, pid]);
});

test('what is not known to be ours and dead stays', async () => {
  const at = place();
  const foreign = abandoned(at, (home) => join(home, 'rehearsal'), 'another-machine');
  const fresh = mkdtempSync(join(at.env.TMPDIR, SCRATCH));
  const filled = mkdtempSync(join(at.env.TMPDIR, SCRATCH));
  mkdirSync(join(filled, 'data'));
  const empty = mkdtempSync(join(at.env.TMPDIR, SCRATCH));
  const longAgo = new Date(Date.now() - 120_000);
  for (const folder of [filled, empty]) utimesSync(folder, longAgo, longAgo);
  const broken = abandoned(at, (home) => join(home, 'never-made'));
  await clean(at);
  expect([foreign, fresh, filled, empty, broken].map((folder) => existsSync(folder))).toEqual([
    ...[true, true, true],
    ...[false, false],
  ]);
  for (const name of readdirSync(at.env.TMPDIR)) rmSync(join(at.env.TMPDIR, name), { recursive: true });
});
