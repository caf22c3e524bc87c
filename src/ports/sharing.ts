import type { Instance } from '../state/instances.ts';

/** A user by their number, and by the one name that the system has for it. */
export type Account = { readonly user: string; readonly uid: number };

/** What lets other users of this machine look at terminals. What is shared with whom are facts; this makes them so. */
export type Sharing = {
  /** A user of this machine by any name or number of theirs; null where there is none. */
  accountOf(user: string): Promise<Account | null>;
  /** The number of the owner of the swarm; null where the system has none. */
  ownUid(): number | null;
  /** Whether this machine says who connects to a socket: without that nobody can be let in. */
  canTellGuests(): Promise<boolean>;
  /** A path for the next share, in a folder that is not there yet and that nobody can guess. */
  newSocket(): string;
  /** Whether the instance lives on the machine of the daemon, whose users are meant. */
  isHere(instance: Pick<Instance, 'host'>): boolean;
  /** Resolves when guests can join, and are cut off, as the facts so far say. */
  settled(): Promise<void>;
};
