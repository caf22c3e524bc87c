import type { Target } from '../../ports/target.ts';
import type { Instance } from '../../state/instances.ts';
import type { DaemonServices } from '../services.ts';

/** A hook makes its pipe, leaves its message and then begins to listen: how long that may take, in milliseconds. */
const PATIENCE_MS = 2000;

const pipeOf = ({ paths }: Target, ask: string): string => `${paths.spool}/${ask}`;

/** Gives the line to the hook that waits at this pipe; false when none does any more. */
export const answerHook = (target: Target, ask: string, line: string): Promise<boolean> =>
  target.files.tellPipe(pipeOf(target, ask), line, PATIENCE_MS);

/** Lets a hook go whose question was answered elsewhere: nothing is printed for the agent. */
const releaseHook = async (target: Target, ask: string): Promise<void> => {
  await target.files.tellPipe(pipeOf(target, ask), '', 0);
  await target.files.remove(pipeOf(target, ask));
};

/** Lets the hooks go of those requests of an instance, as it was, that are not open any more. */
export const releaseClosedHooks = async (services: DaemonServices, before: Instance): Promise<void> => {
  const now = (services.store.state.instances[before.instance_id]?.requests ?? []).map(({ ask }) => ask);
  for (const { ask } of before.requests ?? [])
    if (ask !== null && !now.includes(ask)) await releaseHook(services.targetOf(before), ask);
};

/** Of a younger pipe the message may not have been taken yet, in milliseconds. */
const FRESH_MS = 60_000;

/** Lets hooks go that wait without anybody knowing of them, and puts away the pipes of those that ended with their agents. */
export const releaseForgottenHooks = async (services: DaemonServices, target: Target): Promise<void> => {
  const known = Object.values(services.store.state.instances).flatMap(({ requests = [] }) =>
    requests.map(({ ask }) => ask),
  );
  for (const { name, changedNs } of (await target.files.entries(target.paths.spool, /\.ask$/u)) ?? []) {
    const isOld = Date.now() - Number(changedNs / 1_000_000n) > FRESH_MS;
    if (isOld && !known.includes(name)) await releaseHook(target, name);
  }
};
