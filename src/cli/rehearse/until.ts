import type { Replica } from '../../client/replica.ts';
import type { State } from '../../state/index.ts';

/** The state as soon as it is so; rejects when the swarm is closed before. */
export const untilState = (
  replica: Pick<Replica, 'state' | 'subscribe'>,
  closing: AbortSignal,
  holds: (state: State) => boolean,
): Promise<State> => {
  const { promise, resolve, reject } = Promise.withResolvers<State>();
  const look = () => (holds(replica.state) ? resolve(replica.state) : undefined);
  const refuse = () => reject(closing.reason as Error);
  const stop = replica.subscribe(look);
  closing.addEventListener('abort', refuse, { once: true });
  if (closing.aborted) refuse();
  look();
  return promise.finally(() => {
    stop();
    closing.removeEventListener('abort', refuse);
  });
};
