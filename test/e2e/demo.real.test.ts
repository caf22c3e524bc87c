import { expect, test } from 'vitest';
import type { RehearsalNumbers } from '../../src/text/rehearsal-numbers.ts';
import { openSwarm } from '../helpers/swarm.ts';
import { expectNothingLeft, FAST, place, run } from './place.ts';
import { openDrover } from './terminal.ts';

test('[QUA-3] a test swarm is launched by a command, reports and is gone', async () => {
  await using swarm = await openSwarm();
  const reply = await swarm.say('test swarm launch instances=3 tasks=sample-spec');
  expect(reply).toMatchObject({ exit: 0, data: { instances: 3, tasks: { failed: 0 } } });
  const { tasks, batch } = reply.data as RehearsalNumbers;
  expect([tasks.done, batch?.merged]).toEqual([tasks.open, tasks.open]);
  const state = await swarm.state();
  expect([state.instances, state.tasks]).toEqual([{}, {}]);
  expect(swarm.git('worktree', 'list').split('\n')).toHaveLength(1);
});

test('the demo without a terminal runs the bundled plan and ends with 0', async () => {
  const at = place();
  const { exit, stdout } = await run(['demo', '--json', ...FAST], at);
  const report = JSON.parse(stdout) as RehearsalNumbers;
  expect([exit, report.tasks.failed, report.batch?.merged]).toEqual([0, 0, report.tasks.open]);
  await expectNothingLeft(at);
});

test('the demo on a terminal shows the running swarm, and leaving it removes everything', async () => {
  const at = place();
  const demo = openDrover(['demo', '--task-ms', '100..200'], at);
  await demo.see('rehearsal-4');
  demo.type('\u001B');
  await demo.see('q leave');
  demo.type('q');
  expect(await demo.ended()).toBe(0);
  await demo.see('The demo has removed its repository, sessions and worktrees.');
  await expectNothingLeft(at);
});

test('a demo whose terminal goes away removes everything as well', async () => {
  const at = place();
  const demo = openDrover(['demo', '--task-ms', '2000..3000'], at);
  await demo.see('rehearsal-4');
  demo.hangUp();
  await demo.ended();
  await expectNothingLeft(at);
});
