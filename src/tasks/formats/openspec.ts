import { readMarkdown } from './markdown-plan.ts';
import { hasShape } from './markdown-shape.ts';
import type { PlanFormat } from './plan-format.ts';
import { writeOpenSpec } from './write-numbered.ts';

/** The tasks of an OpenSpec change: headings `## 1. Group` with boxes `1.1`. */
export const openspec: PlanFormat = {
  id: 'openspec',
  label: 'OpenSpec',
  hasCancelled: false,
  recognises: hasShape('openspec'),
  read: readMarkdown,
  write: writeOpenSpec,
};
