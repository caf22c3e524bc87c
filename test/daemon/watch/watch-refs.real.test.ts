import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { lostRefs } from '../../../src/daemon/watch/lost-refs.ts';
import { watchRefs } from '../../../src/daemon/watch/watch-refs.ts';
import type { Git } from '../../../src/ports/index.ts';
import { openWorld, type World } from '../../git/world.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';

const REF = 'refs/heads/topic';
const SOON = { timeout: 30_000, interval: 20 };

/** The watch of a daemon that reaches git in this way; `end` ends it. */
const openWatch = (world: World, parts: Partial<Git> = {}) => {
  const stop = new AbortController();
  const alerts: string[] = [];
  const log: string[] = [];
  const { root, git } = world;
  const services = servicesWith({
    paths: { guard: join(world.home, 'guard'), commonDir: git.commonDir, root },
    store: { state: { instances: {}, tasks: {} } },
    settings: { branches: { integration: 'drover/integration' } },
    now: () => new Date().toISOString(),
    log: (line: string) => void log.push(line),
    decide: async (decide: (state: object) => readonly { readonly data: { readonly id: string } }[]) => {
      alerts.push(...decide({}).map(({ data }) => data.id));
      return [];
    },
    signal: stop.signal,
    ...servicesOn({ git: { ...git, ...parts } }),
  });
  const { done } = watchRefs(services);
  const file = join(world.home, 'guard', 'refs.json');
  const known = (): Record<string, string> => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {});
  const end = (): Promise<void> => {
    stop.abort();
    return done;
  };
  return { alerts, log, known, lost: () => lostRefs(services), end, [Symbol.asyncDispose]: end };
};

/** A branch that somebody writes to without git, which is past the guard whoever it was. */
const openForged = async () => {
  const world = await openWorld();
  await world.git.createBranch('topic', world.first);
  const other = world.commit(world.first, { a: 'a' });
  return { world, forge: () => writeFileSync(join(world.git.commonDir, REF), `${other}\n`), other };
};

test('what could not be kept of a branch that was changed past the guard is kept and told of by the next look', async () => {
  const { world, forge } = await openForged();
  await using _world = world;
  let failures = 1;
  const archive: Git['archive'] = async (name, commit) => {
    failures -= 1;
    if (failures >= 0) throw new Error('the lock is held');
    return world.git.archive(name, commit);
  };
  await using watch = openWatch(world, { archive });
  await vi.waitUntil(() => watch.known()[REF] === world.first, SOON);
  forge();
  await vi.waitUntil(() => watch.log.length > 0, SOON);
  expect(watch.log).toEqual(['looking at refs failed: the lock is held']);
  world.user('tag', 'later');
  await vi.waitUntil(() => 'refs/tags/later' in watch.known(), SOON);
  await vi.waitUntil(() => watch.alerts.length > 0, SOON);
  expect(watch.alerts).toEqual([`ref:${REF}`]);
  expect(await watch.lost()).toMatchObject([{ ref: REF, from: world.first }]);
});

test('what was changed past the guard and not told of when the daemon was killed is told of by the next one, once', async () => {
  const { world, forge } = await openForged();
  await using _world = world;
  const reached = Promise.withResolvers<void>();
  const archive: Git['archive'] = () => {
    reached.resolve();
    return new Promise(() => undefined);
  };
  const killed = openWatch(world, { archive });
  await vi.waitUntil(() => killed.known()[REF] === world.first, SOON);
  forge();
  await reached.promise;
  void killed.end();
  await using next = openWatch(world);
  await vi.waitUntil(() => next.alerts.length > 0, SOON);
  expect([next.alerts, await next.lost()]).toMatchObject([[`ref:${REF}`], [{ ref: REF, from: world.first }]]);
});

test('what a person adds to the integration branch in its worktree is theirs, and what they take away there is told of', async () => {
  await using world = await openWorld();
  const { user, home, first, git } = world;
  const [ref, place] = ['refs/heads/drover/integration', join(home, 'integration')];
  user('worktree', 'add', '-q', '-b', 'drover/integration', place, first);
  user('-C', place, 'commit', '-q', '--allow-empty', '-m', 'work');
  user('commit', '-q', '--allow-empty', '-m', 'other');
  const tip = await git.resolve('drover/integration');
  await using watch = openWatch(world);
  await vi.waitUntil(() => watch.known()[ref] === tip, SOON);
  user('-C', place, 'merge', '-q', '-m', 'both', 'main');
  const merged = await git.resolve('drover/integration');
  await vi.waitUntil(() => watch.known()[ref] === merged, SOON);
  expect([watch.alerts, watch.log.length]).toEqual([[], 1]);
  expect(watch.log[0]).toContain('drover/integration was moved from');
  user('-C', place, 'reset', '-q', '--hard', tip!);
  await vi.waitUntil(() => watch.known()[ref] === tip, SOON);
  expect(watch.alerts).toEqual([`ref:${ref}`]);
});

test('what is added to the integration branch from elsewhere is told of', async () => {
  await using world = await openWorld();
  const { user, home, first } = world;
  const ref = 'refs/heads/drover/integration';
  user('worktree', 'add', '-q', '-b', 'drover/integration', join(home, 'integration'), first);
  const other = world.commit(first, { a: 'a' });
  await using watch = openWatch(world);
  await vi.waitUntil(() => watch.known()[ref] === first, SOON);
  user('update-ref', ref, other);
  await vi.waitUntil(() => watch.known()[ref] === other, SOON);
  expect(watch.alerts).toEqual([`ref:${ref}`]);
});
