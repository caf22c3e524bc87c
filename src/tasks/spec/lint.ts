import { notText } from '../errors.ts';
import { likenessTo } from '../likeness.ts';
import { GRAPH_RULES } from './lint-graph.ts';
import { REFERENCE_NOTES, REFERENCE_RULES } from './lint-references.ts';
import type { Finding, LintSource, Rule, Subject } from './lint-rule.ts';
import { TASK_ERRORS, TASK_WARNINGS } from './lint-tasks.ts';
import { compareIds } from './number.ts';
import { criteriaFinder, readRequirements } from './spec-requirements.ts';
import { parseTasks } from './spec-tasks.ts';

/** Every rule by its name. */
const RULES: Readonly<Record<string, Rule>> = {
  ...TASK_ERRORS,
  ...REFERENCE_RULES,
  ...GRAPH_RULES,
  ...TASK_WARNINGS,
  ...REFERENCE_NOTES,
};

const subjectOf = (source: LintSource): Subject => {
  const plan = source.read?.(source.tasksText) ?? parseTasks(source.tasksText, source.tasksFile);
  const requirements = source.requirementsText === undefined ? null : readRequirements(source.requirementsText);
  const criteria = requirements?.criteria ?? new Map();
  return {
    source,
    plan,
    leaves: plan.tasks.filter((task) => task.leaf),
    requirements,
    criteriaOf: criteriaFinder(criteria),
    likeness: likenessTo(criteria),
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

/**
 * What is wrong with a spec or worth knowing about it: rule after rule, in each by line; when strict also what is only
 * doubtful. Nothing of it is thrown.
 */
export const lintSpec = (source: LintSource, isStrict = false): Finding[] => {
  let subject: Subject;
  try {
    subject = subjectOf(source);
  } catch (error) {
    if (notText.matches(error)) return [binary(source, error.message)];
    throw error;
  }
  const hidden = isStrict ? 'not-strict' : 'strict';
  return Object.entries(RULES).flatMap(([rule, { severity, shown, find }]) =>
    shown === hidden
      ? []
      : find(subject)
          .toSorted((a, b) => a.line - b.line || compareIds(a.about, b.about))
          .map(({ about, ...found }): Finding => ({ id: `${rule}:${about}`, rule, severity, ...found })),
  );
};
