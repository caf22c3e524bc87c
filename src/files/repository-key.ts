import { createHash } from 'node:crypto';

/** The short name of a repository on this machine, by where its git directory lies. */
export const repositoryKey = (commonDir: string): string =>
  createHash('sha256').update(commonDir).digest('hex').slice(0, 8);
