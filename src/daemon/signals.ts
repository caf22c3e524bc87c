import type { Signal } from '../agents/adapter.ts';
import { oneLine, shortened } from '../lib/text.ts';
import type { Draft, State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import { activity, moved } from '../state/moves.ts';
import type { FailureClass } from '../state/tasks.ts';
import { unpinnedFacts, unpreparedFacts } from './release.ts';
import { instanceTrouble, taskTrouble } from './trouble.ts';

type Source = 'hook' | 'screen' | 'terminal';

const runningTask = (state: State, instance: Instance) =>
  instance.task_assignments.map((id) => state.tasks[id]!).find((task) => task.state === 'running');

const runEnds = (state: State, instance: Instance, data: { class: FailureClass; message: string }): Draft[] => {
  const task = runningTask(state, instance);
  if (!task) return [];
  return [
    { type: 'run.failed', data: { id: task.id, failure: data } },
    taskTrouble(task.id, data, instance.instance_id),
  ];
};

const cleared = (state: State, id: string): Draft[] =>
  state.alerts[id] ? [{ type: 'alert.cleared', data: { id, because: 'it goes on' } }] : [];

/** The facts behind what an agent let us know. What does not fit its state is no fact. */
export const factsOf = (state: State, id: string, signal: Signal, source: Source): Draft[] => {
  const instance = state.instances[id];
  // What it says while it is made to leave is about leaving.
  if (!instance || instance.state.kind === 'stopping') return [];
  const doing = activity(instance).kind;
  const calm = [...cleared(state, `waiting:${id}`), ...cleared(state, `stuck:${id}`)];
  switch (signal.kind) {
    case 'ready': {
      const conversed: Draft[] =
        signal.conversation && signal.conversation !== instance.conversation
          ? [{ type: 'instance.conversed', data: { instance_id: id, conversation: signal.conversation } }]
          : [];
      const starting = doing === 'starting' || doing === 'unknown';
      // It is there again, so it has not crashed any more.
      return [
        ...cleared(state, `instance:${id}`),
        ...conversed,
        ...(starting ? moved(state, id, { state: 'idle', source, evidence: 'ready' }) : []),
      ];
    }
    case 'working':
    case 'touched':
      if (doing === 'verifying') return [];
      return [...calm, ...moved(state, id, { state: 'working', source, evidence: signal.note ?? 'at work' })];
    case 'waiting': {
      const question = shortened(oneLine(signal.question), 500);
      const text = `${id} asks: ${question}`;
      const alert = {
        id: `waiting:${id}`,
        severity: 'warning',
        text,
        suggestion: `answer ${id} "yes"`,
        instance: id,
        task: null,
      } as const;
      return [
        ...moved(state, id, { state: 'waiting', source, evidence: 'asks', question }),
        { type: 'alert.raised', data: alert },
      ];
    }
    case 'finished': {
      const task = runningTask(state, instance);
      const summary = signal.summary === undefined ? null : shortened(oneLine(signal.summary), 2000);
      if (!task) {
        // While its claim is being verified it is not free, but from now on it could be.
        const next = doing === 'verifying' ? 'verifying' : 'idle';
        return [...calm, ...moved(state, id, { state: next, source, evidence: 'its turn ended' })];
      }
      return [
        ...calm,
        { type: 'run.claimed', data: { id: task.id, summary } },
        ...moved(state, id, { state: 'verifying', source, evidence: `claims ${task.id}` }),
      ];
    }
    case 'progress': {
      const task = runningTask(state, instance);
      return task
        ? [{ type: 'run.progressed', data: { id: task.id, progress: signal.percent, note: signal.note } }]
        : [];
    }
    case 'failed':
      return [
        ...runEnds(state, instance, { class: signal.class, message: shortened(oneLine(signal.message), 500) }),
        ...moved(state, id, { state: 'idle', source, evidence: shortened(oneLine(signal.message), 200) }),
      ];
    case 'exiting':
      return [];
  }
};

/** The end of an agent that runs once a task: it claims by success, and a failure ends the run and not the instance. */
const oneShotEnd = (
  state: State,
  instance: Instance,
  exit: { code: number | null; signal: string | null },
): Draft[] => {
  const task = runningTask(state, instance);
  // Between two tasks there is no program.
  if (!task) return [];
  const id = instance.instance_id;
  const how = exit.signal ? `was ended by ${exit.signal}` : `ended with ${exit.code ?? 'an unknown status'}`;
  if (exit.code === 0)
    return [
      { type: 'run.claimed', data: { id: task.id, summary: null } },
      ...moved(state, id, { state: 'verifying', source: 'terminal', evidence: `its program ${how}`, exit }),
    ];
  const kind = exit.signal ? 'crash' : 'agent';
  return [
    ...runEnds(state, instance, { class: kind, message: `the program of ${id} ${how}` }),
    ...moved(state, id, { state: 'idle', source: 'terminal', evidence: `its program ${how}`, exit }),
  ];
};

const others = ({ task_assignments, prepared_for }: Instance): string[] =>
  task_assignments.filter((id) => id !== prepared_for);

/** The facts when the program of an instance has ended: a crash, a person's goodbye, or the end of a one-shot agent. */
export const endFacts = (
  state: State,
  id: string,
  end: { code: number | null; signal: string | null; oneShot: boolean },
): Draft[] => {
  const instance = state.instances[id];
  if (!instance || ['creating', 'stopping', 'stopped', 'failed'].includes(instance.state.kind)) return [];
  const exit = { code: end.code, signal: end.signal };
  const how = end.signal ? `ended by ${end.signal}` : `ended with ${end.code ?? 'an unknown status'}`;
  if (end.oneShot) return oneShotEnd(state, instance, exit);
  const task = runningTask(state, instance);
  const why = `the program of ${id} ${how}`;
  const unprepared = instance.state.kind === 'starting' ? unpreparedFacts(state, id, why) : [];
  const given =
    unprepared.length > 0
      ? [...unprepared, ...unpinnedFacts(state, { ...instance, task_assignments: others(instance) }, why)]
      : unpinnedFacts(state, instance, why);
  if (!task && end.code === 0)
    return [...given, ...moved(state, id, { state: 'stopped', source: 'terminal', evidence: how, exit })];
  const failed: Draft[] = task
    ? [{ type: 'run.failed', data: { id: task.id, failure: { class: 'crash', message: `${id} ${how}` } } }]
    : [];
  return [
    ...failed,
    ...given,
    ...moved(state, id, { state: 'failed', source: 'terminal', evidence: how, exit }),
    instanceTrouble(id, `${id} crashed: its program ${how}`),
  ];
};

/** The facts when the session of an instance is not there any more. */
export const lossFacts = (state: State, id: string): Draft[] => {
  const instance = state.instances[id];
  if (!instance || ['creating', 'stopping', 'stopped', 'failed', 'lost'].includes(instance.state.kind)) return [];
  const task = runningTask(state, instance);
  const failure = { class: 'session-lost', message: `the session of ${id} is gone` } as const;
  return [
    ...(task ? [{ type: 'run.failed', data: { id: task.id, failure } } as const] : []),
    ...unpinnedFacts(state, instance, failure.message),
    ...moved(state, id, { state: 'lost', source: 'terminal', evidence: 'session gone' }),
    instanceTrouble(id, `${id} is lost: its tmux session ${instance.session} is gone`),
  ];
};
