import { messageOf } from '../../lib/errors.ts';
import { openRelay, type Relay } from '../../relay/open-relay.ts';
import type { RelayVisit } from '../../relay/orders.ts';
import type { DaemonServices } from '../services.ts';
import { type InstanceShare, isShared, removePlace, sharedTerminal, unshared } from './shares.ts';

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

export const makeDoors = (services: DaemonServices, hear: (visit: RelayVisit) => void): Doors => {
  const { decide, log } = services;
  const open = new Map<string, InstanceShare>();
  let relay: Relay | undefined;

  const forget = async (socket: string): Promise<void> => {
    open.delete(socket);
    // A process that was killed could not do it itself.
    await removePlace(services, socket);
  };
  /** Records that it is over, if it still is a fact that it is not: whoever follows the facts closes the door then. */
  const recordOver = async (some: readonly InstanceShare[], because: string): Promise<void> => {
    await decide((state) => some.filter((one) => isShared(state, one)).map((one) => unshared(one, because)));
  };
  const startRelay = (): Relay => {
    const mine = openRelay(hear);
    const noteLost = async (): Promise<void> => {
      if (relay !== mine) return;
      relay = undefined;
      await recordOver([...open.values()], 'its process has ended');
    };
    void mine.ended.then(noteLost).catch((error: unknown) => log(messageOf(error)));
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
      if (why === null) return;
      log(`${one.instance.instance_id} is not shared: ${why}`);
      await recordOver([one], `it could not be shared: ${why}`);
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
