import type { PlanFormatId } from '../../state/specs.ts';
import { planFromReading, type SpecPlan, type SpecSource } from '../spec/import-spec.ts';
import { type DoneTask, type TickedAll, tickAmong } from '../spec/tick.ts';
import { beads } from './beads.ts';
import { ccSdd } from './cc-sdd.ts';
import { checklist } from './checklist.ts';
import { headings } from './headings.ts';
import { kiro } from './kiro.ts';
import { openspec } from './openspec.ts';
import type { PlanFormat } from './plan-format.ts';
import { specKit } from './spec-kit.ts';
import { taskmaster } from './taskmaster.ts';

/** Every way to write plans that is known. */
export const planFormats: readonly PlanFormat[] = [
  kiro,
  ccSdd,
  specKit,
  openspec,
  headings,
  checklist,
  taskmaster,
  beads,
];

export const planFormat = (id: PlanFormatId): PlanFormat => planFormats.find((format) => format.id === id)!;

/** How a text is written; undefined when it is no plan. */
export const recognised = (name: string, text: string): PlanFormat | undefined =>
  planFormats.find((format) => format.recognises(name, text));

/** The plan that a text is. Refuses it with all its mistakes in one answer. */
export const readPlan = (format: PlanFormat, source: SpecSource): SpecPlan =>
  planFromReading(source, format.read(source));

/** Ticks what is done in the text of a plan: the marks change, and nothing else. */
export const tickPlan = (format: PlanFormat, text: string, done: readonly DoneTask[]): TickedAll => {
  // What is no text any more has no tasks.
  const tasks = text.includes('\0')
    ? []
    : format.read({ tasksText: text, policy: 'none', barrier: false }).parsed.tasks;
  return tickAmong(text, tasks, done);
};
