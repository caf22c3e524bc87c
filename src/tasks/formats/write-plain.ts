import { numbered } from './numbering.ts';
import type { WrittenPlan } from './plan-format.ts';
import { boxOf, groupBox, plainLine, plainTitle, textsOf } from './written-text.ts';

/** A title in a list without numbers must not begin with one. */
const unnumbered = (title: string): string => {
  const line = plainTitle(title);
  return /^(?:Task[ \t]+)?[^\p{L}]|^[A-Z][A-Z0-9_-]*-?\d/iu.test(line) ? `“${line}”` : line;
};

/** A check list without numbers, groups as boxes that others stand in. It has no place for dependencies. */
export const writeChecklist = (plan: WrittenPlan): string => {
  const lines = numbered({
    ...plan,
    tasks: plan.tasks.map((task, index) => ({ ...task, id: `t${index}` })),
  }).groups.flatMap(({ title, tasks }) => {
    const indent = title === null ? '' : '  ';
    const own = title === null ? [] : [`- ${groupBox(tasks.map(({ task }) => task))} ${unnumbered(title)}`];
    const parts = tasks.flatMap(({ task }) => [
      `${indent}- ${boxOf(task)}${task.priority === 'low' ? '*' : ''} ${unnumbered(task.title)}`,
      ...textsOf(task).map((text) => `${indent}  - ${text}`),
    ]);
    return [...own, ...parts];
  });
  return `# ${plainLine(plan.name)}\n\n${lines.join('\n')}\n`;
};

/** A title as a heading: a tick behind it would say that the task is done. */
const headed = (title: string): string => {
  const line = plainTitle(title);
  return /(?:[✅☑✔]\uFE0F?|#)$/u.test(line) ? `“${line}”` : line;
};

/** A heading for each task, and its points as boxes. */
export const writeHeadings = (plan: WrittenPlan): string => {
  const flat = plan.tasks.every(({ id }) => /^\d{1,3}(?:\.\d{1,9}){0,9}$/u.test(id))
    ? plan
    : { ...plan, tasks: plan.tasks.map((task) => ({ ...task, group: null })) };
  const { groups, needs } = numbered(flat);
  const parts = groups.flatMap(({ tasks }) =>
    tasks.map(({ number, task }) => {
      const texts = textsOf(task);
      const steps = texts.length > 0 ? texts : [plainTitle(task.title)];
      const waits = needs(task);
      return [
        `## Task ${number}: ${headed(task.title)}`,
        '',
        ...steps.map((text) => `- ${boxOf(task)} ${unnumbered(text)}`),
        `- _Depends: ${waits.length > 0 ? waits.join(', ') : 'none'}_`,
      ].join('\n');
    }),
  );
  return `# ${plainLine(plan.name)}\n\n${parts.join('\n\n')}\n`;
};
