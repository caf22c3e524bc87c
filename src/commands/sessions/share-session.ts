import { z } from 'zod';
import { saidId, saidOption } from '../../protocol/say.ts';
import { parseDuration } from '../../lib/duration.ts';
import type { Account } from '../../ports/sharing.ts';
import type { Instance } from '../../state/instances.ts';
import { isAlive } from '../../state/moves.ts';
import { type Context, defineCommand } from '../define.ts';
import { nobodyOfThatName, notShared, nothingToDo, peersUnknown } from '../errors.ts';
import { idsParam, lookUp, requireOne } from '../selection.ts';
import { noSession, sessionNamed, sessionsOf } from './session-rows.ts';
import { joinCommand, sharesOf, userParam } from './sharing.ts';

/** How long a share holds where nobody says it: a day's work. Nothing holds longer than a week. */
const USUAL = '8h';
const LONGEST_MS = 7 * 86_400_000;

/** The names that systems give to users, and their numbers. */
const USER = /^[a-z0-9_][a-z0-9_.-]{0,31}$/iu;

/** The number that Linux shows for users whom a namespace does not know (`/proc/sys/kernel/overflowuid`). */
const NAMELESS = 65_534;

const isTime = (text: string): boolean => {
  const ms = parseDuration(text);
  return ms !== undefined && ms > 0 && ms <= LONGEST_MS;
};

/** The instance whose living session is meant. */
const sharedInstance = async (context: Context, id: string): Promise<Instance> => {
  const { instances } = context.store.state;
  const named = Object.hasOwn(instances, id) ? id : sessionNamed(await sessionsOf(context), id).row.instance;
  const instance = lookUp(instances, named ?? id, 'instance');
  if (!isAlive(instance.state.kind)) throw noSession(instance.instance_id, instance.state.kind);
  return instance;
};

/** Whoever is to be let in, if their number can be held against who comes. */
const guestAccount = async ({ sharing }: Context, instance: Instance, asked: string): Promise<Account> => {
  if (!sharing.isHere(instance) || !(await sharing.canTellGuests())) throw peersUnknown();
  const account = await sharing.accountOf(asked);
  if (account === null) throw nobodyOfThatName({ user: asked });
  const { user, uid } = account;
  if (uid === sharing.ownUid())
    throw nothingToDo({
      message: `${user} is you: your own programs reach the agent anyway.`,
      hint: `To look on: drover attach ${saidId(instance.instance_id)}`,
    });
  if (uid === NAMELESS)
    throw nothingToDo({
      message: `${user} is what the system calls everybody whom it cannot name, and all of them would be let in.`,
      hint: 'Name the account of a person.',
    });
  return account;
};

export const shareSession = defineCommand({
  verb: 'share',
  noun: 'session',
  summary: 'Let another user of this machine look at an agent’s terminal, or type there too',
  example: 'share session rehearsal-1 user=bob',
  role: 'admin',
  modifiers: ['rw', 'read-only'],
  target: 'required',
  one: 'session',
  reads: false,
  effects:
    'opens a way in for that user alone, until its time is over, the agent or the daemon ends, or "unshare session"',
  params: z.object({
    id: idsParam.describe('An instance, or the name of its session'),
    user: userParam
      .refine((text) => USER.test(text), 'it is the name of a user of this machine')
      .describe('Who is let in: a user of this machine'),
    ttl: z.coerce
      .string()
      .refine(isTime, 'it is a time like 30m or 8h, a week at most')
      .default(USUAL)
      .describe('For how long at most, as 30m'),
  }),
  result: z.object({
    instance: z.string(),
    user: z.string(),
    uid: z.number().int(),
    rw: z.boolean(),
    until: z.string(),
    join: z.string().describe('What the other user types'),
  }),
  loss: (_state, { id, user, ttl }, modifiers) => ({
    targets: id,
    loses: modifiers.includes('rw')
      ? `${user} will type into ${id.join(', ')} for ${ttl}: what the agent does then, and what is typed past it, is done with all your rights.`
      : `${user} will see for ${ttl} all that the terminal of ${id.join(', ')} shows, code and answers included.`,
  }),
  run: async (context, { id, user: asked, ttl }, modifiers) => {
    const { decide, sharing, store } = context;
    const instance = await sharedInstance(context, requireOne(id, 'session'));
    const { instance_id } = instance;
    const { user, uid } = await guestAccount(context, instance, asked);
    const rw = modifiers.includes('rw');
    const until = new Date(Date.parse(context.now()) + parseDuration(ttl)!).toISOString();
    const share = { user, uid, rw, socket: sharing.newSocket(), until };
    await decide((state) => {
      const now = lookUp(state.instances, instance_id, 'instance');
      if (!isAlive(now.state.kind)) throw noSession(instance_id, now.state.kind);
      return [{ type: 'instance.shared', data: { instance_id, ...share } }];
    });
    await sharing.settled();
    const isOpen = sharesOf(store.state.instances[instance_id] ?? {}).some(({ socket }) => socket === share.socket);
    if (!isOpen) throw notShared({ id: instance_id, user });
    const join = joinCommand(share);
    return {
      message: `${user} may ${rw ? 'look at and type into' : 'look at'} ${instance_id} for ${ttl}, and joins with: ${join}`,
      hint: `It ends at ${until}, with the agent or the daemon, or when you say: unshare session ${saidId(instance_id)} ${saidOption('user', user)}`,
      data: { instance: instance_id, user, uid, rw, until, join },
      sideEffects: [`${user} is let in to ${instance_id}`],
    };
  },
});
