import { z } from 'zod';
import { reducer } from './reducer.ts';

export const POLICIES = ['kiro', 'siblings', 'strict', 'none'] as const;
export type Policy = (typeof POLICIES)[number];

/** Why a task of a plan waits for another one. */
export const ORDER_RULES = [
  'graph',
  'between',
  'said',
  'checkpoint',
  'group',
  'test-group',
  'test',
  'tests-first',
  'bugfix',
  'no-file',
  'wave',
  'neighbour',
  'barrier',
  'ticked',
  'phase',
  'parent',
] as const;
export type OrderRule = (typeof ORDER_RULES)[number];

/** How plans are written that can be read, ticked and written; one adapter each in `src/tasks/formats`. */
export const PLAN_FORMATS = [
  'kiro',
  'cc-sdd',
  'spec-kit',
  'openspec',
  'headings',
  'checklist',
  'taskmaster',
  'beads',
] as const;
export type PlanFormatId = (typeof PLAN_FORMATS)[number];

export const specSchema = z.object({
  name: z.string(),
  /** The absolute path that the spec was read from. */
  source: z.string(),
  /**
   * Path of tasks.md inside the repository, where its boxes are ticked on the integration branch; null outside of it.
   */
  tracked_path: z.string().nullable(),
  policy: z.enum(POLICIES),
  barrier: z.boolean(),
  /** How its file is written; what was recorded before there were several is a Kiro spec. */
  format: z.enum(PLAN_FORMATS).optional(),
  /** The order of the plan. */
  tasks: z.array(z.string()),
  /** Of the texts that it was read from, so that what a person changed here is not taken for a change of the file. */
  digest: z.string().optional(),
  /** The tasks whose boxes were ticked in the file when it was read. */
  ticked: z.array(z.string()).optional(),
  imported_at: z.string(),
});
export type Spec = z.infer<typeof specSchema>;
export type Specs = Readonly<Record<string, Spec>>;

export const specEvents = {
  'spec.imported': z.object({ spec: specSchema.omit({ imported_at: true }) }),
};

export const reduceSpecs = reducer<Specs, typeof specEvents>({
  'spec.imported': (all, { spec }, at) => ({ ...all, [spec.name]: { ...spec, imported_at: at } }),
});
