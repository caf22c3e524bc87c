import { expect, test, vi } from 'vitest';
import type { RaceReport } from '../../../src/text/race-report.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';

const reportOf = async (swarm: Swarm, id: string): Promise<RaceReport> =>
  (await swarm.say(`show race ${id}`)).data as RaceReport;

const isRaceNow = (swarm: Swarm, id: string, state: RaceReport['state']) =>
  vi.waitUntil(async () => (await reportOf(swarm, id)).state === state, { timeout: 60_000, interval: 100 });

const archiveRefs = (swarm: Swarm): string[] =>
  swarm
    .git('for-each-ref', '--format=%(refname)', 'refs/drover/archive/')
    .split('\n')
    .filter((ref) => ref.includes('@'));

/** A check that fails for what the second instance makes. */
const FAILS_SECOND = 'case "$PWD" in *rehearsal-2) exit 1;; esac';

test('[GIT-12] three race, one fails its gate: side by side, the winner is merged, the others are archived', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', checks: { task: FAILS_SECOND } } });
  await swarm.say('create task "Sort the list. rehearse: write src/sort.ts"');
  await swarm.say('create task "Use it" deps=t1');
  const begun = await swarm.say('race task t1 instances=3');
  expect(begun, begun.message).toMatchObject({
    exit: 0,
    data: { launched: ['rehearsal-1', 'rehearsal-2', 'rehearsal-3'] },
  });
  expect(await swarm.say('run task t1')).toMatchObject({ exit: 6 });
  expect((await swarm.say('list tasks')).data).toHaveLength(2);

  await isRaceNow(swarm, 't1', 'choose');
  const report = await reportOf(swarm, 't1');
  expect(report.racers.map(({ id, passed }) => [id, passed])).toEqual([
    ['t1@rehearsal-1', true],
    ['t1@rehearsal-2', false],
    ['t1@rehearsal-3', true],
  ]);
  for (const { passed, files, elapsed_ms, gate } of report.racers) {
    expect(elapsed_ms).toBeGreaterThan(0);
    if (passed) expect(files).toBeGreaterThan(0);
    else expect(gate).toContain('check: ');
  }
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 6 });
  expect(await swarm.say('choose task t1@rehearsal-2')).toMatchObject({ exit: 6 });

  const chosen = await swarm.say('choose task t1@rehearsal-3');
  expect(chosen, chosen.message).toMatchObject({ exit: 0, data: { task: 't1', winner: 't1@rehearsal-3' } });
  expect((await swarm.state()).tasks['t1']).toMatchObject({ state: 'done', run: { instance: 'rehearsal-3' } });
  await vi.waitUntil(() => archiveRefs(swarm).length === 2, { timeout: 30_000, interval: 100 });
  expect(archiveRefs(swarm)).toEqual(['refs/drover/archive/t1@rehearsal-1', 'refs/drover/archive/t1@rehearsal-2']);
  expect(swarm.git('show', 'refs/drover/archive/t1@rehearsal-1:src/sort.ts')).toContain('Written by task');
  await vi.waitUntil(() => !swarm.git('branch', '--list', 'feature/*').includes('rehearsal-1'), {
    timeout: 30_000,
    interval: 100,
  });

  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0, message: /1 branch merged/u });
  expect(swarm.git('show', 'drover/integration:src/sort.ts')).toContain('Written by task');
  const over = await reportOf(swarm, 't1');
  expect(over).toMatchObject({ state: 'over', winner: 't1@rehearsal-3' });
  expect(over.racers.map(({ archive }) => archive !== null)).toEqual([true, true, false]);
}, 120_000);

test('[GIT-12] a daemon that ends in the middle of a race finds it again, and the smallest change wins by itself', async () => {
  await using swarm = await openSwarm({ env: { DROVER_REHEARSAL_TASK_MS: '5000..6000' } });
  await swarm.say('create task "One. rehearse: write one.txt"');
  await swarm.say('race task t1 agents=rehearsal,rehearsal winner=smallest');
  await vi.waitUntil(
    async () => Object.values((await swarm.state()).tasks).filter((task) => task.state === 'running').length === 2,
    { timeout: 30_000, interval: 50 },
  );
  await swarm.reopen();
  await isRaceNow(swarm, 't1', 'over');
  const { winner, racers } = await reportOf(swarm, 't1');
  expect(racers.map(({ id }) => id)).toContain(winner);
  await vi.waitUntil(() => archiveRefs(swarm).length === 1, { timeout: 30_000, interval: 100 });
}, 120_000);

test('the first one that passes wins, and whoever is still at it is stopped', async () => {
  await using swarm = await openSwarm({
    settings: {
      agent: 'rehearsal',
      race: { winner: 'first-green' },
      checks: { task: 'case "$PWD" in *rehearsal-2) sleep 600;; esac' },
    },
  });
  await swarm.say('create task "One. rehearse: write one.txt"');
  await swarm.say('race task t1 instances=2');
  await isRaceNow(swarm, 't1', 'over');
  const report = await reportOf(swarm, 't1');
  expect(report).toMatchObject({ winner: 't1@rehearsal-1', reason: 'the first one that passed' });
  expect((await swarm.state()).tasks['t1@rehearsal-2']).toMatchObject({ state: 'cancelled' });
}, 120_000);

test('where nobody passes, a person is told, and the task can be run again', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', checks: { task: 'false' } } });
  await swarm.say('create task "One. rehearse: write one.txt"');
  await swarm.say('race task t1 instances=2');
  await isRaceNow(swarm, 't1', 'over');
  const state = await swarm.state();
  expect(state.tasks['t1']).toMatchObject({
    state: 'blocked',
    blocked_by: 'no racer passed: t1@rehearsal-1 check, t1@rehearsal-2 check',
  });
  expect(state.alerts['blocked:t1']).toMatchObject({ suggestion: 'show race t1' });
  expect(Object.keys(state.alerts)).toEqual(['blocked:t1']);
  expect(await swarm.say('run task t1')).toMatchObject({ exit: 0 });
}, 120_000);
