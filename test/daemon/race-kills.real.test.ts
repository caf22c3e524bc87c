import { expect, test, vi } from 'vitest';
import type { State } from '../../src/state/index.ts';
import { testRepository } from '../helpers/swarm.ts';
import { BUILT, sayAs, startDaemon } from './process.ts';

const stateOf = async ({ paths }: ReturnType<typeof testRepository>): Promise<State | undefined> =>
  ((await sayAs(paths, '', 'status swarm detailed'))?.data as { state: State } | undefined)?.state;

/** Moments of a race at which the daemon is killed. */
const MOMENTS: readonly ((state: State) => boolean)[] = [
  ({ tasks }) => tasks['t1']?.race !== undefined,
  ({ tasks }) => Object.values(tasks).some(({ state }) => state === 'running'),
  ({ tasks }) => Object.values(tasks).some(({ race_of, state }) => race_of === 't1' && state === 'done'),
  ({ tasks }) => tasks['t1']?.race?.ended_at != null,
];

test('[GIT-12] kill -9 at four moments of a race: each racer runs once, one wins, the others are archived once', async () => {
  using repository = testRepository({ env: { DROVER_REHEARSAL_TASK_MS: '3000..5000' } });
  const say = (id: string, text: string) => sayAs(repository.paths, id, text);
  const until = (is: (state: State) => boolean) =>
    vi.waitUntil(
      async () => {
        const state = await stateOf(repository);
        return state && is(state) ? state : false;
      },
      { timeout: 90_000, interval: 20 },
    );
  for (const [n, isTime] of MOMENTS.entries()) {
    const daemon = await startDaemon(repository, ':', BUILT);
    if (n === 0) {
      await say('task', 'create task "Sort the list. rehearse: write src/sort.ts" id=t1');
      await say('race', 'race task t1 instances=3 winner=smallest');
    }
    await until(isTime);
    await daemon.kill();
  }
  await using _daemon = await startDaemon(repository, ':', BUILT);
  // Said once more as the request that it was, it does nothing twice.
  expect(await say('race', 'race task t1 instances=3 winner=smallest')).toMatchObject({ exit: 0 });
  const { tasks, instances } = await until(({ tasks: now }) => {
    const race = now['t1']!.race!;
    return race.ended_at !== null && race.racers.every(({ id, settled }) => settled || id === race.winner);
  });
  const { racers, winner } = tasks['t1']!.race!;
  expect(Object.keys(instances)).toHaveLength(3);
  expect(racers.map(({ id }) => [tasks[id]!.attempts, tasks[id]!.history.length])).toEqual(racers.map(() => [1, 0]));
  expect(tasks['t1']).toMatchObject({ state: 'done', attempts: 1 });
  const archived = repository
    .git('for-each-ref', '--format=%(refname)', 'refs/drover/archive/')
    .split('\n')
    .filter((ref) => ref.includes('@'));
  const losers = racers.filter(({ id }) => id !== winner).map(({ id }) => `refs/drover/archive/${id}`);
  expect(archived).toEqual(losers.toSorted());
  const { start_commit, branch } = tasks['t1']!.run!;
  expect(repository.git('rev-list', '--count', `${start_commit}..${branch}`)).toBe('1');
}, 400_000);
