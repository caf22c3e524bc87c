import { randomBytes } from 'node:crypto';
import type { Audit } from '../../audit/open.ts';
import { messageOf } from '../../lib/errors.ts';
import { canTellPeers } from '../../link/credentials.ts';
import type { Sharing } from '../../ports/sharing.ts';
import { LOCAL_HOST } from '../../state/instances.ts';
import { healthy } from '../health/health-report.ts';
import type { Service } from '../health/service.ts';
import type { DaemonServices } from '../services.ts';
import { type Doors, makeDoors } from './doors.ts';
import { visitNoter } from './note-visits.ts';
import { allOver, endLeftShares, type InstanceShare, overdueFacts, wantedShares } from './shares.ts';

/** The folder for all users of a machine: nobody can remove there what is another's. */
const PLACE = '/tmp';
/** The pauses between two looks whose time is over, in milliseconds. */
const LOOK_MS = 60_000;
const LEAST_MS = 20;

/** Why shares are over, by whose they are, as the facts say it. */
const makeReasons = ({ store }: DaemonServices) => {
  const reasons = new Map<string, string>();
  const keyOf = (instance: string, user: string): string => `${instance} ${user}`;
  store.subscribe((events) => {
    for (const { type, data } of events)
      if (type === 'instance.unshared') reasons.set(keyOf(data.instance_id, data.user), data.because);
      else if (type === 'instance.shared') reasons.set(keyOf(data.instance_id, data.user), 'it is shared anew');
  });
  return ({ instance: { instance_id }, share }: InstanceShare): string =>
    // An instance that was removed takes its shares with it.
    (store.state.instances[instance_id] && reasons.get(keyOf(instance_id, share.user))) ?? 'the agent has ended';
};

/** Users of this machine, and what there is to know before one is let in. */
const guestsOf = ({ env, home, paths }: DaemonServices): Omit<Sharing, 'settled'> => ({
  accountOf: async (asked) => {
    const ask = async (...args: string[]): Promise<string> => {
      const { code, stdout } = await home.processes.run({ file: 'id', args, env, cwd: paths.root });
      return code === 0 ? stdout.trim() : '';
    };
    const uid = await ask('-u', asked);
    return /^\d+$/u.test(uid) ? { user: (await ask('-un', uid)) || asked, uid: Number(uid) } : null;
  },
  ownUid: () => process.getuid?.() ?? null,
  canTellGuests: canTellPeers,
  newSocket: () => `${PLACE}/drover-${randomBytes(12).toString('hex')}/${randomBytes(16).toString('hex')}`,
  isHere: ({ host }) => host === LOCAL_HOST,
});

/**
 * Keeps the doors open that the facts name, and no others. A relay runs while something is shared; with it, with the agent and
 * with the daemon a share ends, and that is recorded. A daemon takes up nothing that the one before it shared.
 */
export const openSharing = async (services: DaemonServices, audit: Pick<Audit, 'note'>): Promise<Service & Sharing> => {
  const { decide, log, now, signal, store } = services;
  await endLeftShares(services);
  const reasonOf = makeReasons(services);
  const doors: Doors = makeDoors(
    services,
    visitNoter(services, audit, (id) => doors.open.get(id)),
  );
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<void> = Promise.resolve();

  /** What the facts want and is not so yet. */
  const plan = () => {
    const wanted = wantedShares(services);
    const over = overdueFacts(store.state, now());
    const late = [...doors.open].flatMap(([socket, one]) => (wanted.has(socket) ? [] : [one]));
    const early = [...wanted].flatMap(([socket, one]) => (doors.open.has(socket) ? [] : [one]));
    return { over, late, early, isEmpty: over.length + late.length + early.length === 0 };
  };
  /** Looks again when the next time is over, and from time to time: the clock may be set while one waits. */
  const arm = (): void => {
    clearTimeout(timer);
    if (doors.open.size === 0) return;
    const ends = [...doors.open.values()].map(({ share }) => Date.parse(share.until));
    const left = Math.min(...ends) - Date.parse(now());
    timer = setTimeout(
      () => {
        poke();
        arm();
      },
      Math.min(LOOK_MS, Math.max(LEAST_MS, left)),
    ).unref();
  };
  const settle = async (): Promise<void> => {
    if (plan().over.length > 0) await decide((state) => overdueFacts(state, now()));
    const { late, early } = plan();
    for (const one of late) await doors.cutOff(one, `It is shared with you no more: ${reasonOf(one)}.`);
    for (const one of early) if (!signal.aborted) await doors.admit(one);
    if (doors.open.size === 0) await doors.end();
    arm();
  };
  const settled = (): Promise<void> => {
    last = last.then(() => (plan().isEmpty ? undefined : settle())).catch((error: unknown) => log(messageOf(error)));
    return last;
  };
  const poke = (): void => {
    if (!plan().isEmpty) void settled();
  };
  const stopListening = store.subscribe(poke);
  const close = async (): Promise<void> => {
    clearTimeout(timer);
    stopListening();
    await last;
    await decide(allOver).catch((error: unknown) => log(messageOf(error)));
    await doors.end();
  };
  const done = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(close()), { once: true });
  });
  return {
    name: 'sharing',
    capabilities: ['let other users of this machine look at terminals', 'cut them off'],
    health: () => healthy({ shared: doors.open.size, process: doors.pid ?? null }),
    done,
    ...guestsOf(services),
    settled,
  };
};
