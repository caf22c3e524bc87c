import { type Attention, attentionOf, type MaySay, mayAll, offeredTo } from '../../attention/attention.ts';
import type { Surroundings } from '../../attention/step.ts';
import { welcomeOf } from '../../attention/welcome.ts';
import { asSentence } from '../../lib/errors.ts';
import { shownLine } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import type { Task } from '../../state/tasks.ts';
import { withAges } from '../../text/since-text.ts';
import { taskWord } from '../../text/task-rows.ts';

/** Who reads the lines, and where: what is proposed hangs on what they may say and on what is there. */
export type Reader = {
  readonly maySay?: MaySay;
  readonly surroundings?: Surroundings | null;
  /** What time it is, in ISO 8601; where nobody tells, times are told as they are. */
  readonly now?: string;
};

const attentionFor = (state: State, { maySay = mayAll, surroundings = null }: Reader): Attention =>
  offeredTo(attentionOf(state, surroundings), maySay);

/** The task at the head of an instance's queue, in words. */
const taskText = (instance: Instance, { tasks }: State): string => {
  const task = tasks[instance.task_assignments[0] ?? ''];
  return task ? ` on ${task.id} ${shownLine(task.title)}` : '';
};

const instanceText = (instance: Instance, state: State): string => {
  const { kind, source } = instance.state;
  const guess = source === 'screen' ? ' (a guess)' : '';
  const question = instance.question === null ? '' : `, asks: ${shownLine(instance.question)}`;
  return `${instance.instance_id} is ${kind}${guess}${taskText(instance, state)}${question}`;
};

const NEWS = new Set<Task['state']>(['done', 'failed', 'blocked', 'cancelled']);

const taskNews = (task: Task, before: Task | undefined, state: State): readonly string[] => {
  const title = `task ${task.id} ${shownLine(task.title)}`;
  if (task.batch !== null && before?.batch === null) return [`${title} is ${taskWord(task, state)}`];
  if (task.state === before?.state || !NEWS.has(task.state)) return [];
  return [`${title} is ${task.state === 'done' ? taskWord(task, state) : task.state}`];
};

/** What is said where no agent is: the first of what the screen offers there. */
const nobodyText = (state: State, reader: Reader): string => {
  const { surroundings = null } = reader;
  const { title, offers } = welcomeOf(state, attentionFor(state, reader), surroundings);
  const first = offers.find(({ isForShell }) => !isForShell);
  // Where no agent program is, that comes first, and is said in a shell.
  const lacking = surroundings?.agent === null ? offers[0] : undefined;
  const how = lacking ? ` ${lacking.why} ${lacking.commands[0]!}` : ` Try: ${first?.commands[0] ?? 'help'}`;
  return shownLine(`${asSentence(title)}${how}`);
};

/** How the swarm is, a line for each agent, each saying all of it. */
export const plainStatus = (state: State, reader: Reader = {}): readonly string[] => {
  const lines = Object.values(state.instances).map((instance) => instanceText(instance, state));
  return lines.length > 0 ? lines : [nobodyText(state, reader)];
};

/** What needs a person now and did not before, and what is newly to be known, with the command that helps. */
const troubleNews = (before: State, after: State, reader: Reader): readonly string[] => {
  const { needs, notices } = attentionFor(after, reader);
  const keyOf = ({ kind, key, since }: Attention['needs'][number]): string => `${kind} ${key} ${since}`;
  const known = new Set(attentionOf(before).needs.map(keyOf));
  const told = [
    ...needs.filter((need) => !known.has(keyOf(need))),
    ...notices.filter(({ id }) => !before.alerts[id]).map(({ text, suggestion: help }) => ({ text, help })),
  ];
  const { now = '' } = reader;
  return told.map(
    ({ text, help }) =>
      `! ${asSentence(shownLine(withAges(text, now)))}${help === null ? '' : ` Try: ${shownLine(help)}`}`,
  );
};

/** What is different now, a line for each agent, task or alert that changed. */
export const plainChanges = (before: State, after: State, reader: Reader = {}): readonly string[] => {
  const instances = Object.values(after.instances).flatMap((instance) => {
    const old = before.instances[instance.instance_id];
    const text = instanceText(instance, after);
    return old && instanceText(old, before) === text ? [] : [text];
  });
  const gone = Object.keys(before.instances).filter((id) => !after.instances[id]);
  const tasks = Object.values(after.tasks).flatMap((task) => taskNews(task, before.tasks[task.id], after));
  return [...instances, ...gone.map((id) => `${id} is removed`), ...tasks, ...troubleNews(before, after, reader)];
};
