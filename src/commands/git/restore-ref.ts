import { z } from 'zod';
import { refName } from '../../text/ref-name.ts';
import { begunBefore, noteBegun } from '../begun.ts';
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

type Meant = Pick<LostRef, 'ref' | 'from'> & {
  /** Missing where this very request has put it back already, and its daemon died before it had said so. */
  readonly lost?: LostRef;
};

/** What is to be put back: said again after the death of a daemon none goes back further than it was to. */
const meantBy = async (context: Context, names: readonly string[]): Promise<readonly Meant[]> => {
  const before = begunBefore(context);
  if (!before) return (await findLost(context, names)).map((lost) => ({ ...lost, lost }));
  const all = await context.lostRefs.list();
  return [...before].map(([ref, from]) => {
    const lost = all.findLast((one) => one.ref === ref && one.from === from);
    return { ref, from, ...(lost ? { lost } : {}) };
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
  foresees: () => 'asks',
  run: async (context, { id }) => {
    const data: { ref: string; at: string }[] = [];
    const meant = await meantBy(context, id);
    await noteBegun(context, Object.fromEntries(meant.map(({ ref, from }) => [ref, from])));
    for (const { ref, from, lost } of meant) {
      if (lost && !(await context.lostRefs.restore(lost))) throw changedMeanwhile({ what: refName(ref) });
      data.push({ ref, at: from });
    }
    return {
      message: `Restored ${data.map(({ ref, at }) => `${refName(ref)} (${at.slice(0, 10)})`).join(', ')}.`,
      data,
      sideEffects: data.map(({ ref }) => ref),
    };
  },
});
