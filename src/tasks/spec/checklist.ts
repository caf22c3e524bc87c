import type { Policy } from '../../state/specs.ts';
import { dependencyEdges } from '../dependencies.ts';
import type { Mistake, ReadItems, TaskItem } from '../items/item.ts';
import { linesOf } from './spec-lines.ts';
import { readTaskLine } from './spec-task-line.ts';
import { type ParsedTask, readTasks } from './spec-tasks.ts';

const BOX = /^(?<head>[ \t]*[-*+][ \t]+\[[^\][()]{0,2}\](?:\\?\*(?!\*))?)(?<rest>.*)$/u;

/**
 * The same list with numbers before its tasks, as their indents say: a list without any is read by the reader of plans.
 * Lines stay where they are.
 */
const numbered = (text: string): string => {
  const counts: { indent: number; count: number }[] = [];
  const lines = linesOf(text).map((line) => {
    const box = readTaskLine(line) ? BOX.exec(line.text)?.groups : undefined;
    if (!box) return line.text;
    while (counts.length > 0 && counts.at(-1)!.indent > line.indent) counts.pop();
    if (counts.at(-1)?.indent === line.indent) counts.at(-1)!.count += 1;
    else counts.push({ indent: line.indent, count: 1 });
    return `${box['head']} ${counts.map(({ count }) => count).join('.')} ${box['rest']!.trimStart()}`;
  });
  return lines.join('\n');
};

const itemOf = (
  task: ParsedTask,
  given: boolean,
  more: { group: string | null; needs: readonly string[] },
): TaskItem => ({
  ...(given ? { id: task.number } : {}),
  key: task.number,
  line: task.line,
  title: task.title,
  details: [...task.details],
  ...(more.group === null ? {} : { group: more.group }),
  ...(task.requirements.length > 0 ? { requirements: [...task.requirements] } : {}),
  ...(more.needs.length > 0 ? { dependencies: [...more.needs] } : {}),
  ...(task.optional ? { priority: 'low' as const } : {}),
  ...(task.state === 'done' ? { state: 'done' as const } : {}),
});

/** A Markdown check list, with numbers or without; boxes below others are their parts, and the topmost one is the group. */
export const readChecklist = (text: string, policy: Policy): ReadItems => {
  const bare = readTasks(text);
  const given = bare.tasks.length > 0;
  const plan = given ? bare : readTasks(numbered(text));
  const mistakes: Mistake[] = [
    ...plan.duplicates.map(({ line, number, first }) => ({
      line,
      message: `task ${number} is there already in line ${first}`,
      fix: 'Give one of the two another number.',
    })),
    ...plan.unnumbered.map(({ line, title }) => ({
      line,
      message: `the task “${title}” has no number, and others have`,
      fix: 'Number all tasks of the list or none.',
    })),
  ];
  const leaves = plan.tasks.filter((task) => task.leaf);
  const edges = dependencyEdges(plan.tasks, { policy, barrier: false });
  const titles = new Map(plan.groups.map((group) => [group.number, group.title]));
  return {
    items: leaves.map((task) =>
      itemOf(task, given, {
        group: task.group === task.number ? null : (titles.get(task.group) ?? null),
        needs: edges.get(task.number)!,
      }),
    ),
    mistakes: mistakes.toSorted((a, b) => a.line - b.line),
    warnings: plan.warnings,
  };
};
