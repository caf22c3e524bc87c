import { messageOf } from '../../lib/errors.ts';
import { removeLeftDoor } from '../../link/guest-door.ts';
import type { SharedTerminal } from '../../relay/orders.ts';
import { secretPlaces } from '../../secrets/places.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance, Share } from '../../state/instances.ts';
import { isAlive } from '../../state/moves.ts';
import { type DaemonServices, instancesOn, logFolderOf, markOf } from '../services.ts';

/** A share with the instance whose terminal it is about. */
export type InstanceShare = { readonly instance: Instance; readonly share: Share };

const sharesIn = (instances: readonly Instance[]): readonly InstanceShare[] =>
  instances.flatMap((instance) => (instance.shares ?? []).map((share) => ({ instance, share })));

/** The fact that a share is over. */
export const unshared = ({ instance, share }: InstanceShare, because: string): EventDraft => ({
  type: 'instance.unshared',
  data: { instance_id: instance.instance_id, user: share.user, because },
});

/** Whether it is a fact that it is not over. */
export const isShared = (state: Pick<State, 'instances'>, { instance, share }: InstanceShare): boolean =>
  sharesIn(Object.values(state.instances)).some(
    (one) => one.instance.instance_id === instance.instance_id && one.share.socket === share.socket,
  );

/** Takes away what a process that is gone left of a share. */
export const removePlace = ({ log }: Pick<DaemonServices, 'log'>, socket: string): Promise<void> =>
  removeLeftDoor(socket).catch((error: unknown) => log(`${socket} could not be removed: ${messageOf(error)}`));

/** The facts that nothing is shared any more. */
export const allOver = ({ instances }: Pick<State, 'instances'>): readonly EventDraft[] =>
  sharesIn(Object.values(instances)).map((one) => unshared(one, 'the daemon has ended'));

/** What is over by itself at a time: shares of agents that have ended, and those whose own time has come. */
export const overdueFacts = (state: Pick<State, 'instances'>, now: string): readonly EventDraft[] =>
  sharesIn(Object.values(state.instances)).flatMap((one) => {
    if (!isAlive(one.instance.state.kind)) return [unshared(one, 'the agent has ended')];
    return one.share.until <= now ? [unshared(one, 'its time is over')] : [];
  });

/** Records that nothing is shared any more that a daemon before this one shared, and takes away what is left of it. */
export const endLeftShares = async (services: DaemonServices): Promise<void> => {
  const left = sharesIn(Object.values(services.store.state.instances));
  if (left.length === 0) return;
  await services.decide(allOver);
  for (const { share } of left) await removePlace(services, share.socket);
};

/** What the relay is told of a share. */
export const sharedTerminal = (services: DaemonServices, { instance, share }: InstanceShare): SharedTerminal => {
  const { env, home, paths, settings } = services;
  const { instance_id, session } = instance;
  const { cols, rows, socket = null } = settings.tmux;
  const typing = { mark: markOf(paths, instance_id), session, socket, env };
  return {
    ...{ id: share.socket, socket: share.socket, uid: share.uid, instance: instance_id, until: share.until },
    log: logFolderOf(home.paths, instance_id),
    size: { cols, rows },
    secrets: secretPlaces(paths, env),
    typing: share.rw ? typing : null,
  };
};

/** The shares that there are to be now. */
export const wantedShares = ({ home, store }: DaemonServices): ReadonlyMap<string, InstanceShare> =>
  new Map(sharesIn(instancesOn(home, store.state)).map((one) => [one.share.socket, one]));
