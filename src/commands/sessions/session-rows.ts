import { z } from 'zod';
import { saidId } from '../../protocol/say.ts';
import type { SessionInfo } from '../../ports/index.ts';
import { plural } from '../../text/wording.ts';
import type { Context, Outcome } from '../define.ts';
import { notFound, wrongState } from '../errors.ts';
import { sharesOf } from './sharing.ts';

export const sessionSchema = z.object({
  session: z.string(),
  instance: z.string().nullable().describe('Whose it is; null for one that no record knows'),
  orphan: z.boolean().describe('It is marked as an agent of this repository, and no record knows it'),
  windows: z.array(z.string()),
  clients: z.array(
    z.object({ tty: z.string(), read_only: z.boolean(), cols: z.number().int(), rows: z.number().int() }),
  ),
  shared_with: z
    .array(z.object({ user: z.string(), rw: z.boolean(), until: z.string() }))
    .describe('Other users of the machine who are let in'),
  cols: z.number().int(),
  rows: z.number().int(),
  created_at: z.string(),
  last_activity: z.string(),
});
export type SessionRow = z.infer<typeof sessionSchema>;

/** A session with the instance that its mark names; it is an orphan when no record knows that instance. */
const rowOf = ({ paths, store }: Pick<Context, 'paths' | 'store'>, info: SessionInfo): SessionRow => {
  const id = info.droverId.slice(paths.key.length + 1);
  const known = Object.hasOwn(store.state.instances, id);
  return {
    session: info.session,
    instance: known ? id : null,
    orphan: !known,
    windows: [...info.windows],
    clients: info.clients.map(({ tty, readOnly, cols, rows }) => ({ tty, read_only: readOnly, cols, rows })),
    shared_with: sharesOf(known ? store.state.instances[id]! : {}).map(({ user, rw, until }) => ({ user, rw, until })),
    cols: info.cols,
    rows: info.rows,
    created_at: info.created,
    last_activity: info.activity,
  };
};

type SessionEntry = { readonly row: SessionRow; readonly mark: string };

/** Every session of this repository's swarm, with its mark. Sessions of others are never among them. */
export const sessionsOf = async (
  context: Pick<Context, 'paths' | 'store' | 'tmux'>,
): Promise<readonly SessionEntry[]> =>
  (await context.tmux.sessions(`${context.paths.key}/`)).map((info) => ({
    row: rowOf(context, info),
    mark: info.droverId,
  }));

/** The session that an instance's id or a session's name says. */
export const sessionNamed = (seats: readonly SessionEntry[], id: string): SessionEntry => {
  const found = seats.find(({ row }) => row.instance === id) ?? seats.find(({ row }) => row.session === id);
  if (!found) throw notFound({ noun: 'session', id, known: seats.map(({ row }) => row.instance ?? row.session) });
  return found;
};

export const attachSchema = z.object({
  instance: z.string().nullable(),
  session: z.string(),
  socket: z.string().nullable().describe('Name of the tmux server; null for your own'),
  read_only: z.boolean(),
});

/** The answer that hands a terminal over to a session. */
export const attachOutcome = (
  { settings }: Pick<Context, 'settings'>,
  place: { instance: string | null; session: string },
  modifiers: readonly string[],
): Outcome => {
  const read_only = modifiers.includes('read-only');
  const server = settings.tmux.socket === undefined ? '' : `-L ${settings.tmux.socket} `;
  return {
    message: `tmux ${server}attach ${read_only ? '-r ' : ''}-t =${place.session}`,
    data: { ...place, socket: settings.tmux.socket ?? null, read_only },
  };
};

export const noSession = (id: string, state: string) =>
  wrongState({
    id,
    state,
    wants: 'it has no tmux session',
    hint: `First say: restart instance ${saidId(id)}`,
  });

export const detachedSchema = z.array(
  z.object({ session: z.string(), instance: z.string().nullable(), detached: z.number().int() }),
);

/** Takes everybody who looks at these sessions away from them. */
export const detachClients = async (
  context: Pick<Context, 'tmux'>,
  seats: readonly SessionEntry[],
): Promise<Outcome> => {
  const data: z.infer<typeof detachedSchema> = [];
  for (const { row, mark } of seats) {
    const detached = await context.tmux.detach(row.session, mark);
    data.push({ session: row.session, instance: row.instance, detached });
  }
  const count = data.reduce((sum, one) => sum + one.detached, 0);
  const from = data.map((one) => one.instance ?? one.session).join(', ') || 'anything';
  return {
    message: count === 0 ? `Nobody is attached to ${from}.` : `Detached ${plural(count, 'client')} from ${from}.`,
    data,
    sideEffects: data.filter((one) => one.detached > 0).map((one) => `${one.detached} detached from ${one.session}`),
  };
};
