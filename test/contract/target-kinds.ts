import { fileURLToPath } from 'node:url';
import type { Target } from '../../src/ports/target.ts';
import { openProcesses } from '../../src/process/broker.ts';
import { LOCAL_HOST } from '../../src/state/instances.ts';
import { openLocalTarget } from '../../src/target/local.ts';
import { openPipedTarget } from '../../src/target/piped.ts';
import { shipped, testRepository } from '../helpers/swarm.ts';

/** The program at the other end of a piped target, run from its source. */
export const WORKER = fileURLToPath(new URL('../../src/target/worker-main.ts', import.meta.url));

type Repository = ReturnType<typeof testRepository>;

const KINDS = {
  local: async ({ paths, env }: Repository) =>
    openLocalTarget({
      ...{ host: LOCAL_HOST, paths, env, shipped, socket: undefined },
      processes: await openProcesses({ forked: false }),
    }),
  piped: ({ paths, env }: Repository) =>
    openPipedTarget({ argv: [process.execPath, WORKER], env, place: { host: 'worker', paths, shipped } }),
} satisfies Record<string, (repository: Repository) => Promise<Target>>;

/** Every way to reach a machine: what is said of one has to hold for all. */
export const TARGET_KINDS = Object.keys(KINDS) as readonly (keyof typeof KINDS)[];

/** A target of that kind in a repository of its own, with a tmux server of its own. */
export const openTestTarget = async (kind: keyof typeof KINDS) => {
  const repository = testRepository();
  try {
    const target = await KINDS[kind](repository);
    return {
      ...repository,
      target,
      [Symbol.asyncDispose]: async () => {
        await target[Symbol.asyncDispose]();
        repository[Symbol.dispose]();
      },
    };
  } catch (error) {
    repository[Symbol.dispose]();
    throw error;
  }
};
