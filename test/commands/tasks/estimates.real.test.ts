import { expect, test } from 'vitest';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { QUICK, shell } from '../stage.ts';

const PLAN =
  '- [ ] 1. Begin\n  - make it small\n- [ ] 2. Go on\n  - read it\n  - write it\n  - _Requirements: 1.1, 1.2_\n';

type Shown = { complexity_score: number; estimate: { ms: number | null; basis: string; runs: number } };

const shown = async (swarm: Swarm, id: string): Promise<Shown> =>
  JSON.parse((await shell(swarm, ['tasks', 'show', id, '--json'])).stdout) as Shown;

test('[DST-3] complexity and duration are estimated by text and finished runs, with the basis, and what a person says wins', async () => {
  await using swarm = await openSwarm({ files: { 'specs/demo/tasks.md': PLAN }, env: QUICK });
  await swarm.say('import spec specs/demo');
  const [small, before] = [await shown(swarm, '1'), await shown(swarm, '2')];
  // More points and more requirements weigh more.
  expect(before.complexity_score).toBeGreaterThan(small.complexity_score);
  expect(before.estimate).toEqual({ ms: null, basis: 'unknown', runs: 0, exceeded: false });
  expect((await swarm.say('run task 1 wait=true')).exit).toBe(0);
  const after = await shown(swarm, '2');
  expect(after.estimate).toMatchObject({ basis: 'runs', runs: 1 });
  expect(after.estimate.ms).toBeGreaterThan(0);
  await swarm.say('set task 2 complexity=8');
  const heavy = await shown(swarm, '2');
  expect(heavy.complexity_score).toBe(8);
  expect(heavy.estimate.ms!).toBeGreaterThan(after.estimate.ms!);
  await swarm.say('set task 2 estimate=30m');
  await swarm.say('import spec specs/demo');
  expect(await shown(swarm, '2')).toMatchObject({
    complexity_score: 8,
    estimate: { ms: 30 * 60_000, basis: 'said' },
  });
});
