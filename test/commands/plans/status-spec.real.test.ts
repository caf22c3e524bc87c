import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { hangs, sayAs, shell } from '../stage.ts';

const PLAN =
  '- [ ] 1. Web\n  - [ ] 1.1 Login\n    - rehearse: hang\n  - [x] 1.2 Logout\n- [ ] 2. Store\n  - [ ] 2.1 Save\n  - [ ] 2.2 Load\n';

test('[TSK-7] what an agent reports is in the list; its part of the plan and the plan have the mean, time and time left', async () => {
  await using swarm = await openSwarm({ files: { 'demo/tasks.md': PLAN } });
  await swarm.say('import spec demo policy=none');
  expect((await swarm.say('status spec demo')).data).toMatchObject([
    { spec: 'demo', progress: { total: 4, done: 1, percent: 25, elapsed_ms: null, eta_ms: null } },
  ]);
  await swarm.say('run task 2.1 wait=true');
  await swarm.say('run task 1.1');
  await hangs(swarm, '1.1');
  const reported = await sayAs(swarm, 'rehearsal-1', 'report progress 40 "halfway"');
  expect(reported.exit).toBe(0);
  const listed = await shell(swarm, ['tasks', 'list']);
  expect(listed.stdout).toMatch(/^1\.1 +running +40% +rehearsal-1 +Login$/m);
  expect(listed.stdout).toMatch(/^1\.2 +done +100%/m);
  const [status] = (await swarm.say('status spec')).data as [Record<string, { percent: number; eta_ms: number }>];
  expect(status).toMatchObject({
    progress: { done: 2, active: 1, percent: 60, elapsed_ms: expect.any(Number), eta_ms: expect.any(Number) },
    groups: [
      { number: '1', title: 'Web', progress: { percent: 70 } },
      { number: '2', title: 'Store', progress: { percent: 50, done: 1, total: 2 } },
    ],
  });
  expect(status['progress']!.eta_ms).toBeGreaterThan(0);
  const table = await shell(swarm, ['specs', 'list']);
  expect(table.stdout).toMatch(/^demo +2\/4 \(1 unchecked\) +60%/m);
  expect((await shell(swarm, ['spec', 'status', 'demo'])).stdout).toMatch(/^· 1 +1\/2 +70%.* Web$/m);
  const shown = await swarm.say('show spec demo');
  expect(shown.message).toMatch(/^demo: 2 of 4 done \(1 unchecked\), 60%, .* so far, about .* left\.$/);
  expect(shown.text).toContain('1 Web\n  1.1 Login: running\n  1.2 Logout: done');
  const task = await swarm.say('show task 1.1');
  expect(task.text).toMatch(/progress: +40%, halfway/);
  expect(task.text).toMatch(/estimate: .* as finished runs tell \(1 run\), .* left/);
  expect(task.text).toMatch(/runs:\n- 1\. rehearsal-1 on feature\/.*: 40%/);
  expect((await swarm.say('status spec nope')).exit).toBe(3);
});

test('plans that are not there are no progress', async () => {
  await using swarm = await openSwarm();
  expect((await swarm.say('status specs')).text).toBe('No spec. Import one: import spec PATH');
  expect((await swarm.say('status spec')).data).toEqual([]);
});
