import { readMarkdown } from './markdown-plan.ts';
import { hasShape } from './markdown-shape.ts';
import type { PlanFormat } from './plan-format.ts';
import { writeKiro } from './write-numbered.ts';

/** A Kiro spec: numbered boxes, with `requirements.md` beside. */
export const kiro: PlanFormat = {
  id: 'kiro',
  label: 'Kiro spec',
  hasCancelled: false,
  recognises: hasShape('kiro'),
  read: readMarkdown,
  write: writeKiro,
};
