import type { PlanFormatId } from '../../state/specs.ts';
import type { Task } from '../../state/tasks.ts';
import type { PlanReading, SpecSource } from '../spec/import-spec.ts';

/** What is read of a plan: its text, and how it is to be ordered where it does not say. */
export type PlanText = Pick<SpecSource, 'tasksText' | 'file' | 'policy' | 'barrier'>;

/** A task as it is written into a plan. */
export type WrittenTask = Pick<
  Task,
  | 'id'
  | 'title'
  | 'description'
  | 'details'
  | 'group'
  | 'requirements'
  | 'acceptance_criteria'
  | 'dependencies'
  | 'priority'
  | 'complexity_score'
  | 'estimated_duration'
  | 'state'
  | 'held'
  | 'since'
  | 'created_at'
>;

/** A plan to be written, in its order. */
export type WrittenPlan = { readonly name: string; readonly tasks: readonly WrittenTask[] };

/** A way to write plans. Formats are told apart by what a text looks like: no text is recognised by two of them. */
export type PlanFormat = {
  readonly id: PlanFormatId;
  /** How people call it. */
  readonly label: string;
  /** Whether it can say that a task is cancelled. */
  readonly hasCancelled: boolean;
  /** Whether a text is written so; the name of its file counts where the text alone cannot tell. */
  readonly recognises: (name: string, text: string) => boolean;
  /** What a text says, with everything that is wrong with it. Throws only when it is no text. */
  readonly read: (text: PlanText) => PlanReading;
  /** The plan as a text of this format, as far as that has a place for it. */
  readonly write: (plan: WrittenPlan) => string;
};
