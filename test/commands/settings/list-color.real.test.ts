import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Instance } from '../../../src/state/instances.ts';
import { openSwarm } from '../../helpers/swarm.ts';
import { hang, shell, taskIs, until } from '../stage.ts';

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
  // The log makes nobody wait for it.
  const lines = () => readFileSync(swarm.paths.colorsLog, 'utf8').trimEnd().split('\n');
  await expect.poll(() => lines().at(-1)).toMatch(/tasks=h,bee,cat$/);
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
  await expect.poll(() => lines().at(-1)).toMatch(/tasks=h,cat$/);
  await swarm.say('cancel task cat');
  await expect.poll(() => lines().at(-1)).toMatch(/tasks=h$/);
  await swarm.reopen();
  await swarm.say('cancel task h');
  await expect.poll(() => lines().at(-1)).toMatch(/tasks=-$/);
  await swarm.say('remove instance rehearsal-1');
  expect((await swarm.say('list colors')).data).toEqual([]);
});
