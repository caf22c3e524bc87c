import { readMarkdown } from './markdown-plan.ts';
import { hasShape } from './markdown-shape.ts';
import type { PlanFormat } from './plan-format.ts';
import { writeChecklist } from './write-plain.ts';

/** Boxes without numbers; what they are called by is their place. */
export const checklist: PlanFormat = {
  id: 'checklist',
  label: 'check list',
  hasCancelled: false,
  recognises: hasShape('checklist'),
  read: readMarkdown,
  write: writeChecklist,
};
