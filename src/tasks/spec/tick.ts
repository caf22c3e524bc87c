import { type ParsedTask, parseTasks, type TaskBox } from './spec-tasks.ts';

export type Ticked = { readonly text: string; readonly line: number } | { readonly problem: string };

/** The tasks of a text; none when it is no text at all. */
const tasksIn = (text: string): readonly ParsedTask[] => (text.includes('\0') ? [] : parseTasks(text).tasks);

/** The text with other marks in some of its boxes. */
const withMarks = (text: string, marks: readonly Pick<TaskBox, 'at' | 'length' | 'tick'>[]): string => {
  const pieces: string[] = [];
  let from = 0;
  for (const { at, length, tick: mark } of marks.toSorted((a, b) => a.at - b.at)) {
    pieces.push(text.slice(from, at), mark);
    from = at + length;
  }
  return pieces.join('') + text.slice(from);
};

const find = (
  task: ParsedTask | undefined,
  number: string,
  title: string,
): { task: ParsedTask } | { problem: string } => {
  if (!task) return { problem: `task ${number} is not there any more` };
  if (task.title !== title) return { problem: `task ${number} is called “${task.title}” now` };
  if (task.times > 1) return { problem: `task ${number} “${title}” is there ${task.times} times` };
  if (task.boxes.length === 0 && task.state !== 'done') return { problem: `task ${number} has no box to tick` };
  return { task };
};

/** Boxes that are still to be ticked when the task is done; none when it says already that it is. */
const openBoxes = ({ boxes, state }: ParsedTask): TaskBox[] =>
  state === 'done' ? [] : boxes.filter(({ done }) => !done);

/** Ticks the boxes of the task that has both this number and this title, its own and those of its steps. */
export const tick = (text: string, number: string, title: string): Ticked => {
  const found = find(
    tasksIn(text).find((task) => task.number === number),
    number,
    title,
  );
  if ('problem' in found) return found;
  return { text: withMarks(text, openBoxes(found.task)), line: found.task.line };
};

/** A task that is done, as its plan calls it. */
export type DoneTask = { readonly number: string; readonly title: string };

export type TickedAll = {
  readonly text: string;
  readonly lines: readonly number[];
  /** What could not be ticked, and why. */
  readonly problems: readonly string[];
};

/** The tasks above one, by their numbers, the nearest first. */
const aboveIn = (numbered: ReadonlyMap<string, ParsedTask>, task: ParsedTask): string[] => {
  const groups: string[] = [];
  for (let up = task.parent; up !== null; up = numbered.get(up)?.parent ?? null) groups.push(up);
  return groups;
};

/** Ticks these of the tasks that a text holds, and every group above them whose tasks are all ticked by then. */
export const tickAmong = (text: string, tasks: readonly ParsedTask[], done: readonly DoneTask[]): TickedAll => {
  const numbered = new Map(tasks.map((task) => [task.number, task]));
  const above = (task: ParsedTask): string[] => aboveIn(numbered, task);
  const problems: string[] = [];
  const ticked = new Set<ParsedTask>();
  const touched = new Set<string>();
  for (const { number, title } of done) {
    const found = find(numbered.get(number), number, title);
    if ('problem' in found) {
      problems.push(found.problem);
      continue;
    }
    ticked.add(found.task);
    for (const up of above(found.task)) touched.add(up);
  }
  const undone = new Set(
    tasks.filter((task) => task.leaf && task.state !== 'done' && !ticked.has(task)).flatMap(above),
  );
  for (const up of touched) {
    const group = numbered.get(up);
    if (group && group.times === 1 && !undone.has(up)) ticked.add(group);
  }
  const boxes = [...ticked].flatMap(openBoxes);
  return { text: withMarks(text, boxes), lines: boxes.map(({ line }) => line).toSorted((a, b) => a - b), problems };
};

/** The same in a Markdown plan. */
export const tickDone = (text: string, done: readonly DoneTask[]): TickedAll => tickAmong(text, tasksIn(text), done);

/** A text of a plan with the tasks that it holds. */
export type PlanAt = { readonly text: string; readonly tasks: readonly ParsedTask[] };

/** The marks that the boxes of a task had before; where it has other boxes by now, that of its first one. */
const marksBefore = (now: ParsedTask, before: ParsedTask, text: string): Pick<TaskBox, 'at' | 'length' | 'tick'>[] => {
  const [first] = openBoxes(before);
  if (!first) return [];
  const isSame = now.boxes.length === before.boxes.length;
  return now.boxes.flatMap((box, i) => {
    const old = isSame ? before.boxes[i]! : first;
    return box.done && !old.done ? [{ ...box, tick: text.slice(old.at, old.at + old.length) }] : [];
  });
};

/**
 * Takes the ticks of these tasks back, and of the groups above them: their boxes get the marks that they had in an earlier
 * text of the plan. What was ticked there already stays so.
 */
export const untickAmong = (now: PlanAt, before: PlanAt, undone: readonly DoneTask[]): string => {
  const numbered = new Map(now.tasks.map((task) => [task.number, task]));
  const earlier = new Map(before.tasks.map((task) => [task.number, task]));
  const found = undone.flatMap(({ number, title }) => {
    const task = numbered.get(number);
    return task?.title === title ? [task, ...aboveIn(numbered, task).flatMap((up) => numbered.get(up) ?? [])] : [];
  });
  const marks = [...new Set(found)].flatMap((task) => {
    const old = earlier.get(task.number);
    return old?.title === task.title ? marksBefore(task, old, before.text) : [];
  });
  return withMarks(now.text, marks);
};
