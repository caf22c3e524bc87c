import { expect, test, vi } from 'vitest';
import type { State } from '../../src/state/index.ts';
import { testRepository } from '../helpers/swarm.ts';
import { dice, turns } from './dice.ts';
import { sayAs, startDaemon } from './process.ts';

const ROUNDS = 15;

type Said = { readonly id: string; readonly text: string; readonly task: string | null };

/** One command after the other, the same again under the same id as long as nobody answered. */
const talker = (repository: ReturnType<typeof testRepository>, roll: () => number) => {
  const acknowledged: Said[] = [];
  let n = 0;
  let open: Said | undefined = { id: 'launch', text: 'launch 3 instances', task: null };
  const next = (): Said => {
    n += 1;
    if (roll() < 0.4 && n > 1) return { id: `run-${n}`, text: 'run all ready tasks', task: null };
    if (roll() < 0.2) return { id: `set-${n}`, text: 'set task t0 priority=high', task: null };
    return { id: `create-${n}`, text: `create task "Number ${n}" id=t${n}`, task: `t${n}` };
  };
  return {
    acknowledged,
    until: async (stop: AbortSignal): Promise<void> => {
      while (!stop.aborted) {
        open ??= next();
        const reply = await sayAs(repository.paths, open.id, open.text).catch(() => undefined);
        if (!reply) return;
        acknowledged.push(open);
        open = undefined;
        await turns(roll() * 6_000);
      }
    },
  };
};

const stateOf = async (repository: ReturnType<typeof testRepository>): Promise<State | undefined> =>
  ((await sayAs(repository.paths, '', 'status swarm detailed'))?.data as { state: State } | undefined)?.state;

test('[STO-2] fifteen times kill -9 amid commands and working agents: nothing acknowledged is lost, nothing is done twice', async () => {
  using repository = testRepository({ env: { DROVER_REHEARSAL_TASK_MS: '150..400' } });
  const roll = dice(20);
  const talk = talker(repository, roll);
  const panes = () => repository.tmux('list-panes', '-a', '-F', '#{session_name} #{pane_pid} #{pane_dead}');
  let agents: string | undefined;
  for (let round = 1; round <= ROUNDS; round += 1) {
    const daemon = await startDaemon(repository);
    const stop = new AbortController();
    const talking = talk.until(stop.signal);
    // The first life is long enough for the agents to come up, the others end anywhere.
    if (round === 1) await vi.waitUntil(() => talk.acknowledged.length > 2);
    else await turns(roll() * 70_000);
    agents ??= panes();
    await daemon.kill();
    stop.abort();
    await talking;
    expect(panes()).toBe(agents);
  }
  await using _daemon = await startDaemon(repository);
  await sayAs(repository.paths, 'last', 'run all tasks');
  const done = (state: State | undefined) =>
    state !== undefined &&
    Object.values(state.tasks).every((task) => ['done', 'failed', 'blocked'].includes(task.state));
  await vi.waitUntil(async () => done(await stateOf(repository)), { timeout: 120_000, interval: 100 });
  const state = (await stateOf(repository))!;
  const tasks = Object.values(state.tasks);
  const lost = talk.acknowledged.filter(({ task }) => task !== null && !state.tasks[task]);
  expect(lost).toEqual([]);
  expect(
    tasks.map(({ id, state: word, attempts, history, run }) => [id, word, attempts, history, run?.failure]),
  ).toEqual(tasks.map(({ id }) => [id, 'done', 1, [], null]));
  // Each was committed once, by the agent that was asked to.
  const commits = tasks.map((task) =>
    repository.git('rev-list', '--count', `${task.run!.start_commit}..${task.run!.branch}`),
  );
  expect(new Set(commits)).toEqual(new Set(['1']));
  expect(Object.keys(state.instances)).toEqual(['rehearsal-1', 'rehearsal-2', 'rehearsal-3']);
  expect(panes()).toBe(agents);
  expect(tasks.length).toBeGreaterThan(ROUNDS / 2);
}, 300_000);
