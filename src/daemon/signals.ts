import type { Signal } from '../agents/adapter.ts';
import { oneLine, shortened } from '../lib/text.ts';
import type { Draft, State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import { activity, moved } from '../state/moves.ts';
import type { FailureClass } from '../state/tasks.ts';
import { unpinnedFacts, unpreparedFacts } from './release.ts';
import { instanceTrouble, taskTrouble, troubleOver } from './trouble.ts';

type Source = 'hook' | 'register' | 'screen' | 'terminal';

/** The task that an instance is at work on. */
export const runningTask = (state: State, instance: Instance) =>
  instance.task_assignments.map((id) => state.tasks[id]).find((task) => task?.state === 'running');

const runEnds = (state: State, instance: Instance, data: { class: FailureClass; message: string }): Draft[] => {
  const task = runningTask(state, instance);
  if (!task) return [];
  return [
    { type: 'run.failed', data: { id: task.id, failure: data } },
    taskTrouble(task.id, data, instance.instance_id),
  ];
};

const cleared = (state: State, id: string): Draft[] => troubleOver(state, id, 'it goes on');

/** What an agent let us know, where a limit of its account has a definite end. */
export type Told =
  | Exclude<Signal, { kind: 'limited' }>
  | { readonly kind: 'limited'; readonly message: string; readonly until: string };

type Scene = { readonly state: State; readonly instance: Instance; readonly source: Source };

type Of<Kind extends Told['kind']> = Extract<Told, { kind: Kind }>;

/** Alerts that tell of what is over as soon as it goes on. */
const CALMED = ['waiting', 'stuck', 'limited', 'interrupted'];

const calm = ({ state, instance }: Scene): Draft[] =>
  CALMED.flatMap((about) => cleared(state, `${about}:${instance.instance_id}`));

const ready = (scene: Scene, { conversation }: Of<'ready'>): Draft[] => {
  const { state, instance, source } = scene;
  const id = instance.instance_id;
  const doing = activity(instance);
  const conversed: Draft[] =
    conversation && conversation !== instance.conversation
      ? [{ type: 'instance.conversed', data: { instance_id: id, conversation } }]
      : [];
  // A dialog of its start was read from its screen and is answered.
  const asked = doing.kind === 'waiting' && doing.source === 'screen' && !runningTask(state, instance);
  const starting = doing.kind === 'starting' || doing.kind === 'unknown' || asked;
  // It is there again, so it has not crashed any more.
  return [
    ...cleared(state, `instance:${id}`),
    ...(asked ? calm(scene) : []),
    ...conversed,
    ...(starting ? moved(state, id, { state: 'idle', source, evidence: 'ready' }) : []),
  ];
};

const waiting = ({ state, instance, source }: Scene, signal: Of<'waiting'>, evidence = 'asks'): Draft[] => {
  const id = instance.instance_id;
  const doing = activity(instance);
  const question = shortened(oneLine(signal.question), 500);
  if (doing.kind === 'waiting' && doing.source === source && instance.question === question) return [];
  // The hook said better what it asks; only what keeps it from its account is answered in a dialog of its own.
  if (doing.kind === 'waiting' && doing.source === 'hook' && source === 'register' && doing.evidence === 'asks')
    return [];
  const alert = {
    id: `waiting:${id}`,
    severity: 'warning',
    text: `${id} asks: ${question}`,
    suggestion: signal.attach ? `attach instance ${id}` : `answer ${id} "yes"`,
    instance: id,
    task: null,
  } as const;
  return [...moved(state, id, { state: 'waiting', source, evidence, question }), { type: 'alert.raised', data: alert }];
};

const finished = (scene: Scene, signal: Of<'finished'>): Draft[] => {
  const { state, instance, source } = scene;
  const id = instance.instance_id;
  const task = runningTask(state, instance);
  const summary = signal.summary === undefined ? null : shortened(oneLine(signal.summary), 2000);
  if (!task) {
    // While its claim is being verified it is not free, but from now on it could be.
    const next = activity(instance).kind === 'verifying' ? 'verifying' : 'idle';
    return [...calm(scene), ...moved(state, id, { state: next, source, evidence: 'its turn ended' })];
  }
  return [
    ...calm(scene),
    { type: 'run.claimed', data: { id: task.id, summary } },
    ...moved(state, id, { state: 'verifying', source, evidence: `claims ${task.id}` }),
  ];
};

/** What a person has to put right before it can do anything: it takes no task until then. */
const NEEDS: Readonly<Partial<Record<FailureClass, readonly [evidence: string, question: string]>>> = {
  login: ['needs login', 'It needs login: attach to it and say /login.'],
  credit: ['needs credit', 'Its account has no credit left.'],
};

const failed = (scene: Scene, signal: Of<'failed'>): Draft[] => {
  const { state, instance, source } = scene;
  const { instance_id: id } = instance;
  if (signal.ifAsking !== undefined && activity(instance).kind === 'waiting' && runningTask(state, instance))
    return waiting(scene, { kind: 'waiting', question: signal.ifAsking });
  const message = oneLine(signal.message);
  const ends = [...calm(scene), ...runEnds(state, instance, { class: signal.class, message: shortened(message, 500) })];
  const needs = NEEDS[signal.class];
  if (!needs) return [...ends, ...moved(state, id, { state: 'idle', source, evidence: shortened(message, 200) })];
  const [evidence, question] = needs;
  return [
    ...ends,
    ...waiting(scene, { kind: 'waiting', question: `${question} It says: ${message}`, attach: true }, evidence),
  ];
};

const limited = ({ state, instance, source }: Scene, { message, until }: Of<'limited'>): Draft[] => {
  const id = instance.instance_id;
  const evidence = shortened(oneLine(message), 200);
  const alert = {
    id: `limited:${id}`,
    severity: 'warning',
    text: `${id} goes on by itself at ${until}: ${evidence}`,
    suggestion: null,
    instance: id,
    task: null,
  } as const;
  const facts = moved(state, id, { state: 'limited', source, evidence, until });
  return facts.length === 0
    ? []
    : [...cleared(state, `waiting:${id}`), ...facts, { type: 'alert.raised', data: alert }];
};

/**
 * It does nothing and no hook has told of an end: somebody interrupted it, refused what it asked or closed a dialog. Its
 * run stays with it, because that person goes on in its terminal.
 */
const rests = (scene: Scene): Draft[] => {
  const { state, instance, source } = scene;
  const id = instance.instance_id;
  const { kind, evidence, source: known } = activity(instance);
  const idle = (why: string): Draft[] => [
    ...calm(scene),
    ...moved(state, id, { state: 'idle', source, evidence: why }),
  ];
  if (kind === 'starting' || kind === 'unknown') return idle('ready');
  // What we have just given it and it has not confirmed yet it has not begun.
  if (kind === 'working' && known === 'drover') return [];
  // That it cannot work is not over because it rests.
  if (kind === 'waiting' && evidence?.startsWith('needs ')) return [];
  if (kind === 'working' || kind === 'stuck' || kind === 'waiting')
    return idle(known === 'register' && !runningTask(state, instance) ? 'its turn ended' : 'interrupted');
  return [];
};

const working = (scene: Scene, signal: Of<'working' | 'touched'>): Draft[] => {
  const { state, instance, source } = scene;
  const { kind } = activity(instance);
  // The register confirms what hooks have said in more words.
  if (kind === 'verifying' || (kind === 'working' && source === 'register')) return [];
  const evidence = signal.note ?? 'at work';
  const facts = moved(state, instance.instance_id, { state: 'working', source, evidence });
  // That its turn is over is news, although it goes on.
  const isNews = facts.length === 0 && signal.kind === 'working' && signal.background === true;
  const { instance_id } = instance;
  const news: Draft[] = isNews
    ? [{ type: 'instance.moved', data: { instance_id, state: 'working', source, evidence } }]
    : [];
  return [...calm(scene), ...facts, ...news];
};

/** The facts behind what an agent let us know. What does not fit its state is no fact. */
export const factsOf = (state: State, id: string, signal: Told, source: Source): Draft[] => {
  const instance = state.instances[id];
  // What it says while it is made to leave is about leaving.
  if (!instance || instance.state.kind === 'stopping') return [];
  const scene = { state, instance, source };
  switch (signal.kind) {
    case 'ready':
      return ready(scene, signal);
    case 'working':
    case 'touched':
      return working(scene, signal);
    case 'waiting':
      return waiting(scene, signal);
    case 'limited':
      return limited(scene, signal);
    case 'rests':
      return rests(scene);
    case 'finished':
      return finished(scene, signal);
    case 'progress': {
      const task = runningTask(state, instance);
      const { percent: progress, note } = signal;
      return task ? [{ type: 'run.progressed', data: { id: task.id, progress, note } }] : [];
    }
    case 'failed':
      return failed(scene, signal);
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
