import { cycles, cycleText } from '../graph.ts';
import { saidNeeds } from '../order/said.ts';
import type { Rule, Subject } from './lint-rule.ts';
import { compareIds } from './number.ts';
import type { Warning } from './spec-entries.ts';

const tasksFile = ({ source }: Subject): string => source.tasksFile;

/** The warnings of one kind that reading the plan gave. */
const findWarned =
  (rule: Warning['rule'], proposal: string): Rule['find'] =>
  (subject) =>
    subject.plan.warnings
      .filter((warning) => warning.rule === rule)
      .map(({ line, message, about }) => ({
        about: about ?? String(line),
        file: tasksFile(subject),
        line,
        message,
        proposal,
      }));

const findNoTasks: Rule['find'] = (subject) =>
  subject.leaves.length > 0
    ? []
    : [
        {
          about: 'plan',
          file: tasksFile(subject),
          line: 1,
          message: 'there are no tasks',
          proposal: 'Add some: a task is a line like `- [ ] 2.1 Build the parser`.',
        },
      ];

const findUnclearDependencies: Rule['find'] = (subject) =>
  subject.plan.mistakes.map(({ line, message, fix }, index) => ({
    about: `${line}.${index}`,
    file: tasksFile(subject),
    line,
    message,
    proposal: fix,
  }));

const edgesIn = ({ plan, leaves }: Subject) => saidNeeds(plan.tasks, leaves);

const findUnknownDependencies: Rule['find'] = (subject) => {
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

const findCycles: Rule['find'] = (subject) =>
  cycles(edgesIn(subject)).map((cycle) => ({
    about: cycle.toSorted(compareIds).join('+'),
    file: tasksFile(subject),
    line: subject.leaves.find((task) => task.number === cycle[0])!.line,
    message: `these tasks wait for each other: ${cycleText(cycle)}`,
    proposal: 'Take one of the dependencies away.',
  }));

const findWithoutCriteria: Rule['find'] = (subject) =>
  subject.leaves
    .filter((task) => task.requirements.length === 0 && !task.allRequirements)
    .map((task) => ({
      about: task.number,
      file: tasksFile(subject),
      line: task.line,
      message: `task ${task.number} names no requirement, so nothing says when it is good`,
      proposal: 'Add a line below it: `- _Requirements: 1.1, 1.2_`.',
    }));

const findForAll: Rule['find'] = (subject) =>
  subject.leaves
    .filter((task) => task.allRequirements)
    .map((task) => ({
      about: task.number,
      file: tasksFile(subject),
      line: task.line,
      message: `task ${task.number} is for all requirements: it covers none by itself`,
      proposal: 'Keep it as a last check; with a barrier it waits for all other tasks.',
    }));

const LET_BE = 'Write it so that it is read as it is meant, or leave it.';

/** The rules about tasks and their order, the gravest first. */
export const TASK_ERRORS: Readonly<Record<string, Rule>> = {
  'no-tasks': { severity: 'error', shown: 'always', find: findNoTasks },
  'unclear-dependency': { severity: 'error', shown: 'always', find: findUnclearDependencies },
  'unknown-dependency': { severity: 'error', shown: 'always', find: findUnknownDependencies },
  'dependency-cycle': { severity: 'error', shown: 'always', find: findCycles },
};

/** The rules about tasks that keep no plan from being imported. */
export const TASK_WARNINGS: Readonly<Record<string, Rule>> = {
  'duplicate-task': {
    severity: 'warning',
    shown: 'always',
    find: findWarned('duplicate-task', 'Give one of the two another number.'),
  },
  'unnumbered-task': {
    severity: 'warning',
    shown: 'always',
    find: findWarned(
      'unnumbered-task',
      'Number it, e.g. `- [ ] 2.1 Build the parser`, or make it a plain bullet of the task above.',
    ),
  },
  'no-box': {
    severity: 'warning',
    shown: 'always',
    find: findWarned('no-box', 'Write it so that it can be ticked, or tick it by hand when it is done.'),
  },
  'unread-order': {
    severity: 'warning',
    shown: 'always',
    find: findWarned('unread-order', 'Write it on a line of its own below the task: `_Depends: 2.1, 3_`.'),
  },
  'unread-graph': { severity: 'warning', shown: 'always', find: findWarned('unread-graph', LET_BE) },
  'no-criteria': { severity: 'warning', shown: 'strict', find: findWithoutCriteria },
  'unread-reference': { severity: 'warning', shown: 'strict', find: findWarned('unread-reference', LET_BE) },
  'unclear-line': { severity: 'warning', shown: 'strict', find: findWarned(undefined, LET_BE) },
  criteria: {
    severity: 'note',
    shown: 'strict',
    find: findWarned('criteria', 'Leave them, or number those that are work to be done.'),
  },
  'all-requirements': { severity: 'note', shown: 'strict', find: findForAll },
};
