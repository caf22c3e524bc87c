import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { IntegrationReport } from '../../../src/text/integration-report.ts';
import { openSwarm } from '../../helpers/swarm.ts';

const span = (from: string, to: string): number => Date.parse(to) - Date.parse(from);

test('[GIT-8] after a batch its report is a file whose numbers equal the store', async () => {
  const merge = '! test -e rehearsal/broken';
  await using swarm = await openSwarm({
    env: { DROVER_REHEARSAL_TASK_MS: '20' },
    settings: { agent: 'rehearsal', checks: { merge }, integration: { together: 1 } },
  });
  const conflict = 'rehearse: conflict same.txt';
  const tasks = { t1: `"${conflict}"`, t2: `"${conflict}"`, t3: '"rehearse: fail-check"', t4: '"Four" deps=t1' };
  for (const [id, words] of Object.entries(tasks)) await swarm.say(`create task ${words} id=${id}`);
  expect((await swarm.say('run all tasks wait=true')).exit).toBe(0);
  expect((await swarm.say('report integration')).exit).toBe(3);
  expect((await swarm.say('merge branches t1, t2, t3, t4')).exit).toBe(6);

  const reply = await swarm.say(`report integration batch-1 format=json to=${join(swarm.root, 'out/batch-1.json')}`);
  expect([reply.exit, reply.message]).toEqual([
    0,
    `batch-1: 2 branches merged, 2 set aside. The report is in ${join(swarm.root, 'out/batch-1.json')}.`,
  ]);
  const report = JSON.parse(readFileSync(join(swarm.root, 'out/batch-1.json'), 'utf8')) as IntegrationReport;
  const state = await swarm.state();
  const batch = state.batches['batch-1']!;
  expect(report).toMatchObject({
    batch: 'batch-1',
    base_commit: batch.base_commit,
    head_commit: batch.head_commit,
    merged: batch.merged,
    set_aside: batch.set_aside,
    checks: batch.checks,
    merge_ms: span(batch.started_at, batch.finished_at!),
  });
  const runs = batch.merged.map(({ task }) => state.tasks[task]!.run!);
  const work = runs.map((run) => span(run.started_at, run.ended_at!));
  expect(report.merged.map((one) => one.work_ms)).toEqual(work);
  expect(report.sequential_ms).toBe(work.reduce((sum, one) => sum + one, report.merge_ms));
  expect(report.wall_ms).toBe(span(runs.map((run) => run.started_at).toSorted()[0]!, batch.finished_at!));
  expect(report.merged.map(({ task, because, commits }) => [task, because, commits])).toEqual([
    ['t1', 'it conflicts with t2; fewest first', 1],
    ['t4', 'it builds on t1', 1],
  ]);
  expect(report.checks.map(({ task, command, problem }) => [task, command, problem === null])).toEqual([
    ['t1', merge, true],
    ['t3', merge, false],
    ['t4', merge, true],
  ]);
  expect(report.set_aside.map(({ task, reason, todo, files }) => [task, reason, todo, files])).toEqual([
    ['t3', 'gate', 'Have it done again: retry task t3', []],
    ['t2', 'conflict', 'Bring what is merged into its branch, then: merge branch t2', ['same.txt']],
  ]);
  const shown = (await swarm.say('report last integration')).text;
  expect(shown).toContain('# batch-1 on drover/integration');
  expect(shown).toContain('## Set aside');
});
