import { requirementOf } from '../likeness.ts';
import type { Found, Rule, Subject } from './lint.ts';
import { linesOf } from './spec-lines.ts';
import { labelled, readRefs } from './spec-refs.ts';
import type { ParsedTask } from './spec-tasks.ts';

/** Which lines name which requirements, read once for all findings. */
const referencesIn = (text: string): readonly { line: number; ids: ReadonlySet<string> }[] =>
  linesOf(text).flatMap(({ text: content, line }) => {
    const found = labelled(content.trim().replace(/^[-*+][ \t]+/u, ''));
    return found?.label === 'requirements' ? [{ line, ids: new Set(readRefs(found.list).ids) }] : [];
  });

/** The line in which a task names a requirement: the first one behind the task's own that does. */
const lineFinder = ({ source }: Subject) => {
  const references = referencesIn(source.tasksText);
  return (task: ParsedTask, id: string): number =>
    references.find(({ line, ids }) => line > task.line && ids.has(id))?.line ?? task.line;
};

const unknownReferences: Rule['find'] = (subject) => {
  const { plan, requirements, source } = subject;
  if (!requirements || requirements.criteria.size === 0) return [];
  const whole = new Set([...requirements.criteria.keys()].map(requirementOf));
  const lineOf = lineFinder(subject);
  return plan.tasks.flatMap((task) =>
    task.requirements
      .filter((id) => !requirements.criteria.has(id) && !whole.has(id))
      .map((id) => ({
        about: `${task.number}:${id}`,
        file: source.tasksFile,
        line: lineOf(task, id),
        message: `task ${task.number} refers to requirement ${id}, which does not exist`,
        proposal: whole.has(requirementOf(id))
          ? `Requirement ${requirementOf(id)} has ${[...requirements.criteria.keys()].filter((one) => requirementOf(one) === requirementOf(id)).join(', ')}: name one of them.`
          : `Requirements are ${[...whole].join(', ')}: name one of them.`,
      })),
  );
};

/** Criteria that some task names, by itself or with its whole requirement. */
const coveredBy = ({ plan, requirements }: Subject): ReadonlySet<string> => {
  const named = new Set(plan.tasks.flatMap((task) => task.requirements));
  return new Set([...requirements!.criteria.keys()].filter((id) => named.has(id) || named.has(requirementOf(id))));
};

const uncovered: Rule['find'] = (subject) => {
  if (!subject.requirements) return [];
  const covered = coveredBy(subject);
  return [...subject.requirements.criteria]
    .filter(([id]) => !covered.has(id))
    .map(([id, { line, title }]) => ({
      about: id,
      file: subject.source.requirementsFile,
      line,
      message: `no task covers criterion ${id}${title === '' ? '' : ` of “${title}”`}`,
      proposal: `Name ${id} behind the \`_Requirements:\` of a task, or add a task for it.`,
    }));
};

/** How much better a text must fit another requirement before the number is doubted. */
const MUCH = 2;

type Doubt = { readonly named: readonly string[]; readonly meant: string };

/**
 * The requirement that is meant instead, when a task’s text is of all requirements most about one that no task covers,
 * hardly about the one it names, and the same numbers exist there: what is left when requirements were renumbered.
 */
const doubtOf = (subject: Subject, task: ParsedTask, number: string, free: ReadonlySet<string>): Doubt | undefined => {
  const likeness = subject.likeness([task.title, ...task.details].join(' '));
  const [best] = [...likeness].toSorted((a, b) => b[1] - a[1]);
  if (!best || best[0] === number || !free.has(best[0]) || best[1] < MUCH * (likeness.get(number) ?? 0))
    return undefined;
  const named = task.requirements.filter((id) => id.includes('.') && requirementOf(id) === number);
  const exists = named.every((id) => subject.requirements!.criteria.has(id.replace(number, best[0])));
  return named.length > 0 && exists ? { named, meant: best[0] } : undefined;
};

const suspicious: Rule['find'] = (subject) => {
  const { requirements, source } = subject;
  if (!requirements) return [];
  const { criteria } = requirements;
  const covered = new Set([...coveredBy(subject)].map(requirementOf));
  const free = new Set([...criteria.keys()].map(requirementOf).filter((number) => !covered.has(number)));
  const titleOf = (id: string): string => criteria.get(id)!.title;
  const lineOf = lineFinder(subject);
  return subject.leaves.flatMap((task) =>
    [...new Set(task.requirements.filter((id) => criteria.has(id)).map(requirementOf))].flatMap((number): Found[] => {
      const doubt = doubtOf(subject, task, number, free);
      if (!doubt) return [];
      const { named, meant } = doubt;
      const instead = named.map((id) => id.replace(number, meant));
      return [
        {
          about: `${task.number}:${number}`,
          file: source.tasksFile,
          line: lineOf(task, named[0]!),
          message: `task ${task.number} “${task.title}” refers to ${named.join(', ')} of “${titleOf(named[0]!)}”, and its text is about “${titleOf(instead[0]!)}”, which no task covers`,
          proposal: `The numbers look older than the requirements: ${instead.join(', ')} may be meant.`,
        },
      ];
    }),
  );
};

/** The rules about what tasks say of requirements. */
export const lintReferences: Readonly<Record<string, Rule>> = {
  'unknown-reference': { severity: 'error', find: unknownReferences },
  'suspicious-reference': { severity: 'warning', find: suspicious },
  'uncovered-criterion': { severity: 'warning', find: uncovered },
};
