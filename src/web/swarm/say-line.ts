import { createHash, randomUUID } from 'node:crypto';
import type { Reply } from '../../ports/swarm.ts';
import type { Identity } from '../../protocol/frame.ts';
import { loweredTo } from '../../protocol/permission.ts';
import type { Visitor } from '../access/sessions.ts';
import type { CommandRequest } from '../wire.ts';
import type { Hub } from './hub.ts';

/** What the server calls itself where the daemon takes it for a person. */
const SERVER = 'web';

const actorOf = ({ name }: Pick<Visitor, 'name'>): string => (name === '' ? SERVER : `${SERVER}:${name}`);

/** Whom the daemon takes somebody at the page for. */
export const identityOf = (
  { presence: { identity } }: Pick<Hub, 'presence'>,
  visitor: Pick<Visitor, 'name' | 'role'>,
): Identity => {
  if (!identity) return { name: actorOf(visitor), role: visitor.role };
  const name = identity.name === SERVER ? actorOf(visitor) : identity.name;
  return { ...loweredTo(identity, visitor.role), name };
};

/** What somebody at the page says to the daemon, with the role that let them in. */
export const sayLine = (
  hub: Pick<Hub, 'run'>,
  visitor: Pick<Visitor, 'name' | 'role'>,
  request: CommandRequest,
): Promise<Reply> => {
  const { name, role } = visitor;
  const { line, id, confirm, said_at, input } = request;
  // The id of one visitor is none of another.
  const own = createHash('sha256').update(JSON.stringify([name, role, id ?? randomUUID()]));
  const extra = {
    id: `w-${own.digest('hex').slice(0, 24)}`,
    actor: actorOf(visitor),
    role,
    ...(confirm === undefined ? {} : { confirm }),
    ...(said_at === undefined ? {} : { said_at }),
    ...(input === undefined ? {} : { input }),
  };
  return hub.run({ line, extra });
};
