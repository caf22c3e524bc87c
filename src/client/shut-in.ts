import { existsSync } from 'node:fs';
import { borrowedObjects, type Paths } from '../lib/paths.ts';

/**
 * Whether this program is in the sandbox of an agent: there alone the objects of the repository lie under their second name. The
 * daemon's socket is not there, but for the agent's own programs, which are told of it.
 */
export const isShutIn = ({ commonDir }: Pick<Paths, 'commonDir'>): boolean => existsSync(borrowedObjects(commonDir));
