import { createHash, randomUUID } from 'node:crypto';
import type { Reply } from '../../ports/swarm.ts';
import type { Visitor } from '../access/sessions.ts';
import type { CommandRequest } from '../wire.ts';
import type { Hub } from './hub.ts';

/** What somebody at the page says to the daemon, with the role that let them in. */
export const sayLine = (
  hub: Pick<Hub, 'run'>,
  { name, role }: Pick<Visitor, 'name' | 'role'>,
  request: CommandRequest,
): Promise<Reply> => {
  const { line, id, confirm, said_at, input } = request;
  // The id of one visitor is none of another.
  const own = createHash('sha256').update(JSON.stringify([name, role, id ?? randomUUID()]));
  const extra = {
    id: `w-${own.digest('hex').slice(0, 24)}`,
    actor: name === '' ? 'web' : `web:${name}`,
    role,
    ...(confirm === undefined ? {} : { confirm }),
    ...(said_at === undefined ? {} : { said_at }),
    ...(input === undefined ? {} : { input }),
  };
  return hub.run({ line, extra });
};
