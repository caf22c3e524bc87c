import { readMarkdown } from './markdown-plan.ts';
import { hasShape } from './markdown-shape.ts';
import type { PlanFormat } from './plan-format.ts';
import { writeHeadings } from './write-plain.ts';

/** Headings `## Task 1: …` with boxes as their steps. */
export const headings: PlanFormat = {
  id: 'headings',
  label: 'headings',
  hasCancelled: false,
  recognises: hasShape('headings'),
  read: readMarkdown,
  write: writeHeadings,
};
