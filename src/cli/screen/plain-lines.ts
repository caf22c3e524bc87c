import { attentionOf, type MaySay, mayAll, offeredAlert, offeredTo } from '../../attention/attention.ts';
import { asSentence } from '../../lib/errors.ts';
import { shownLine } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import type { Task } from '../../state/tasks.ts';

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

const taskNews = (task: Task, before: Task | undefined): readonly string[] => {
  const title = `task ${task.id} ${shownLine(task.title)}`;
  if (task.batch !== null && before?.batch === null) return [`${title} is merged`];
  if (task.state === before?.state || !NEWS.has(task.state)) return [];
  return [`${title} is ${task.state}`];
};

/** What is said where no agent is: the same way on that the screen offers. */
const nobodyText = (state: State, maySay: MaySay): string => {
  const [next] = offeredTo(attentionOf(state), maySay).work;
  const why = shownLine(next?.why ?? '');
  return `${asSentence(why === '' ? 'No agent yet' : why)} Type a command, for instance: ${shownLine(next?.command ?? 'help')}`;
};

/** How the swarm is, a line for each agent, each saying all of it. */
export const plainStatus = (state: State, maySay: MaySay = mayAll): readonly string[] => {
  const lines = Object.values(state.instances).map((instance) => instanceText(instance, state));
  return lines.length > 0 ? lines : [nobodyText(state, maySay)];
};

/** What is different now, a line for each agent, task or alert that changed. */
export const plainChanges = (before: State, after: State, maySay: MaySay = mayAll): readonly string[] => {
  const instances = Object.values(after.instances).flatMap((instance) => {
    const old = before.instances[instance.instance_id];
    const text = instanceText(instance, after);
    return old && instanceText(old, before) === text ? [] : [text];
  });
  const gone = Object.keys(before.instances).filter((id) => !after.instances[id]);
  const tasks = Object.values(after.tasks).flatMap((task) => taskNews(task, before.tasks[task.id]));
  const alerts = Object.values(after.alerts)
    .filter(({ id }) => !before.alerts[id])
    .map((alert) => offeredAlert(alert, maySay))
    .map(
      ({ text, suggestion }) => `! ${asSentence(shownLine(text))}${suggestion ? ` Try: ${shownLine(suggestion)}` : ''}`,
    );
  return [...instances, ...gone.map((id) => `${id} is removed`), ...tasks, ...alerts];
};
