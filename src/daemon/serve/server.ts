import type { Actor } from '../../commands/define.ts';
import { asSentence, messageOf } from '../../lib/errors.ts';
import type { Store } from '../../ports/index.ts';
import type { Door, Link, Listener } from '../../ports/link.ts';
import type { DoorTraffic } from '../../ports/machine.ts';
import type { Health, Reflective } from '../../ports/reflective.ts';
import { attendClient, type Desk } from './attend-client.ts';
import { openFollowers } from './followers.ts';
import { openIntroductions } from './introductions.ts';
import type { ResolveSpeaker, Speaker } from './speaker.ts';

/** How long a client may take to say goodbye as well. */
const GOODBYE_MS = 500;

type Serve = Omit<Desk, 'followers' | 'introductions'> & {
  /** Whom the daemon takes somebody for who calls themselves so. */
  readonly recognise: (speaker: Speaker, name: string) => Promise<Actor>;
  /** Finds out who connected; asked once for each client, as soon as it comes. */
  readonly resolveSpeaker: ResolveSpeaker;
  readonly store: Store;
  /** Overrides how many bytes may wait for a client. */
  readonly mostWaiting?: number;
};

export type Server = Reflective & {
  close(goodbye: string): Promise<void>;
  /** Whether clients can still find it at every address it was opened at. */
  isInPlace(): boolean;
  /** Who is connected by each door, follows, and waits for an answer now, and what they have not read yet. */
  traffic(): readonly DoorTraffic[];
  /** Tells clients whom other settings make them. */
  settingsChanged(): void;
};

type Client = { readonly door: Door; readonly requests: ReadonlySet<unknown> };

const openDoors = async (doors: readonly Door[], accept: (door: Door, link: Link) => void): Promise<Listener[]> => {
  const listeners: Listener[] = [];
  try {
    for (const door of doors) {
      if (door.address !== null)
        listeners.push(await door.transport.listen(door.address, (link) => accept(door, link)));
    }
    return listeners;
  } catch (error) {
    for (const listener of listeners) await listener.close();
    throw error;
  }
};

/** Says goodbye to everybody; resolves when all are gone. */
const dismiss = async (links: readonly Link[], why: string): Promise<void> => {
  for (const link of links) {
    link.send(JSON.stringify({ kind: 'bye', why }));
    void link.drained().then(() => link.close());
  }
  // A client that was stopped (Ctrl-Z) says nothing any more, and nobody waits for it.
  const impatient = setTimeout(() => {
    for (const link of links) link.close();
  }, GOODBYE_MS);
  await Promise.all(links.map(({ closed }) => closed));
  clearTimeout(impatient);
};

/** Whether clients can still come: somebody may have removed the address of a door that is in use. */
const doorHealth = async (traffic: readonly DoorTraffic[], doors: readonly Door[]): Promise<Health> => {
  const sum = (key: 'clients' | 'followers' | 'requests' | 'waiting_bytes'): number =>
    traffic.reduce((all, one) => all + one[key], 0);
  const indicators = {
    doors: traffic.flatMap((one) => (one.in_use ? [one.protocol] : [])).join(', '),
    clients: sum('clients'),
    followers: sum('followers'),
    requests: sum('requests'),
    waiting_bytes: sum('waiting_bytes'),
  };
  const troubles = await Promise.all(
    doors.map(async ({ transport, address }): Promise<string[]> => {
      if (address === null) return [];
      try {
        (await transport.connect(address)).close();
        return [];
      } catch (error) {
        return [`No client comes in by ${transport.scheme} any more: ${asSentence(messageOf(error))}`];
      }
    }),
  );
  const [why] = troubles.flat();
  return why === undefined ? { state: 'ok', why: null, indicators } : { state: 'degraded', why, indicators };
};

/** Lets clients in by every door that is in use, and answers them. */
export const openServer = async (doors: readonly Door[], serve: Serve): Promise<Server> => {
  const { run, note, answered, log, recognise, resolveSpeaker } = serve;
  const clients = new Map<Link, Client>();
  const followers = openFollowers(serve);
  const introductions = openIntroductions(recognise, log);
  const desk: Desk = { run, note, answered, log, followers, introductions };
  let isClosing = false;
  const listeners = await openDoors(doors, (door, link) => {
    if (isClosing) return link.close();
    clients.set(link, { door, requests: attendClient({ link, speaker: resolveSpeaker(link.peer) }, desk) });
    void link.closed.then(() => clients.delete(link));
  });
  const trafficOf = (door: Door): DoorTraffic => {
    const there = [...clients].filter(([, client]) => client.door === door);
    const { scheme, title, summary } = door.transport;
    return {
      ...{ protocol: scheme, title, summary, address: door.address, in_use: door.address !== null },
      clients: there.length,
      followers: there.filter(([link]) => followers.has(link)).length,
      requests: there.reduce((sum, [, { requests }]) => sum + requests.size, 0),
      waiting_bytes: there.reduce((sum, [link]) => sum + link.waitingBytes, 0),
    };
  };
  return {
    name: 'server',
    capabilities: ['answer commands', 'send the state', 'send events as they happen', 'replay past events'],
    health: () => doorHealth(doors.map(trafficOf), doors),
    traffic: () => doors.map(trafficOf),
    settingsChanged: introductions.settingsChanged,
    isInPlace: () => listeners.every((listener) => listener.isInPlace()),
    close: async (goodbye) => {
      isClosing = true;
      await Promise.all(listeners.map((listener) => listener.close()));
      await dismiss([...clients.keys()], goodbye);
    },
  };
};
