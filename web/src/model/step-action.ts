import { unquoted } from '../../../src/tui/answering/suggestion.ts';
import { type Step, isWeighty } from '../../../src/attention/step.ts';
import type { View } from './route.ts';

/** What taking a step means on the page: a place to go to, a line to be read before it is said, or a command. */
export type StepAction =
  | { readonly kind: 'go'; readonly view: View; readonly subject: string | null; readonly word: string }
  | { readonly kind: 'fill'; readonly line: string }
  | { readonly kind: 'run'; readonly line: string };

const REVIEW = /^review task (?<task>\S+)$/u;
const ANSWER = /^(?:answer|approve) (?<instance>\S+)/u;
const FAILURE = /^show (?:failure|conflict) (?<task>\S+)$/u;

/** Whether a step is read before it is said: nothing asks here about a merge of many, as the screen does. */
const isReadFirst = (kind: Step['kind']): boolean => kind === 'merge' || isWeighty({ kind });

/** What a suggested command means here. A question is answered where it stands, and a review is a view. */
export const actionOf = (command: string, kind?: Step['kind']): StepAction => {
  const task = REVIEW.exec(command)?.groups?.['task'];
  if (task !== undefined) return { kind: 'go', view: 'review', subject: unquoted(task), word: 'Review' };
  const instance = ANSWER.exec(command)?.groups?.['instance'];
  if (instance !== undefined) return { kind: 'go', view: 'alerts', subject: unquoted(instance), word: 'Answer' };
  const about = FAILURE.exec(command)?.groups?.['task'];
  if (about !== undefined) return { kind: 'go', view: 'alerts', subject: unquoted(about), word: 'Look at it' };
  if (command.includes('…') || (kind !== undefined && isReadFirst(kind))) return { kind: 'fill', line: command };
  return { kind: 'run', line: command };
};
