import { readdirSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import type { RehearsalNumbers } from '../../src/text/rehearsal-numbers.ts';
import { openSwarm } from '../helpers/swarm.ts';
import { rowsOf } from '../tui/screen.ts';
import { expectNothingLeft, FAST, place, processesOf, run, start } from './place.ts';
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

/** What is told, in this order; each by the words that nothing else has. */
const STORY = [
  /A plan of 12 tasks, one of them done, and 4 agents/,
  /rehearsal-\d asks: Shall the wind be in m\/s or in km\/h\?/,
  /The program of rehearsal-\d crashed in the middle of task 4\.3/,
  /rehearsal-\d is back, in the same conversation/,
  /So far: \$0\.\d+ and [\d.]+k tokens/,
  /A conflict is foreseen: 6\.[12] and 6\.[12] both change README\.md/,
  /11 tasks done and checked/,
  /The approved work is merged/,
  /6\.[12] was set aside: /,
  /✔ (?:12 of 12|11 of 11 open) tasks done.* 11 reviewed and merged/,
];
const COUNTED = /1 question answered, 1 crash recovered, 1 conflict foreseen; 6\.[12] merged later\./;
const ALL = STORY.map((_part, at) => at);
/** Fast, and still so slow that each caption is drawn by itself. */
const QUICK = ['--task-ms', '200..500'];

/** The story as far as these lines tell it: the number of each part, in the order in which they came. */
const partsIn = (lines: readonly string[]): number[] => {
  const parts = lines.map((line) => STORY.findIndex((part) => part.test(line))).filter((part) => part >= 0);
  return parts.filter((part, at) => part !== parts[at - 1]);
};

test('[QUA-10] the demo tells its story in lines where there is no terminal, and ends with 0', async () => {
  const at = place();
  const { exit, stdout, stderr } = await run(['demo', ...FAST], at);
  expect(partsIn(`${stderr}${stdout}`.split('\n'))).toEqual(ALL);
  expect([exit, stdout]).toEqual([0, expect.stringMatching(COUNTED)]);
  await expectNothingLeft(at);
});

test('[QUA-10] at a screen that nobody touches the demo shows its story by itself, leaves and removes everything', async () => {
  const at = place();
  const demo = openDrover(['demo', ...QUICK], at);
  demo.resize(80, 24);
  const captions: string[] = [];
  const { terminal } = demo;
  terminal.onWriteParsed(() => captions.push(rowsOf(terminal).slice(0, 3).join(' ').replace(/\s+/gu, ' ')));
  expect(await demo.ended()).toBe(0);
  expect(partsIn(captions)).toEqual(ALL);
  await demo.see(COUNTED);
  await demo.see('The demo has removed its repository, sessions and worktrees.');
  await demo.see('Next, in a repository of your own: drover init');
  await expectNothingLeft(at);
});

test('a key makes the screen of the demo the person’s own: it waits for the answer, and leaves when they do', async () => {
  const at = place();
  const demo = openDrover(['demo', ...QUICK], at);
  await demo.see('A plan of 12 tasks');
  demo.type('\u001B');
  await demo.see(STORY[1]!);
  demo.type('r');
  await demo.see(/asks · 2\.2/);
  demo.type('km/h\r');
  await demo.see('Sent "km/h"');
  await demo.see(/❯ :/u);
  demo.type('q');
  expect(await demo.ended()).toBe(0);
  await demo.see('You left before the plan was done.');
  await expectNothingLeft(at);
});

test('the demo as JSON runs the bundled plan, and ends and removes what one left that was killed', async () => {
  const at = place();
  const first = start(['demo', '--task-ms', '20000..30000'], at);
  await vi.waitFor(() => expect(first.printed.stderr).toContain('A plan of 12 tasks'));
  await vi.waitUntil(() => processesOf(at).length > 8);
  first.child.kill('SIGKILL');
  await first.ended;
  expect(readdirSync(at.env.TMPDIR)).toHaveLength(1);
  const { exit, stdout } = await run(['demo', '--json', ...FAST], at);
  const report = JSON.parse(stdout) as RehearsalNumbers;
  expect([exit, report.tasks.failed, report.batch?.merged]).toEqual([0, 0, report.tasks.open]);
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
