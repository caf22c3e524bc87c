import { type NumberedGroup, type NumberedPlan, numbered } from './numbering.ts';
import type { WrittenPlan, WrittenTask } from './plan-format.ts';
import { boxOf, groupBox, plainLine, plainTitle, textsOf } from './written-text.ts';

/** How a family of numbered plans writes what it has in common. */
type Style = {
  /** What is written in front of a title. */
  readonly mark: (task: WrittenTask, group: NumberedGroup) => string;
  /** The line of a group; undefined where it has none. */
  readonly group: (group: NumberedGroup) => string | undefined;
  readonly indent: string;
  readonly depends: (needs: readonly string[]) => string;
};

const numberText = (number: string): string => (number.includes('.') ? number : `${number}.`);

const taskLines = (
  { number, task }: NumberedGroup['tasks'][number],
  group: NumberedGroup,
  { style, plan }: { readonly style: Style; readonly plan: NumberedPlan },
): string[] => {
  const indent = group.title === null ? '' : style.indent;
  const isOptional = task.priority === 'low';
  const { requirements } = task;
  const title = `${style.mark(task, group)}${plainTitle(task.title)}`;
  return [
    `${indent}- ${boxOf(task)}${isOptional ? '*' : ''} ${numberText(number)} ${title}`,
    ...textsOf(task).map((text) => `${indent}  - ${text}`),
    ...(requirements.length > 0 ? [`${indent}  - _Requirements: ${requirements.map(plainLine).join(', ')}_`] : []),
    `${indent}  - ${style.depends(plan.needs(task))}`,
  ];
};

const written = (plan: WrittenPlan, style: Style): string => {
  const found = numbered(plan);
  const lines = found.groups.flatMap((group) => {
    const own = group.title === null ? undefined : style.group(group);
    const tasks = group.tasks.flatMap((one) => taskLines(one, group, { style, plan: found }));
    return own === undefined ? tasks : [own, ...tasks];
  });
  return `# ${plainLine(plan.name)}\n\n${lines.join('\n')}\n`;
};

const boxedGroup = ({ number, title, tasks }: NumberedGroup): string =>
  `- ${groupBox(tasks.map(({ task }) => task))} ${number}. ${plainTitle(title!)}`;

const dependsLabel = (needs: readonly string[]): string => `_Depends: ${needs.length > 0 ? needs.join(', ') : 'none'}_`;

const KIRO: Style = { mark: () => '', group: boxedGroup, indent: '  ', depends: dependsLabel };

export const writeKiro = (plan: WrittenPlan): string => written(plan, KIRO);

/** Whether a task can be done beside the one before it in its group. */
const isBeside = (task: WrittenTask, { tasks }: NumberedGroup): boolean => {
  const before = tasks[tasks.findIndex((one) => one.task === task) - 1];
  return before !== undefined && !task.dependencies.includes(before.task.id);
};

export const writeCcSdd = (plan: WrittenPlan): string =>
  written(plan, { ...KIRO, mark: (task, group) => (isBeside(task, group) ? '(P) ' : '') });

/** Groups are headings, and tasks that stand alone get one of their own. */
export const writeOpenSpec = (plan: WrittenPlan): string => {
  const tasks = plan.tasks.map((task) => ({ ...task, group: task.group ?? task.title }));
  const isGrouped = tasks.every(({ id }) => /^\d+(?:\.\d+)+$/u.test(id));
  const groups = isGrouped ? tasks : tasks.map((task, index) => ({ ...task, id: `g${index}` }));
  const ids = new Map(plan.tasks.map(({ id }, index) => [id, groups[index]!.id]));
  const own = groups.map((task) => ({
    ...task,
    // A group that is called as its only task is a group all the same.
    group: `${task.group} `,
    dependencies: task.dependencies.flatMap((id) => ids.get(id) ?? []),
  }));
  return written(
    { ...plan, tasks: own },
    {
      mark: () => '',
      group: ({ number, title }) => `\n## ${number}. ${plainLine(title!)}\n`,
      indent: '',
      depends: dependsLabel,
    },
  ).replace(/\n{3,}/gu, '\n\n');
};
