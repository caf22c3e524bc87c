import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Instance } from '../../../src/state/instances.ts';
import { runMain } from '../../helpers/io.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { hang, hangs, sayAs, taskIs, until } from '../stage.ts';

const PLAN =
  '- [ ] 1. Web\n  - [ ] 1.1 Login\n    - rehearse: hang\n  - [x] 1.2 Logout\n- [ ] 2. Store\n  - [ ] 2.1 Save\n  - [ ] 2.2 Load\n';
const shell = (swarm: Swarm, argv: readonly string[]) => runMain(argv, { cwd: swarm.root, env: swarm.env });

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
  expect(table.stdout).toMatch(/^demo +2\/4 +60%/m);
  expect((await shell(swarm, ['spec', 'status', 'demo'])).stdout).toMatch(/^· 1 +1\/2 +70%.* Web$/m);
  const shown = await swarm.say('show spec demo');
  expect(shown.message).toMatch(/^demo: 2 of 4 done, 60%, .* so far, about .* left\.$/);
  expect(shown.text).toContain('1 Web\n  1.1 Login: running\n  1.2 Logout: done');
  const task = await swarm.say('show task 1.1');
  expect(task.text).toMatch(/progress: +40%, halfway/);
  expect(task.text).toMatch(/estimate: .* as finished runs tell \(1 run\), .* left/);
  expect(task.text).toMatch(/runs:\n- 1\. rehearsal-1 on feature\/.*: 40%/);
  expect((await swarm.say('status spec nope')).exit).toBe(3);
});

test('a plan outside of the repository and with a failed task says so', async () => {
  await using swarm = await openSwarm();
  const folder = join(swarm.root, '..', 'out');
  mkdirSync(folder);
  writeFileSync(join(folder, 'tasks.md'), '- [ ] 1. One\n- [x] 2. Two\n');
  await swarm.say(`import spec "${folder}" policy=none`);
  await swarm.say('set task 1 check=false');
  await swarm.say('run task 1 wait=true');
  const { text, message } = await swarm.say('show spec out');
  expect(message).toMatch(/^out: 1 of 2 done, 50%, 1 failed or blocked, .* so far\.$/);
  expect(text).toMatch(/policy: +none\nboxes: +not ticked/);
  expect((await swarm.say('list specs')).text).toMatch(/^out +1\/2 +50% +1 /m);
});

test('plans that are not there are no progress', async () => {
  await using swarm = await openSwarm();
  expect((await swarm.say('status specs')).text).toBe('No spec. Import one: import spec PATH');
  expect((await swarm.say('status spec')).data).toEqual([]);
});

test('[COL-2] each assignment and each change of tasks adds a line to the colours, and the list is what the store says', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await until(swarm, (state) => state.instances['rehearsal-1']?.state.kind === 'idle');
  await swarm.say(hang('h'));
  await swarm.say('create task Two id=bee');
  await swarm.say('create task Three id=cat');
  await swarm.say('assign task h to rehearsal-1');
  await taskIs(swarm, 'h', 'running');
  await swarm.say('assign tasks bee, cat to rehearsal-1');
  const state = await swarm.state();
  const one = state.instances['rehearsal-1'] as Instance;
  const lines = () => readFileSync(swarm.paths.colorsLog, 'utf8').trimEnd().split('\n');
  const last = lines().at(-1)!;
  const { color_name, primary_color } = one.peacock_theme;
  expect(last).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z /);
  expect(last.slice(25)).toBe(`rehearsal-1 ${color_name} ${primary_color} ${one.workspace_path} tasks=h,bee,cat`);
  expect(lines().at(-2)).toMatch(/tasks=h,bee$/);
  const listed = JSON.parse((await shell(swarm, ['colors', 'list', '--json'])).stdout);
  expect(listed).toEqual([
    {
      ...one.peacock_theme,
      instance_id: 'rehearsal-1',
      workspace_path: one.workspace_path,
      tasks: one.task_assignments,
    },
  ]);
  await swarm.say('unassign task bee');
  expect(lines().at(-1)).toMatch(/tasks=h,cat$/);
  await swarm.say('cancel task cat');
  expect(lines().at(-1)).toMatch(/tasks=h$/);
  await swarm.reopen();
  await swarm.say('cancel task h');
  expect(lines().at(-1)).toMatch(/tasks=-$/);
  await swarm.say('remove instance rehearsal-1');
  expect((await swarm.say('list colors')).data).toEqual([]);
});
