import { readFileSync } from 'node:fs';
import type { Paths } from '../lib/paths.ts';
import { isAwaited, joinLives, type Life, readLives } from '../state/lives.ts';
import { isAlive } from './gone.ts';

const livesIn = (file: string): readonly Life[] => {
  try {
    return readLives(readFileSync(file, 'utf8'));
  } catch {
    // Before the first daemon there is none, and where it cannot be read nobody is kept from anything.
    return [];
  }
};

/** The lives of the daemons of a repository, the last one first of all by its heartbeat. */
export const rememberedLives = ({ lives, heartbeat }: Pick<Paths, 'lives' | 'heartbeat'>): readonly Life[] => {
  const [last] = livesIn(heartbeat);
  return joinLives(livesIn(lives), last);
};

/** The life of the daemon that runs; undefined when none does, or one that is too old to tell. */
export const presentLife = ({ heartbeat }: Pick<Paths, 'heartbeat'>): Life | undefined => {
  const [life] = livesIn(heartbeat);
  return life && life.end === null && isAlive(life.pid) ? life : undefined;
};

/** Whether whoever watched over the daemon that ended last is about to start the next one. */
export const isNextAwaited = ({ heartbeat }: Pick<Paths, 'heartbeat'>): boolean => {
  const [last] = livesIn(heartbeat);
  return last !== undefined && isAwaited(last, Date.now());
};
