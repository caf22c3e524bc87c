import type { PlanFormatId } from '../../state/specs.ts';
import { readHeading } from '../spec/spec-entries.ts';
import { linesOf } from '../spec/spec-lines.ts';
import { readTaskLine } from '../spec/spec-task-line.ts';

export type MarkdownFormat = Exclude<PlanFormatId, 'taskmaster' | 'beads'>;

/** What of a plan in Markdown tells how it is written. */
const marksOf = (text: string) => {
  const lines = linesOf(text);
  const heads = lines.flatMap((line) => readTaskLine(line) ?? []);
  const boxes = heads.filter(({ heading }) => !heading);
  const ids = boxes.filter(({ token }) => token?.word === 'T');
  const numbers = boxes.flatMap(({ number, token }) => number ?? (token?.marked && token.word !== 'T' ? token.id : []));
  const headings = new Set(lines.flatMap((line) => readHeading(line)?.number ?? []));
  return { heads, boxes, ids, numbers, headings };
};

/** `## 1. Storage` with `- [ ] 1.1 …` below it, and no box for the group itself. */
const isBelowHeadings = (numbers: readonly string[], headings: ReadonlySet<string>): boolean =>
  numbers.every((number) => number.includes('.') && headings.has(number.split('.')[0]!));

/** What is written alike is told apart by the folder that it lies in. */
const byPlace = (name: string, shape: 'kiro' | 'openspec' | 'checklist'): MarkdownFormat => {
  if (/(?:^|\/)openspec\/changes\//u.test(name)) return 'openspec';
  return shape === 'openspec' && /(?:^|\/)\.kiro\//u.test(name) ? 'kiro' : shape;
};

/** How a plan in Markdown is written; undefined when there are no tasks in it. */
const markdownShape = (name: string, text: string): MarkdownFormat | undefined => {
  const { heads, boxes, ids, numbers, headings } = marksOf(text);
  if (heads.length === 0) return undefined;
  if (ids.length > numbers.length) return 'spec-kit';
  if (numbers.length > 0) {
    if (boxes.some(({ parallel }) => parallel)) return 'cc-sdd';
    return byPlace(name, isBelowHeadings(numbers, headings) ? 'openspec' : 'kiro');
  }
  return boxes.length < heads.length ? 'headings' : byPlace(name, 'checklist');
};

/** Recognises one shape of Markdown. */
export const hasShape =
  (shape: MarkdownFormat) =>
  (name: string, text: string): boolean =>
    !/\.(?:jsonl?|ndjson|csv|tsv)$/iu.test(name) && markdownShape(name, text) === shape;
