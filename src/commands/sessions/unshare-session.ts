import { z } from 'zod';
import type { State } from '../../state/index.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { idsParam, lookUp } from '../selection.ts';
import { sharesOf, userParam } from './sharing.ts';

/** Where a user is meant: as whom they were let in, and their number by now, by whatever name. */
type Meant = { id?: string[] | undefined; user?: string | undefined; uid: number | undefined };

/** The instance by its own name or that of its session. */
const instanceNamed = ({ instances }: State, id: string) =>
  Object.values(instances).find(({ session }) => session === id && !Object.hasOwn(instances, id)) ??
  lookUp(instances, id, 'instance');

/** The shares that are meant, each with its instance. */
const sharesMeant = (state: State, { id, user, uid }: Meant) => {
  const instances = id ? id.map((one) => instanceNamed(state, one)) : Object.values(state.instances);
  return instances.flatMap((instance) =>
    sharesOf(instance)
      .filter((share) => user === undefined || share.user === user || share.uid === uid)
      .map((share) => ({ instance_id: instance.instance_id, user: share.user })),
  );
};

export const unshareSession = defineCommand({
  verb: 'unshare',
  noun: 'session',
  summary: 'Let other users look at an agent’s terminal no more; whoever looks is cut off at once',
  example: 'unshare session rehearsal-1 user=bob',
  role: 'admin',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'cuts guests off; the agent goes on',
  params: z.object({
    id: idsParam.optional().describe('Instances, or names of their sessions'),
    scope: z.literal('all').optional().describe('all, every session of the swarm'),
    user: userParam.optional().describe('Only this user; without it, everybody who was let in'),
  }),
  result: z.array(z.object({ instance: z.string(), user: z.string() })),
  refuses: ({ state }, { id = [] }) => {
    for (const one of id) instanceNamed(state, one);
  },
  run: async (context, { id, user }) => {
    const uid = user === undefined ? undefined : (await context.sharing.accountOf(user))?.uid;
    const facts = await context.decide((state) =>
      sharesMeant(state, { id, user, uid }).map((one) => ({
        type: 'instance.unshared' as const,
        data: { ...one, because: `${context.actor.name} ended it` },
      })),
    );
    await context.sharing.settled();
    const data = facts.flatMap((fact) =>
      fact.type === 'instance.unshared' ? [{ instance: fact.data.instance_id, user: fact.data.user }] : [],
    );
    const ended = data.map((one) => `${one.instance} with ${one.user}`);
    return {
      message:
        data.length === 0
          ? 'Nothing of that is shared.'
          : `Ended ${plural(data.length, 'share')}: ${ended.join(', ')}.`,
      data,
      sideEffects: ended.map((one) => `${one} ended`),
    };
  },
});
