import { dependencyEdges } from '../dependencies.ts';
import { notText } from '../errors.ts';
import { cycles, cycleText } from '../graph.ts';
import { likenessTo } from '../likeness.ts';
import { lintReferences } from './lint-references.ts';
import { compareIds } from './number.ts';
import { type Requirements, readRequirements } from './spec-requirements.ts';
import { type ParsedTask, type ReadPlan, readTasks } from './spec-tasks.ts';

export const SEVERITIES = ['error', 'warning', 'note'] as const;

/** One thing about a spec that somebody should look at. */
export type Finding = {
  /** Rule and subject, e.g. `uncovered-criterion:12.1`: the same as long as the finding is there. */
  readonly id: string;
  readonly rule: string;
  readonly severity: (typeof SEVERITIES)[number];
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly message: string;
  /** What to do about it. */
  readonly proposal: string;
};

export type LintSource = {
  readonly tasksText: string;
  readonly requirementsText?: string | undefined;
  /** How the findings call the two files. */
  readonly tasksFile: string;
  readonly requirementsFile: string;
};

/** A spec as its rules look at it. */
export type Subject = {
  readonly source: LintSource;
  readonly plan: ReadPlan;
  readonly leaves: readonly ParsedTask[];
  /** Null when there are none beside the tasks. */
  readonly requirements: Requirements | null;
  readonly likeness: ReturnType<typeof likenessTo>;
};

/** A finding of a rule that says itself how grave it is; `about` is what makes its id. */
export type Found = {
  readonly about: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
  readonly proposal: string;
};

export type Rule = { readonly severity: Finding['severity']; readonly find: (subject: Subject) => readonly Found[] };

const tasksFile = ({ source }: Subject): string => source.tasksFile;

const duplicateTasks: Rule['find'] = (subject) =>
  subject.plan.duplicates.map(({ number, line, first }) => ({
    about: number,
    file: tasksFile(subject),
    line,
    message: `task ${number} is there already in line ${first}`,
    proposal: 'Give one of the two another number.',
  }));

const unnumberedTasks: Rule['find'] = (subject) =>
  subject.plan.unnumbered.map(({ line, title }) => ({
    about: `${line}`,
    file: tasksFile(subject),
    line,
    message: `the task “${title}” has no number`,
    proposal: 'Number it, e.g. `- [ ] 2.1 Build the parser`, or make it a plain bullet of the task above.',
  }));

const noTasks: Rule['find'] = (subject) =>
  subject.leaves.length > 0
    ? []
    : [
        {
          about: 'plan',
          file: tasksFile(subject),
          line: 1,
          message: 'there are no numbered tasks',
          proposal: 'Add some: a task is a line like `- [ ] 2.1 Build the parser`.',
        },
      ];

const duplicateCriteria: Rule['find'] = ({ source, requirements }) =>
  (requirements?.duplicates ?? []).map(({ id, line, first }) => ({
    about: id,
    file: source.requirementsFile,
    line,
    message: `criterion ${id} is there already in line ${first}`,
    proposal: 'Give one of the two another number.',
  }));

const edgesIn = ({ plan }: Subject) => dependencyEdges(plan.tasks, { policy: 'none', barrier: false });

const unknownDependencies: Rule['find'] = (subject) => {
  const edges = edgesIn(subject);
  return subject.leaves.flatMap((task) =>
    edges
      .get(task.number)!
      .filter((need) => !edges.has(need))
      .map((need) => ({
        about: `${task.number}:${need}`,
        file: tasksFile(subject),
        line: task.line,
        message: `task ${task.number} depends on ${need}, which is not in the plan`,
        proposal: 'Correct the number behind `_Depends:`.',
      })),
  );
};

const dependencyCycles: Rule['find'] = (subject) =>
  cycles(edgesIn(subject)).map((cycle) => ({
    about: cycle.toSorted(compareIds).join('+'),
    file: tasksFile(subject),
    line: subject.leaves.find((task) => task.number === cycle[0])!.line,
    message: `these tasks wait for each other: ${cycleText(cycle)}`,
    proposal: 'Take one of the dependencies away.',
  }));

const unclearLines: Rule['find'] = (subject) =>
  subject.plan.warnings.map(({ line, message }) => ({
    about: `${line}`,
    file: tasksFile(subject),
    line,
    message,
    proposal: 'Write it so that it is read as it is meant, or leave it.',
  }));

const withoutCriteria: Rule['find'] = (subject) =>
  subject.leaves
    .filter((task) => task.requirements.length === 0 && !task.allRequirements)
    .map((task) => ({
      about: task.number,
      file: tasksFile(subject),
      line: task.line,
      message: `task ${task.number} names no requirement, so nothing says when it is good`,
      proposal: 'Add a line below it: `- _Requirements: 1.1, 1.2_`.',
    }));

const forAll: Rule['find'] = (subject) =>
  subject.leaves
    .filter((task) => task.allRequirements)
    .map((task) => ({
      about: task.number,
      file: tasksFile(subject),
      line: task.line,
      message: `task ${task.number} is for all requirements: it covers none by itself`,
      proposal: 'Keep it as a last check; with a barrier it waits for all other tasks.',
    }));

const noRequirements: Rule['find'] = ({ source, requirements }) =>
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

/** Every rule by its name, the gravest first. */
const RULES: Readonly<Record<string, Rule>> = {
  'no-tasks': { severity: 'error', find: noTasks },
  'duplicate-task': { severity: 'error', find: duplicateTasks },
  'unnumbered-task': { severity: 'error', find: unnumberedTasks },
  'unknown-dependency': { severity: 'error', find: unknownDependencies },
  'dependency-cycle': { severity: 'error', find: dependencyCycles },
  'duplicate-criterion': { severity: 'error', find: duplicateCriteria },
  ...lintReferences,
  'no-criteria': { severity: 'warning', find: withoutCriteria },
  'unclear-line': { severity: 'warning', find: unclearLines },
  'all-requirements': { severity: 'note', find: forAll },
  'no-requirements': { severity: 'note', find: noRequirements },
};

const subjectOf = (source: LintSource): Subject => {
  const plan = readTasks(source.tasksText, source.tasksFile);
  const requirements = source.requirementsText === undefined ? null : readRequirements(source.requirementsText);
  return {
    source,
    plan,
    leaves: plan.tasks.filter((task) => task.leaf),
    requirements,
    likeness: likenessTo(requirements?.criteria ?? new Map()),
  };
};

const binary = (source: LintSource, message: string): Finding => ({
  id: 'not-text:file',
  rule: 'not-text',
  severity: 'error',
  file: source.tasksFile,
  line: Number(/:(?<line>\d+):/u.exec(message)?.groups?.['line'] ?? 1),
  message: 'there is a NUL character, so this is not a text file',
  proposal: 'Save it as UTF-8 text.',
});

/** What is wrong, doubtful or worth knowing about a spec: rule after rule, in each by line. Nothing of it is thrown. */
export const lintSpec = (source: LintSource): Finding[] => {
  let subject: Subject;
  try {
    subject = subjectOf(source);
  } catch (error) {
    if (notText.matches(error)) return [binary(source, error.message)];
    throw error;
  }
  return Object.entries(RULES).flatMap(([rule, { severity, find }]) =>
    find(subject)
      .toSorted((a, b) => a.line - b.line || compareIds(a.about, b.about))
      .map(({ about, ...found }): Finding => ({ id: `${rule}:${about}`, rule, severity, ...found })),
  );
};
