import { z } from 'zod';
import type { Spec } from '../state/specs.ts';
import { defineCommand } from './define.ts';
import { drawTable } from './table.ts';
import { plural } from './wording.ts';

export const listSpec = defineCommand({
  verb: 'list',
  noun: 'spec',
  summary: 'List the plans that were imported',
  example: 'list specs',
  role: 'viewer',
  modifiers: [],
  reads: true,
  target: 'optional',
  params: z.object({ scope: z.literal('all').optional() }),
  run: async ({ store: { state } }) => ({
    message: plural(Object.keys(state.specs).length, 'spec'),
    data: Object.values(state.specs),
  }),
  draw: (data: readonly Spec[], view) =>
    drawTable(
      {
        head: ['spec', 'tasks', 'policy', 'barrier', 'file'],
        rows: data.map((spec) => [
          { text: spec.name },
          { text: String(spec.tasks.length) },
          { text: spec.policy },
          { text: spec.barrier ? 'yes' : 'no' },
          { text: spec.source, tone: 'dim' },
        ]),
        empty: 'No spec. Import one: import spec PATH',
      },
      view,
    ),
});
