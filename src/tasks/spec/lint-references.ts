import { someOf } from '../../lib/names.ts';
import { requirementOf } from '../likeness.ts';
import type { Found, Rule, Subject } from './lint-rule.ts';
import { linesOf } from './spec-lines.ts';
import { readRefs } from './spec-refs.ts';
import type { ParsedTask } from './spec-tasks.ts';
import { labelsIn } from './spec-trailers.ts';

/** Which lines name which requirements, read once for all findings. */
const referencesIn = (text: string): readonly { line: number; ids: ReadonlySet<string> }[] =>
  linesOf(text).flatMap(({ text: content, line }) => {
    const found = labelsIn(content.trim().replace(/^[-*+][ \t]+/u, '')).filter(({ label }) => label === 'requirements');
    return found.length > 0 ? [{ line, ids: new Set(found.flatMap(({ list }) => readRefs(list).ids)) }] : [];
  });

/** The line in which a task names a requirement: the first one from the task's own on that does. */
const lineFinder = ({ source }: Subject) => {
  const references = referencesIn(source.tasksText);
  return (task: ParsedTask, id: string): number =>
    references.find(({ line, ids }) => line >= task.line && ids.has(id))?.line ?? task.line;
};

const findUnknown: Rule['find'] = (subject) => {
  const { plan, requirements, source, criteriaOf } = subject;
  if (!requirements || requirements.criteria.size === 0) return [];
  const whole = new Set([...requirements.criteria.keys()].map(requirementOf));
  const lineOf = lineFinder(subject);
  return plan.tasks.flatMap((task) =>
    task.requirements
      .filter((id) => criteriaOf(id).length === 0)
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
const coveredBy = ({ plan, criteriaOf }: Subject): ReadonlySet<string> =>
  new Set(plan.tasks.flatMap((task) => task.requirements.flatMap(criteriaOf)));

const findDuplicates: Rule['find'] = ({ source, requirements }) =>
  (requirements?.duplicates ?? []).map(({ id, line, first }) => ({
    about: id,
    file: source.requirementsFile,
    line,
    message: `criterion ${id} is there already in line ${first}`,
    proposal: 'Give one of the two another number.',
  }));

const uncoveredIn = (subject: Subject) => {
  const covered = coveredBy(subject);
  return [...(subject.requirements?.criteria ?? [])].filter(([id]) => !covered.has(id));
};

const findUncovered: Rule['find'] = (subject) =>
  uncoveredIn(subject).map(([id, { line, title }]) => ({
    about: id,
    file: subject.source.requirementsFile,
    line,
    message: `no task covers criterion ${id}${title === '' ? '' : ` of “${title}”`}`,
    proposal: `Name ${id} behind the \`_Requirements:\` of a task, or add a task for it.`,
  }));

const SHOWN = 12;

/** The same in one finding. */
const findAllUncovered: Rule['find'] = (subject) => {
  const found = uncoveredIn(subject);
  if (found.length === 0) return [];
  const ids = found.map(([id]) => id);
  const of = `${found.length} of ${subject.requirements!.criteria.size} criteria`;
  return [
    {
      about: 'all',
      file: subject.source.requirementsFile,
      line: found[0]![1].line,
      message: `no task names ${of}: ${someOf(ids, SHOWN)}`,
      proposal: 'Name them behind the `_Requirements:` of tasks; --strict has a line for each.',
    },
  ];
};

const findNoRequirements: Rule['find'] = ({ source, requirements }) =>
  requirements !== null && requirements.criteria.size > 0
    ? []
    : [
        {
          about: 'file',
          file: source.requirementsFile,
          line: 1,
          message:
            requirements === null
              ? 'there is no requirements.md beside the tasks, so references are not checked'
              : 'no acceptance criteria are found, so references are not checked',
          proposal: 'Write criteria as a numbered list below `#### Acceptance Criteria` of `### Requirement 1: …`.',
        },
      ];

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

const findSuspicious: Rule['find'] = (subject) => {
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
export const REFERENCE_RULES: Readonly<Record<string, Rule>> = {
  'duplicate-criterion': { severity: 'error', shown: 'always', find: findDuplicates },
  'unknown-reference': { severity: 'error', shown: 'always', find: findUnknown },
  'suspicious-reference': { severity: 'warning', shown: 'strict', find: findSuspicious },
  'uncovered-criterion': { severity: 'warning', shown: 'strict', find: findUncovered },
  'uncovered-criteria': { severity: 'warning', shown: 'not-strict', find: findAllUncovered },
};

/** What is worth knowing about the requirements. */
export const REFERENCE_NOTES: Readonly<Record<string, Rule>> = {
  'no-requirements': { severity: 'note', shown: 'strict', find: findNoRequirements },
};
