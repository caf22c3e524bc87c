import { expect, test } from 'vitest';
import type { State } from '../../../src/state/index.ts';
import { until } from '../../commands/stage.ts';
import { markedCommits, openConflict } from '../../helpers/conflict-stage.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';

const sendBack = { send_back: true };
const quick = { DROVER_REHEARSAL_TASK_MS: '20' };

const isOver = (id: string) => (state: State) => state.batches[id]?.state === 'finished';

const asideIn = (state: State, batch = 'batch-1') => state.batches[batch]!.set_aside[0]!;

type Files = { readonly files: readonly { readonly path: string }[] };

const filesOf = async (swarm: Swarm, line: string): Promise<readonly string[]> =>
  ((await swarm.say(line)).data as Files).files.map(({ path }) => path).toSorted();

test('[GIT-5] a conflict that nobody can resolve goes to the agent of the later branch with both intents, and is merged by itself; of the task only its own work counts', async () => {
  await using swarm = await openConflict(['src/app.txt'], { integration: sendBack });
  const reply = await swarm.say('merge completed branches');
  expect(reply.exit).toBe(6);
  const state = await until(swarm, isOver('batch-2'));
  const first = state.batches['batch-1']!.merged[0]!.task;
  const { task, sent_back, commit } = asideIn(state);
  const author = state.tasks[task]!.history[0]!.instance;
  expect([sent_back, author]).toEqual([{ round: 1, to: author }, state.tasks[task]!.run!.instance]);
  expect(state.batches['batch-2']).toMatchObject({ tasks: [task], merged: [{ task }], set_aside: [] });
  const text = swarm.git('show', 'drover/integration:src/app.txt');
  expect([text.includes('good morning'), text.includes('good evening')]).toEqual([true, true]);
  expect(markedCommits(swarm)).toEqual([]);
  expect(Object.keys(state.alerts).filter((id) => id.startsWith('aside:'))).toEqual([]);

  expect(state.conflicts[`batch-1/${task}`]!.remembered).toMatchObject([{ path: 'src/app.txt' }]);
  expect(swarm.git('merge-base', '--is-ancestor', commit!, state.tasks[task]!.run!.branch)).toBe('');
  const own = [`rehearsal/${task}.md`, 'src/app.txt'];
  expect(await filesOf(swarm, `review task ${task}`)).toEqual(own);
  expect(await filesOf(swarm, `show diff ${task}`)).toEqual(own);
  expect(state.tasks[task]!.run!.result).toMatchObject({ files: 2 });
  expect(await filesOf(swarm, `show diff ${first}`)).toEqual([`rehearsal/${first}.md`, 'src/app.txt']);
});

test('[GIT-7] a red gate goes back to its author with what it printed, and the work is merged by itself when it is green', async () => {
  const merge = '! test -e rehearsal/broken || { echo the belt is broken; exit 1; }';
  const settings = { agent: 'rehearsal', checks: { merge }, integration: sendBack };
  await using swarm = await openSwarm({ env: quick, settings });
  await swarm.say('launch 2 instances');
  await swarm.say('create task "One" id=t1');
  await swarm.say('create task "rehearse: fail-check" id=t2');
  await swarm.say('create task "Built on it" id=t3 deps=t2');
  expect((await swarm.say('run tasks t1, t2, t3 wait=true')).exit).toBe(0);
  expect((await swarm.say('merge completed branches')).exit).toBe(6);
  const state = await until(swarm, isOver('batch-2'));
  expect(asideIn(state)).toMatchObject({ task: 't2', reason: 'gate', sent_back: { round: 1 } });
  expect(state.tasks['t2']!.history.at(-1)).toMatchObject({ failure: { class: 'gate' } });
  expect(state.batches['batch-2']!.merged.map(({ task }) => task)).toEqual(['t2', 't3']);
  expect(swarm.git('ls-tree', '-r', '--name-only', 'drover/integration')).not.toContain('broken');
});

test('work that never fits goes back so often as is allowed, and then to the person', async () => {
  const merge = '! test -e rehearsal/broken';
  const settings = { agent: 'rehearsal', checks: { merge }, integration: { ...sendBack, send_back_rounds: 2 } };
  await using swarm = await openSwarm({ env: quick, settings });
  await swarm.say('launch 1 instance');
  await swarm.say('create task "rehearse: fail-check; stubborn" id=t1');
  expect((await swarm.say('run task t1 wait=true')).exit).toBe(0);
  await swarm.say('merge completed branches');
  const state = await until(swarm, (now) => isOver('batch-3')(now) && now.tasks['t1']!.state === 'failed');
  const rounds = ['batch-1', 'batch-2', 'batch-3'].map((id) => asideIn(state, id).sent_back?.round);
  expect(rounds).toEqual([1, 2, undefined]);
  expect(Object.keys(state.batches)).toHaveLength(3);
  expect(state.alerts['aside:t1']).toMatchObject({ severity: 'warning', suggestion: 'show integration batch-3' });
});
