import type { Target } from '../../ports/target.ts';
import type { Instance } from '../../state/instances.ts';
import { type DaemonServices, instancesOn } from '../services.ts';
import { findSpool } from '../spool-place.ts';

/** A hook makes its pipe, leaves its message and then begins to listen: how long that may take, in milliseconds. */
const PATIENCE_MS = 2000;

/** Gives the line to the hook of an instance that waits at this pipe in its folder; false when none does any more. */
export const answerHook = async (target: Target, instance: string, ask: string, line: string): Promise<boolean> =>
  target.files.tellPipe(`${await findSpool(target, instance)}/${ask}`, line, PATIENCE_MS);

/** Lets a hook go whose question was answered elsewhere: nothing is printed for the agent. */
const releaseHook = async ({ files }: Target, pipe: string): Promise<void> => {
  await files.tellPipe(pipe, '', 0);
  await files.remove(pipe);
};

/** Lets the hooks go of those requests of an instance, as it was, that are not open any more. */
export const releaseClosedHooks = async (services: DaemonServices, before: Instance): Promise<void> => {
  const now = (services.store.state.instances[before.instance_id]?.requests ?? []).map(({ ask }) => ask);
  const target = services.targetOf(before);
  for (const { ask } of before.requests ?? [])
    if (ask !== null && !now.includes(ask))
      await releaseHook(target, `${await findSpool(target, before.instance_id)}/${ask}`);
};

/** Of a younger pipe the message may not have been taken yet, in milliseconds. */
const FRESH_MS = 60_000;

/** How many pipes of a folder are looked at; a hook that does not get one does not wait. */
const MOST_PIPES = 1000;

/** Lets hooks go that wait without anybody knowing of them, and puts away the pipes of those that ended with their agents. */
export const releaseForgottenHooks = async (services: DaemonServices, target: Target): Promise<void> => {
  const { files, paths } = target;
  const known = new Set<string>();
  for (const { instance_id: id, requests = [] } of instancesOn(target, services.store.state))
    for (const { ask } of requests) if (ask !== null) known.add(`${await findSpool(target, id)}/${ask}`);
  const folders = ((await files.folders(paths.spool)) ?? []).map((name) => `${paths.spool}/${name}`);
  for (const folder of [paths.spool, ...folders])
    for (const { name, changedNs } of (await files.left(folder, /\.ask$/u, MOST_PIPES)) ?? []) {
      const isOld = Date.now() - Number(changedNs / 1_000_000n) > FRESH_MS;
      if (isOld && !known.has(`${folder}/${name}`)) await releaseHook(target, `${folder}/${name}`);
    }
};
