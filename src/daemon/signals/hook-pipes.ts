import { constants } from 'node:fs';
import { open, readdir, rm, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Request } from '../../state/instances.ts';
import type { DaemonServices } from '../services.ts';

/** A hook makes its pipe, leaves its message and then begins to listen: how long that may take, in milliseconds. */
const PATIENCE_MS = 2000;
const AGAIN_MS = 20;

/** Writes one line to a hook that waits for it; false when nobody listens there. */
const sayTo = async (file: string, line: string, patience: number): Promise<boolean> => {
  const end = performance.now() + patience;
  for (;;) {
    try {
      // Opening a pipe without this flag would wait for a listener.
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
  sayTo(`${services.paths.spool}/${ask}`, line, PATIENCE_MS);

/** Lets a hook go whose question was answered elsewhere: nothing is printed for the agent. */
const releaseHook = async (services: DaemonServices, ask: string): Promise<void> => {
  const file = `${services.paths.spool}/${ask}`;
  await sayTo(file, '', 0);
  await rm(file, { force: true });
};

/** Lets the hooks of an agent go whose requests are not open any more. */
export const releaseClosedHooks = async (
  services: DaemonServices,
  id: string,
  before: readonly Request[],
): Promise<void> => {
  const now = (services.store.state.instances[id]?.requests ?? []).map(({ ask }) => ask);
  for (const { ask } of before) if (ask !== null && !now.includes(ask)) await releaseHook(services, ask);
};

/** Of a younger pipe the message may not have been taken yet, in milliseconds. */
const FRESH_MS = 60_000;

/** Lets hooks go that wait without anybody knowing of them, and puts away the pipes of those that ended with their agents. */
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
