import { z } from 'zod';
import { refName } from '../../text/ref-name.ts';
import { type Context, defineCommand, type LostRef } from '../define.ts';
import { changedMeanwhile, notFound } from '../errors.ts';
import { idsParam } from '../selection.ts';

const findLost = async ({ lostRefs }: Context, names: readonly string[]): Promise<readonly LostRef[]> => {
  const all = await lostRefs.list();
  return [...new Set(names)].map((name) => {
    const found = all.findLast(({ ref }) => ref === name || refName(ref) === name);
    if (!found)
      throw notFound({ noun: 'changed ref', id: name, known: [...new Set(all.map(({ ref }) => refName(ref)))] });
    return found;
  });
};

export const restoreRef = defineCommand({
  verb: 'restore',
  noun: 'ref',
  summary: 'Put a branch, a tag or an entry of the stash back that was changed past the guard',
  example: 'restore ref main',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'moves the ref back to the commit that it was at; files in checkouts stay as they are',
  params: z.object({
    id: idsParam.describe('Their names, as "list refs" shows them; of several changes the latest is meant'),
  }),
  result: z.array(z.object({ ref: z.string(), at: z.string().describe('The commit that it is at again') })),
  asks: async (context, { id }) => {
    const meant = await findLost(context, id);
    const moves = meant.map(
      ({ ref, from, to }) =>
        `${refName(ref)} from ${to === null ? 'nothing' : to.slice(0, 10)} to ${from.slice(0, 10)}`,
    );
    return { targets: meant.map(({ ref }) => refName(ref)), loses: `This moves ${moves.join(', ')}.` };
  },
  run: async (context, { id }) => {
    const data: { ref: string; at: string }[] = [];
    for (const one of await findLost(context, id)) {
      if (!(await context.lostRefs.restore(one))) throw changedMeanwhile({ what: refName(one.ref) });
      data.push({ ref: one.ref, at: one.from });
    }
    return {
      message: `Restored ${data.map(({ ref, at }) => `${refName(ref)} (${at.slice(0, 10)})`).join(', ')}.`,
      data,
      sideEffects: data.map(({ ref }) => ref),
    };
  },
});
