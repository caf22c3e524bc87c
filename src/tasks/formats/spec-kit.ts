import type { TaskPlan } from '../../state/tasks.ts';
import { orderOf } from '../order/order.ts';
import type { MoreOfTask, PlanReading } from '../spec/import-spec.ts';
import { type ParsedPlan, type ParsedTask, parseTasks, type Section } from '../spec/spec-tasks.ts';
import { hasShape } from './markdown-shape.ts';
import { phaseOrder } from './phase-order.ts';
import type { PlanFormat, PlanText } from './plan-format.ts';
import { writeSpecKit } from './write-spec-kit.ts';

const MARK = /^\[(?<mark>P|US-?\d{1,3}|Story)\][ \t]*/iu;
const SAID = /[ \t]*[(（](?:depends[ \t]+on|blocked[ \t]+by)[ \t]+[^()（）]+[)）]/giu;

/** The title without its marks: `[P] [US1] Build the parser (depends on T003)`. */
const readTitle = (text: string): { title: string; parallel: boolean; stories: readonly string[] } => {
  const stories: string[] = [];
  let rest = text;
  let parallel = false;
  for (let found = MARK.exec(rest); found; found = MARK.exec(rest)) {
    const mark = found.groups!['mark']!.toUpperCase();
    if (mark === 'P') parallel = true;
    else stories.push(mark.replace('-', ''));
    rest = rest.slice(found[0].length);
  }
  return { title: rest.replace(SAID, '').trim(), parallel, stories };
};

/** The heading that says in which phase a task is: one that is called so, else the outermost. */
const phaseAt = ({ sections }: ParsedTask): Section | undefined =>
  sections.find(({ title }) => /^(?:phase|stage|step|milestone)\b/iu.test(title)) ??
  sections.find(({ level }) => level > 1) ??
  sections[0];

/** `(Priority: P1)` in the title of a phase. */
const PRIORITIES: readonly TaskPlan['priority'][] = ['urgent', 'high', 'normal', 'low'];
const priorityOf = (phase: string): TaskPlan['priority'] => {
  const said = /\bpriority:[ \t]*P(?<level>\d)/iu.exec(phase)?.groups?.['level'];
  return said === undefined ? 'normal' : (PRIORITIES[Number(said)] ?? 'low');
};

type Phase = { readonly number: string; readonly title: string; readonly line: number; readonly tasks: string[] };
type Dressed = ParsedTask & { readonly stories: readonly string[] };

/** The tasks with what their titles and headings say, and the phases they are in. */
const dress = (tasks: readonly ParsedTask[]): { tasks: Dressed[]; phases: Phase[] } => {
  const phases: Phase[] = [];
  let before: string | undefined;
  const dressed = tasks.map((task): Dressed => {
    const title = phaseAt(task)?.title ?? 'Tasks';
    if (title !== before) phases.push({ number: `phase-${phases.length + 1}`, title, line: task.line, tasks: [] });
    before = title;
    const phase = phases.at(-1)!;
    if (task.leaf) phase.tasks.push(task.number);
    const read = readTitle(task.title);
    return {
      ...task,
      title: read.title || `Task ${task.number}`,
      parallel: task.parallel || read.parallel,
      stories: read.stories,
      group: phase.number,
    };
  });
  return { tasks: dressed, phases };
};

/** `US1` among what a task waits for means the tasks of that story. */
const withStories = (tasks: readonly Dressed[]): Dressed[] => {
  const numbers = new Set(tasks.map(({ number }) => number));
  const ofStory = (need: string): string[] =>
    tasks.filter(({ stories, leaf }) => leaf && stories.includes(need.toUpperCase())).map(({ number }) => number);
  return tasks.map((task) => ({
    ...task,
    depends: task.depends.flatMap((need) => {
      const story = numbers.has(need) ? [] : ofStory(need);
      return story.length > 0 ? story.filter((number) => number !== task.number) : [need];
    }),
  }));
};

const read = ({ tasksText, file, policy, barrier }: PlanText): PlanReading => {
  const found = parseTasks(tasksText, file);
  const { tasks: dressed, phases } = dress(found.tasks);
  const tasks = withStories(dressed);
  const parsed: ParsedPlan = { ...found, tasks, groups: phases };
  const titles = new Map(phases.map(({ number, title }) => [number, title]));
  const more = new Map<string, MoreOfTask>(
    tasks.map(({ number, group, optional }) => {
      const priority = optional ? 'low' : priorityOf(titles.get(group)!);
      return [number, { description: '', plan: { priority } }];
    }),
  );
  return { parsed, order: policy === 'kiro' ? phaseOrder(parsed) : orderOf(parsed, { policy, barrier }), more };
};

/** GitHub's spec-kit: `- [ ] T001 [P] [US1] …` in phases that are done in order. */
export const specKit: PlanFormat = {
  id: 'spec-kit',
  label: 'spec-kit',
  hasCancelled: false,
  recognises: hasShape('spec-kit'),
  read,
  write: writeSpecKit,
};
