import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { notFound } from '../errors.ts';
import { idsParam, requireOne } from '../selection.ts';
import { colorSchema, colorsOf } from './list-color.ts';

export const showColor = defineCommand({
  verb: 'show',
  noun: 'color',
  summary: 'What a colour belongs to',
  example: 'show color azure',
  role: 'viewer',
  modifiers: ['detailed'],
  target: 'required',
  reads: true,
  params: z.object({ id: idsParam.describe('The name of a colour, or of an instance') }),
  result: colorSchema,
  run: async ({ store: { state } }, { id }) => {
    const name = requireOne(id, 'color');
    const all = colorsOf(state);
    const one = all.find((color) => color.instance_id === name) ?? all.find((color) => color.color_name === name);
    if (!one) throw notFound({ noun: 'color', id: name, known: all.map((color) => color.color_name) });
    const tasks = one.tasks.length === 0 ? '' : ` with ${one.tasks.join(', ')}`;
    return {
      message: `${one.color_name} (${one.primary_color}) is ${one.instance_id}${tasks}, in ${one.workspace_path}.`,
      data: one,
    };
  },
});
