import { readFileSync } from 'node:fs';
import { vi } from 'vitest';
import { testRepository } from './swarm.ts';

export const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** A repository whose daemon, whoever starts it, is a process of its own; it is ended with the scope. */
export const daemonRepository = (options: Parameters<typeof testRepository>[0] = {}) => {
  const repository = testRepository(options);
  const { paths } = repository;
  /** The process that holds the state of the repository; undefined when there is none. */
  const pid = (): number | undefined => {
    try {
      const held = Number(readFileSync(`${paths.lock}.pid`, 'utf8'));
      return alive(held) ? held : undefined;
    } catch {
      return undefined;
    }
  };
  const gone = (id: number): Promise<boolean> => vi.waitUntil(() => !alive(id));
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    const id = pid();
    if (id === undefined) return;
    try {
      process.kill(id, signal);
    } catch {
      // It has just ended by itself.
    }
    await gone(id);
  };
  return {
    ...repository,
    pid,
    /** Kills the daemon as a crash would, and resolves when it is gone. */
    crash: () => kill('SIGKILL'),
    [Symbol.asyncDispose]: async () => {
      await kill('SIGTERM');
      repository[Symbol.dispose]();
    },
  };
};
