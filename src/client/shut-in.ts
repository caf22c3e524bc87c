import { existsSync } from 'node:fs';
import type { AppError } from '../lib/errors.ts';
import { borrowedObjects, type Paths } from '../lib/paths.ts';
import { noDaemon, shutIn } from './errors.ts';

/**
 * Whether this program is in the sandbox of an agent: there alone the objects of the repository lie under their second name. The
 * daemon's socket is not there, but for the agent's own programs, which are told of it.
 */
export const isShutIn = ({ commonDir }: Pick<Paths, 'commonDir'>): boolean => existsSync(borrowedObjects(commonDir));

/** The error where no daemon answers, for a reason that holds outside of a sandbox. */
export const nobodyThere = (paths: Pick<Paths, 'commonDir'>, why: string): AppError =>
  isShutIn(paths) ? shutIn() : noDaemon({ why });
