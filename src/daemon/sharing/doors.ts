import { dirname } from 'node:path';
import { messageOf } from '../../lib/errors.ts';
import { openRelay, type Relay } from '../../relay/open-relay.ts';
import type { RelayNews } from '../../relay/orders.ts';
import type { DaemonServices } from '../services.ts';
import { type InstanceShare, sharedTerminal, unshared } from './shares.ts';

/** The doors by which guests come in, each by its socket, and the process that keeps them. */
export type Doors = {
  readonly open: ReadonlyMap<string, InstanceShare>;
  /** The process, while there is one. */
  readonly pid: number | undefined;
  /** Opens one; where that cannot be done, the share is recorded as over. */
  admit(one: InstanceShare): Promise<void>;
  /** Closes one; whoever looks is told why, and is cut off. */
  cutOff(one: InstanceShare, why: string): Promise<void>;
  /** Ends the process, and with it all that is open. */
  end(): Promise<void>;
};

export const makeDoors = (services: DaemonServices, hear: (news: RelayNews) => void): Doors => {
  const { decide, home, log } = services;
  const open = new Map<string, InstanceShare>();
  let relay: Relay | undefined;

  const forget = async (socket: string): Promise<void> => {
    open.delete(socket);
    // A process that was killed could not do it itself.
    await home.files
      .remove(dirname(socket))
      .catch((error: unknown) => log(`a share left something: ${messageOf(error)}`));
  };
  const recordLost = async (): Promise<void> => {
    const lost = [...open.values()];
    for (const { share } of lost) await forget(share.socket);
    await decide(({ instances }) =>
      lost
        .filter(({ instance, share }) =>
          instances[instance.instance_id]?.shares?.some(({ socket }) => socket === share.socket),
        )
        .map((one) => unshared(one, 'its process has ended')),
    );
  };
  const startRelay = (): Relay => {
    const mine = openRelay(hear);
    void mine.ended.then(async () => {
      if (relay !== mine) return;
      relay = undefined;
      await recordLost().catch((error: unknown) => log(messageOf(error)));
    });
    return mine;
  };
  return {
    open,
    get pid() {
      return relay?.pid;
    },
    admit: async (one) => {
      relay ??= startRelay();
      const { socket } = one.share;
      open.set(socket, one);
      const why = await relay.open(sharedTerminal(services, one));
      if (why === null || !open.has(socket)) return;
      await forget(socket);
      log(`${one.instance.instance_id} is not shared: ${why}`);
      await decide(() => [unshared(one, `it could not be shared: ${why}`)]);
    },
    cutOff: async ({ share }, why) => {
      await relay?.close(share.socket, why);
      await forget(share.socket);
    },
    end: async () => {
      const ending = relay;
      relay = undefined;
      await ending?.end();
      for (const socket of [...open.keys()]) await forget(socket);
    },
  };
};
