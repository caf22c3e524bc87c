import type { Race, raceEvents } from './races.ts';
import { patcher } from './reducer.ts';
import { createdTask, type Task, type TaskPatch, type Tasks, withRunInHistory } from './tasks.ts';

/** The task of a racer: the same work, without a place of its own in any plan. */
const racerTask = (
  task: Task,
  racer: Race['racers'][number],
  { mode, at, seq }: { readonly mode: string | null; readonly at: string; readonly seq: number },
): Task => {
  // What others must not touch is claimed by the task that is raced for.
  const { files: _claimed, opens: _gates, dependency_rules: _rules, number: _number, ...plan } = task;
  const own = { ...plan, id: racer.id, spec: null, group: null, dependencies: [], barrier: false };
  const { race: _race, instruction: _instruction, ...created } = createdTask(own, { state: 'open', at, seq });
  return { ...created, requested: true, archived: true, mode, run_agent: racer.agent, race_of: task.id };
};

/** The run of the winner becomes that of the task. */
const won = (task: Task, winner: Task, at: string): Task => ({
  ...withRunInHistory(task),
  state: 'done',
  since: at,
  assignee: winner.run!.instance,
  attempts: task.attempts + 1,
  run: { ...winner.run!, attempt: task.attempts + 1 },
});

export const patchRaces = patcher<Tasks, typeof raceEvents, TaskPatch>({
  'race.started': (all, { id, winner_by, mode, racers: named }, at, seq) => {
    const task = all[id];
    if (!task) return {};
    const racers = named.map((one) => ({ ...one, settled: false, archive: null }));
    const race: Race = { started_at: at, ended_at: null, winner_by, winner: null, reason: null, racers };
    const raced: Task = {
      ...withRunInHistory(task),
      ...{ state: 'assigned', since: at, assignee: null, pinned: false, requested: false, blocked_by: null },
      ...{ race, revision: seq },
    };
    return Object.fromEntries([
      [id, raced],
      ...racers.map((racer) => [racer.id, racerTask(task, racer, { mode, at, seq })]),
    ]);
  },
  'race.ended': (all, { id, winner: by, reason }, at, seq) => {
    const task = all[id];
    if (!task?.race) return {};
    const winner = by === null ? undefined : all[by];
    const race: Race = { ...task.race, ended_at: at, winner: winner?.run ? by : null, reason };
    if (!winner?.run) return { [id]: { ...task, race, state: 'open', since: at, assignee: null, revision: seq } };
    return {
      [id]: { ...won(task, winner, at), race, revision: seq },
      [winner.id]: { ...winner, run: null, revision: seq },
    };
  },
  'race.settled': (all, { id, racer, archive }, _at, seq) => {
    const task = all[id];
    if (!task?.race) return {};
    const racers = task.race.racers.map((one) => (one.id === racer ? { ...one, settled: true, archive } : one));
    return { [id]: { ...task, race: { ...task.race, racers }, revision: seq } };
  },
});
