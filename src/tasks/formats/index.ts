import type { PlanFormatId } from '../../state/specs.ts';
import { planFromReading, type SpecPlan, type SpecSource } from '../spec/import-spec.ts';
import type { ParsedTask } from '../spec/spec-tasks.ts';
import { type DoneTask, type TickedAll, tickAmong, untickAmong } from '../spec/tick.ts';
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

/** The tasks of a plan's text. What is no text any more has none. */
const tasksIn = (format: PlanFormat, text: string): readonly ParsedTask[] =>
  text.includes('\0') ? [] : format.read({ tasksText: text, policy: 'none', barrier: false }).parsed.tasks;

/** Ticks what is done in the text of a plan: the marks change, and nothing else. */
export const tickPlan = (format: PlanFormat, text: string, done: readonly DoneTask[]): TickedAll =>
  tickAmong(text, tasksIn(format, text), done);

/** Takes the ticks of these tasks back, to the marks that they had in an earlier text of the plan. */
export const untickPlan = (
  format: PlanFormat,
  texts: { readonly now: string; readonly before: string },
  undone: readonly DoneTask[],
): string => {
  const at = (text: string) => ({ text, tasks: tasksIn(format, text) });
  return untickAmong(at(texts.now), at(texts.before), undone);
};

/** What a later text of the plan has ticked, ticked in an earlier one: all else there is as it was. */
export const tickedAlike = (format: PlanFormat, texts: { readonly earlier: string; readonly later: string }): string =>
  tickPlan(
    format,
    texts.earlier,
    tasksIn(format, texts.later).filter(({ leaf, state }) => leaf && state === 'done'),
  ).text;
