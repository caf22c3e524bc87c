import { forgottenBy, readWaves } from '../order/graph-order.ts';
import { orderOf } from '../order/order.ts';
import type { Found, Rule, Subject } from './lint-rule.ts';

/** As much of a spec as its graph is about. */
type Drawn = Pick<Subject, 'plan' | 'leaves'> & { readonly source: Pick<Subject['source'], 'tasksFile'> };

const foundIn = (subject: Drawn, about: string, message: string, proposal: string): Found => ({
  about,
  file: subject.source.tasksFile,
  line: subject.plan.graph!.line,
  message,
  proposal,
});

const listOf = (numbers: readonly string[]): string => [...new Set(numbers)].join(', ');

const findUnknown = (subject: Drawn): readonly Found[] => {
  if (!subject.plan.graph) return [];
  const { unknown, repeated } = readWaves(subject.plan.graph, subject.leaves);
  const missing = `the graph has tasks that are not in the plan: ${listOf(unknown)}`;
  const twice = `the graph has tasks in two waves, of which the first counts: ${listOf(repeated)}`;
  return [
    ...(unknown.length > 0 ? [foundIn(subject, 'unknown', missing, 'Correct their numbers, or take them out.')] : []),
    ...(repeated.length > 0 ? [foundIn(subject, 'repeated', twice, 'Leave each in one wave.')] : []),
  ];
};

const findForgotten = (subject: Drawn): readonly Found[] => {
  if (!subject.plan.graph) return [];
  const numbers = forgottenBy(readWaves(subject.plan.graph, subject.leaves), subject.leaves).map(
    ({ number }) => number,
  );
  const message = `the graph has no wave for ${listOf(numbers)}: they come behind their groups`;
  return numbers.length === 0
    ? []
    : [foundIn(subject, 'all', message, 'Name each in the wave that it may begin with.')];
};

const findContradictions = (subject: Drawn): readonly Found[] =>
  subject.plan.graph === null
    ? []
    : orderOf(subject.plan, { policy: 'kiro', barrier: false }).contradicted.map(({ number, need }) => ({
        ...foundIn(
          subject,
          `${number}:${need}`,
          `task ${number} says that it depends on ${need}, and the graph has ${need} later: the graph counts`,
          'Correct one of the two.',
        ),
        line: subject.leaves.find((leaf) => leaf.number === number)!.line,
      }));

/** The rules about the graph of a plan. */
export const GRAPH_RULES: Readonly<Record<string, Rule>> = {
  'graph-contradiction': { severity: 'warning', shown: 'always', find: findContradictions },
  'graph-task': { severity: 'warning', shown: 'always', find: findUnknown },
  'graph-gap': { severity: 'warning', shown: 'always', find: findForgotten },
};

/** How many things the graph of a plan says that are read otherwise than they stand there. */
export const countGraphFindings = (subject: Drawn): number =>
  [findContradictions, findUnknown, findForgotten].reduce((sum, find) => sum + find(subject).length, 0);
