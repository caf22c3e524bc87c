import { valuesOf } from '../lib/records.ts';
import { saidId, saidText } from '../protocol/say.ts';
import { actorText } from '../state/actors.ts';
import type { Alert } from '../state/alerts.ts';
import { ASIDE_ALERT, asideAlertId, lastToSetAside } from '../state/batches.ts';
import { MERGED_SIDE } from '../state/conflicts.ts';
import type { State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import { type Review, reviewedRun, reviewOf } from '../state/reviews.ts';
import type { Task } from '../state/tasks.ts';
import { waiterAmong } from '../tasks/gates.ts';
import { undoneOf } from './blocked.ts';
import { helpForInstance, helpForTask, isBroken } from './failure-help.ts';
import { stillOfUse } from './still-of-use.ts';

/** Why a person is needed, the most pressing first: an answer takes seconds, and its agent stands still meanwhile. */
export const NEED_KINDS = ['question', 'failure', 'lost', 'conflict'] as const;
type NeedKind = (typeof NEED_KINDS)[number];

/** One thing that does not go on without a person. */
export type Need = {
  readonly kind: NeedKind;
  /** Tells it from all others, however many alerts tell of it. */
  readonly key: string;
  /** One sentence, with what others wrote in it. */
  readonly text: string;
  /** ISO 8601. */
  readonly since: string;
  readonly instance: string | null;
  readonly task: string | null;
  /** The alert that tells of it. */
  readonly alert: string | null;
  /** The command that helps first. */
  readonly help: string | null;
};

const questionOf = ({ instance_id: id, state, question }: Instance, alert: Alert | undefined): Need => ({
  kind: 'question',
  key: `instance ${id}`,
  text: question === null || question === '' ? `${id} waits for you` : `${id} asks: ${question}`,
  since: state.since,
  instance: id,
  task: alert?.task ?? null,
  alert: alert?.id ?? null,
  help: alert?.suggestion ?? `answer ${saidId(id)} "…"`,
});

/** What begins the name of the alert about a question, before that of its agent. */
export const ASKED = 'waiting:';
/** What begins the names of the alerts that tell of a question: that it is asked, and that nobody has answered it. */
const QUESTION = /^(?:waiting|unanswered):/u;
/** What begins the name of an alert that holds as long as its task has failed or is blocked. */
const OF_A_RUN = /^(?:failed|blocked):/u;
const CONFLICT = /^conflict(?:s)?:/u;

/** The alert of the batch that has met what this one foresees of a task and what is merged, where one has. */
const metBy = ({ id }: Alert, state: State): Alert | undefined => {
  const { instances, tasks } = state.predicted[id.replace(CONFLICT, '')] ?? {};
  const aside = instances?.[1] === MERGED_SIDE ? state.alerts[asideAlertId(tasks?.[0] ?? '')] : undefined;
  return aside !== undefined && isConflict(aside, state) ? aside : undefined;
};

/** The question that an alert tells of, while its agent waits with it. */
const askedIn = ({ id, instance }: Alert, { instances }: State): Instance | undefined => {
  const one = QUESTION.test(id) && instance !== null ? instances[instance] : undefined;
  return one?.state.kind === 'waiting' ? one : undefined;
};

const isConflict = ({ id, task }: Alert, { batches }: State): boolean => {
  if (CONFLICT.test(id)) return true;
  if (!id.startsWith(ASIDE_ALERT)) return false;
  const last = lastToSetAside(batches, task);
  return last?.set_aside.some((one) => one.task === task && one.reason === 'conflict') ?? false;
};

/** Whether an alert tells that what a batch set aside is made to fit by an agent, and comes again by itself. */
const goesBack = ({ id, severity }: Alert): boolean => id.startsWith(ASIDE_ALERT) && severity === 'info';

/** A broken instance that no alert tells of; it is broken all the same. */
const brokenNeed = (one: Instance): Need => {
  const { instance_id: id, state } = one;
  return {
    kind: 'lost',
    key: `instance ${id}`,
    text: `${id} ${BROKEN_WORDS[state.kind] ?? 'is lost'}${state.evidence === undefined ? '' : `: ${state.evidence}`}`,
    since: state.since,
    instance: id,
    task: one.task_assignments[0] ?? null,
    alert: null,
    help: helpForInstance(one, `restart instance ${saidId(id)}`),
  };
};

const BROKEN_WORDS: Readonly<Partial<Record<Instance['state']['kind'], string>>> = {
  stuck: 'is stuck',
  failed: 'has failed',
};

/** Whether an agent sits still in the middle of a task: nobody is working on that until somebody says a word. */
const sitsOnTask = ({ state, instance_id }: Instance, { tasks }: State): boolean =>
  state.kind === 'idle' && valuesOf(tasks).some((task) => task.state === 'running' && task.assignee === instance_id);

/** Whether something is done about a broken instance by itself, so that nobody has to. */
export const isRecovering = ({ recovery }: Instance): boolean =>
  recovery?.next === 'restart' || recovery?.next === 'go-on' || recovery?.next === 'move';

const needFrom = (alert: Alert, kind: NeedKind, key: string, help: string | null): Need => ({
  kind,
  key,
  text: alert.text,
  since: alert.raised_at,
  instance: alert.instance,
  task: alert.task,
  alert: alert.id,
  help,
});

/** What an alert about a task means: undefined where its instance decides, null where nobody has to do anything. */
const needOfTask = (alert: Alert, task: Task): Need | null | undefined => {
  if (task.state === 'failed' || task.state === 'blocked')
    return task.archived ? null : needFrom(alert, 'failure', `task ${task.id}`, helpForTask(task));
  // The task has gone on since.
  return OF_A_RUN.test(alert.id) ? null : undefined;
};

/** The same of an alert about an instance. */
const needOfInstance = (alert: Alert, one: Instance, state: State): Need | null | undefined => {
  const key = `instance ${one.instance_id}`;
  if (isBroken(one))
    return isRecovering(one) ? null : needFrom(alert, 'lost', key, helpForInstance(one, helpIn(alert, state)));
  const sits = alert.severity !== 'info' && sitsOnTask(one, state);
  return sits ? needFrom(alert, 'failure', key, helpIn(alert, state)) : undefined;
};

/** Who has taken over the work of a task and keeps it from agents; null where nobody has. */
const takenOver = ({ id, held }: Task, { reviews }: State): Review['taken_over'] =>
  held ? reviewOf(reviews, id).taken_over : null;

/** Whether a command names something that is not there any more. */
const namesGone = (command: string, id: string | null, there: Readonly<Record<string, unknown>>): boolean =>
  id !== null && !Object.hasOwn(there, id) && command.split(' ').includes(saidId(id));

/**
 * The command that an alert suggests, as far as it is still of use: since it was raised its agent may have been taken up again or
 * removed, and its task may have gone on.
 */
const helpIn = ({ id, suggestion, instance, task }: Alert, state: State): string | null => {
  const { instances, tasks } = state;
  const one = instance === null ? undefined : instances[instance];
  const look = task !== null && Object.hasOwn(tasks, task) ? `show task ${saidId(task)}` : null;
  if (suggestion === null || OF_A_RUN.test(id)) return suggestion && look;
  if (namesGone(suggestion, instance, instances) || namesGone(suggestion, task, tasks)) return look;
  if (one && QUESTION.test(id) && one.state.kind !== 'waiting') return `show instance ${saidId(instance!)}`;
  // It is started again without that.
  if (one && isRecovering(one) && suggestion === `restart instance ${saidId(instance!)}`)
    return `show instance ${saidId(instance!)}`;
  return stillOfUse(suggestion, state) ?? look;
};

/** An alert that is only to be known: of work that a person has taken over since, who has it. */
const noticeOf = (alert: Alert, state: State): Alert => {
  const task = alert.task === null ? undefined : state.tasks[alert.task];
  const taken = task && takenOver(task, state);
  if (!taken) return { ...alert, suggestion: helpIn(alert, state) };
  const { id } = task;
  const suggestion = `${reviewedRun(task) ? 'review' : 'show'} task ${saidId(id)}`;
  // What that person has committed did not pass: it is not proposed to leave it to an agent.
  if (alert.raised_at > taken.at) return { ...alert, suggestion };
  return {
    ...alert,
    severity: 'info',
    text: `${id} is taken over by ${actorText(taken.by)}: ${taken.worktree}`,
    suggestion,
  };
};

/** The need that an alert tells of; null when it is only to be known. */
const needIn = (alert: Alert, state: State): Need | null => {
  // Nobody waits for that answer any more.
  if (QUESTION.test(alert.id)) return null;
  const task = alert.task === null ? undefined : state.tasks[alert.task];
  const instance = alert.instance === null ? undefined : state.instances[alert.instance];
  if (task && takenOver(task, state)) return null;
  const ofTask = task && needOfTask(alert, task);
  if (ofTask !== undefined) return ofTask;
  if (isConflict(alert, state) && !goesBack(alert))
    return needFrom(alert, 'conflict', `task ${alert.task ?? alert.id}`, helpIn(alert, state));
  const ofInstance = instance && needOfInstance(alert, instance, state);
  if (ofInstance !== undefined) return ofInstance;
  return alert.severity === 'error' ? needFrom(alert, 'failure', `alert ${alert.id}`, helpIn(alert, state)) : null;
};

/** Questions in the order in which they were asked; of everything else the latest first, so that no old one hides it. */
const byUrgency = (a: Need, b: Need): number =>
  NEED_KINDS.indexOf(a.kind) - NEED_KINDS.indexOf(b.kind) ||
  (a.kind === 'question' ? a.since.localeCompare(b.since) : b.since.localeCompare(a.since)) ||
  a.key.localeCompare(b.key);

/** The needs that the agents have themselves, whatever alerts tell of them: who asks, and who is broken and not taken up again. */
const needsOfInstances = ({ instances, alerts }: State): readonly Need[] => {
  const all = Object.values(instances);
  return [
    ...all
      .filter(({ state }) => state.kind === 'waiting')
      .map((one) => questionOf(one, alerts[`${ASKED}${one.instance_id}`])),
    ...all.filter((one) => isBroken(one) && !isRecovering(one)).map(brokenNeed),
  ];
};

/** Whether a task does not get done as things stand, and nobody has given it up or has it in hand. */
const isStranded = (task: Task, state: State): boolean =>
  (task.state === 'failed' || task.state === 'blocked') && !task.archived && !takenOver(task, state);

const waitedForNeed = (task: Task, waiter: Task, state: State): Need => ({
  kind: 'failure',
  key: `task ${task.id}`,
  text: `${undoneOf(state, task)!.text}; ${waiter.id} waits for it`,
  since: task.since,
  instance: task.run?.instance ?? null,
  task: task.id,
  alert: null,
  help: helpForTask(task),
});

/** What others wait for and nobody does: that its alert was dismissed does not let them begin. */
const needsOfTasks = (state: State): readonly Need[] => {
  const all = valuesOf(state.tasks);
  const stranded = all.filter((task) => isStranded(task, state));
  if (stranded.length === 0) return [];
  const waiterFor = waiterAmong(all.filter((task) => ['open', 'assigned'].includes(task.state) && !task.archived));
  return stranded.flatMap((task) => {
    const waiter = waiterFor(task);
    return waiter ? [waitedForNeed(task, waiter, state)] : [];
  });
};

const findNeeds = (state: State): Needs => {
  const needs = new Map<string, Need>();
  const keep = (need: Need): void => {
    const known = needs.get(need.key);
    // An alert says more than the state alone.
    if (!known || known.alert === null || byUrgency(need, known) < 0) needs.set(need.key, need);
  };
  for (const need of [...needsOfInstances(state), ...needsOfTasks(state)]) keep(need);
  const notices: Alert[] = [];
  const told = new Map<string, string>();
  for (const alert of Object.values(state.alerts)) {
    const asked = askedIn(alert, state);
    const met = metBy(alert, state);
    const need = asked ? needs.get(`instance ${asked.instance_id}`) : needIn(met ?? alert, state);
    if (need) told.set(alert.id, need.key);
    if (asked || met) continue;
    if (need) keep(need);
    else notices.push(noticeOf(alert, state));
  }
  return { needs: [...needs.values()].toSorted(byUrgency), notices: notices.toSorted(bySeverity), told };
};

/** What the conflict that is a need is called: by its task, or by the two that would meet; null where it is none. */
export const conflictOf = ({ kind, task, alert }: Pick<Need, 'kind' | 'task' | 'alert'>): string | null =>
  kind === 'conflict' ? (task ?? alert?.replace(CONFLICT, '') ?? null) : null;

/** The command that shows what is known of a need, and changes nothing; null where its sentence is all there is. */
export const lookAt = (need: Pick<Need, 'kind' | 'task' | 'instance' | 'alert'>) => {
  const { kind, task, instance, alert } = need;
  const conflict = conflictOf(need);
  if (conflict !== null) return `show conflict ${saidId(conflict)}`;
  if (task !== null && kind === 'failure') return `show task ${saidId(task)}`;
  if (instance !== null) return `show instance ${saidId(instance)}`;
  return alert === null ? null : `show alert ${saidText(alert)}`;
};

type Needs = {
  readonly needs: readonly Need[];
  readonly notices: readonly Alert[];
  /** The key of the need that an alert tells of, by the id of the alert; several may tell of the same. */
  readonly told: ReadonlyMap<string, string>;
};
const known = new WeakMap<State, Needs>();

/** What needs a person, the most pressing first, and the alerts that are only to be known; found once for each state. */
export const needsOf = (state: State): Needs => {
  const found = known.get(state) ?? findNeeds(state);
  known.set(state, found);
  return found;
};

/** The failure of its task that an agent has left behind, the latest of several; undefined where it left none. */
export const failureLeftBy = (needs: readonly Need[], id: string): Need | undefined =>
  needs.find(({ kind, instance }) => kind === 'failure' && instance === id);

const SEVERITIES: readonly Alert['severity'][] = ['error', 'warning', 'info'];

const bySeverity = (a: Alert, b: Alert): number =>
  SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || b.raised_at.localeCompare(a.raised_at);
