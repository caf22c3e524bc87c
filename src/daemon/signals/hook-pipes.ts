import { constants } from 'node:fs';
import { open, readdir, rm, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Request } from '../../state/instances.ts';
import type { DaemonServices } from '../services.ts';

/** A hook makes its pipe, leaves its message and then begins to listen: so long it may take, in milliseconds. */
const PATIENCE_MS = 2000;
const AGAIN_MS = 20;

/** Writes one line to a hook that waits for it; false when nobody listens there. */
const say = async (file: string, line: string, patience: number): Promise<boolean> => {
  const end = performance.now() + patience;
  for (;;) {
    try {
      // It may not wait for a listener.
      const pipe = await open(file, constants.O_WRONLY | constants.O_NONBLOCK);
      try {
        await pipe.write(`${line}\n`);
        return true;
      } finally {
        await pipe.close();
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO' || performance.now() > end) return false;
      await pause(AGAIN_MS);
    }
  }
};

/** Gives the line to the hook that waits at this pipe; false when none does any more. */
export const answerHook = (services: DaemonServices, ask: string, line: string): Promise<boolean> =>
  say(`${services.paths.spool}/${ask}`, line, PATIENCE_MS);

/** Lets go a hook whose question was answered elsewhere: nothing is printed for the agent. */
const releaseHook = async (services: DaemonServices, ask: string): Promise<void> => {
  const file = `${services.paths.spool}/${ask}`;
  await say(file, '', 0);
  await rm(file, { force: true });
};

/** Lets go the hooks whose requests are not open any more. */
export const releaseClosedHooks = async (
  services: DaemonServices,
  id: string,
  before: readonly Request[],
): Promise<void> => {
  const now = (services.store.state.instances[id]?.requests ?? []).map(({ ask }) => ask);
  for (const { ask } of before) if (ask !== null && !now.includes(ask)) await releaseHook(services, ask);
};

/** A message about a younger one may not have been taken yet. */
const FRESH_MS = 60_000;

/** Lets go what waits without anybody knowing of it, and puts away the pipes of hooks that were ended with their agents. */
export const releaseForgottenHooks = async (services: DaemonServices): Promise<void> => {
  const { spool } = services.paths;
  const known = Object.values(services.store.state.instances).flatMap(({ requests = [] }) =>
    requests.map(({ ask }) => ask),
  );
  for (const name of await readdir(spool).catch(() => [])) {
    if (!name.endsWith('.ask') || known.includes(name)) continue;
    const made = (await stat(`${spool}/${name}`).catch(() => undefined))?.mtimeMs ?? Date.now();
    if (Date.now() - made > FRESH_MS) await releaseHook(services, name);
  }
};
