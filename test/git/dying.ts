import { join } from 'node:path';
import { openGit } from '../../src/git/open.ts';
import type { Processes } from '../../src/ports/index.ts';
import type { World } from './world.ts';

/** git of a process that is killed at its first call with this word: it never hears of an end. */
export const dyingAt = ({ root, env, processes }: World, word: string) => {
  const reached = Promise.withResolvers<void>();
  const dying: Processes = {
    ...processes,
    run: (request, signal) => {
      if (!request.args?.includes(word)) return processes.run(request, signal);
      reached.resolve();
      return new Promise(() => undefined);
    },
  };
  return { git: openGit({ root, commonDir: join(root, '.git'), processes: dying, env }), reached: reached.promise };
};
