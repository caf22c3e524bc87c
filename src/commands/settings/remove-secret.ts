import { z } from 'zod';
import { secretUses } from '../../state/secret-uses.ts';
import { begunBefore, noteBegun } from '../begun.ts';
import { defineCommand } from '../define.ts';
import { notFound } from '../errors.ts';
import { idsParam, requireOne } from '../selection.ts';

export const removeSecret = defineCommand({
  verb: 'remove',
  noun: 'secret',
  summary: 'Forget one of your secrets; agents that run with its value keep it until they end',
  example: 'remove secret gh-token',
  role: 'admin',
  modifiers: [],
  later: { parameters: ['for'] },
  target: 'required',
  one: 'secret',
  reads: false,
  effects: 'deletes the sealed value',
  params: z.object({ id: idsParam.describe('Its name') }),
  result: z.object({ name: z.string(), used_by: z.array(z.string()).describe('The settings that still name it') }),
  // Nothing is lost of one that is not there: that is refused, and not asked about.
  asks: async ({ secrets }, { id }) =>
    (await Promise.all(id.map((name) => secrets.has(name)))).some(Boolean)
      ? {
          targets: id,
          loses: `The value of ${id.join(', ')} is kept nowhere else; what is launched or checked with it fails afterwards.`,
        }
      : undefined,
  foresees: () => 'may ask',
  run: async (context, { id }) => {
    const { secrets, settings } = context;
    const name = requireOne(id, 'secret');
    // This very request may have removed it; of one that never was it has begun nothing.
    if (!(await secrets.has(name)) && !begunBefore(context))
      throw notFound({ noun: 'secret', id: name, known: (await secrets.list()).map((one) => one.name) });
    await noteBegun(context, { [name]: 'secret' });
    await secrets.remove(name);
    const used = [...secretUses(settings, name)];
    const still = used.length === 0 ? '' : ` ${used.join(', ')} still ${used.length === 1 ? 'names' : 'name'} it.`;
    return {
      message: `The secret ${name} is forgotten.${still}`,
      data: { name, used_by: used },
      sideEffects: [`secret:${name} removed`],
    };
  },
});
