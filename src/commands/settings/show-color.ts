import { z } from 'zod';
import type { State } from '../../state/index.ts';
import { defineCommand } from '../define.ts';
import { notFound } from '../errors.ts';
import { idsParam, requireOne } from '../selection.ts';
import { type ColorRow, colorSchema, colorsOf } from './list-color.ts';

/** The colour of that name, or of the instance that is called so. */
const colorMeant = (state: State, ids: readonly string[]): ColorRow => {
  const name = requireOne(ids, 'color');
  const all = colorsOf(state);
  const one = all.find((color) => color.instance_id === name) ?? all.find((color) => color.color_name === name);
  if (!one) throw notFound({ noun: 'color', id: name, known: all.map((color) => color.color_name) });
  return one;
};

export const showColor = defineCommand({
  verb: 'show',
  noun: 'color',
  summary: 'What a colour belongs to',
  example: 'show color azure',
  role: 'viewer',
  modifiers: ['detailed'],
  aloud: ['detailed'],
  target: 'required',
  one: 'color',
  reads: true,
  params: z.object({ id: idsParam.describe('The name of a colour, or of an instance') }),
  result: colorSchema,
  names: 'settings',
  refuses: ({ state }, { id }) => void colorMeant(state, id),
  run: async ({ store: { state } }, { id }) => {
    const one = colorMeant(state, id);
    const tasks = one.tasks.length === 0 ? '' : ` with ${one.tasks.join(', ')}`;
    return {
      message: `${one.color_name} (${one.primary_color}) is ${one.instance_id}${tasks}, in ${one.workspace_path}.`,
      data: one,
    };
  },
});
