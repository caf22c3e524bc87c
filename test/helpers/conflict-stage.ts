import { expect } from 'vitest';
import { filesFor, wordsFor } from './conflicts.ts';
import { openSwarm, type Swarm } from './swarm.ts';

const quick = { DROVER_REHEARSAL_TASK_MS: '20' };

/** A swarm in which t1 and t2 did what conflicts in these files. */
export const openConflict = async (paths: readonly string[], settings: object = {}): Promise<Swarm> => {
  const swarm = await openSwarm({
    env: quick,
    files: filesFor(paths),
    settings: { agent: 'rehearsal', ...settings },
  });
  for (const [id, side] of [
    ['t1', 'first'],
    ['t2', 'second'],
  ] as const)
    await swarm.say(`create task "${wordsFor(side, paths)}" id=${id}`);
  await swarm.say('launch 2 instances');
  expect((await swarm.say('run tasks t1, t2 wait=true')).exit).toBe(0);
  return swarm;
};

const commits = (swarm: Swarm): readonly string[] => swarm.git('rev-list', '--all').split('\n');

/** Every commit of the repository in which a file has the markers of a conflict. */
export const markedCommits = (swarm: Swarm): readonly string[] =>
  commits(swarm).filter((commit) => {
    try {
      return swarm.git('grep', '-l', '-E', '^(<{7}|>{7}|[|]{7})( |$)', commit) !== '';
    } catch {
      return false;
    }
  });
