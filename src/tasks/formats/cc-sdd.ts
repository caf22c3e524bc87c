import { readMarkdown } from './markdown-plan.ts';
import { hasShape } from './markdown-shape.ts';
import type { PlanFormat } from './plan-format.ts';
import { writeCcSdd } from './write-numbered.ts';

/** A Kiro spec whose tasks may be marked `(P)`: they run beside their neighbours. */
export const ccSdd: PlanFormat = {
  id: 'cc-sdd',
  label: 'cc-sdd',
  hasCancelled: false,
  recognises: hasShape('cc-sdd'),
  read: readMarkdown,
  write: writeCcSdd,
};
