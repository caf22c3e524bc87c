import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Git } from '../ports/index.ts';
import { refOf } from './parse.ts';
import { textOf } from './places.ts';

/** A branch that is about to be made, or was made, and that nothing recorded has yet. */
const claimSchema = z.object({ branch: z.string(), commit: z.string(), owner: z.string() });
type Claim = z.infer<typeof claimSchema>;

const folderIn = (commonDir: string): string => `${commonDir}/drover/claims`;

const fileOf = (commonDir: string, branch: string): string =>
  `${folderIn(commonDir)}/${createHash('sha256').update(branch).digest('hex').slice(0, 16)}.json`;

/** What the log of a branch says of its making. */
export const MADE = 'drover: create';

/** Writes a claim down, before the branch is made. */
const claim = async (commonDir: string, one: Claim): Promise<void> => {
  await mkdir(folderIn(commonDir), { recursive: true, mode: 0o700 });
  const path = fileOf(commonDir, one.branch);
  const draft = `${path}.${randomUUID().slice(0, 8)}.new`;
  await writeFile(draft, JSON.stringify(one), { mode: 0o600 });
  await rename(draft, path);
};

const dropClaim = (commonDir: string, branch: string): Promise<void> => rm(fileOf(commonDir, branch), { force: true });

/** Makes a branch beside a claim, which goes again where it was not made. */
export const withClaim = async (commonDir: string, one: Claim, make: () => Promise<boolean>): Promise<boolean> => {
  await claim(commonDir, one);
  let isMade = false;
  try {
    isMade = await make();
    return isMade;
  } finally {
    if (!isMade) await dropClaim(commonDir, one.branch);
  }
};

const readClaim = async (path: string): Promise<Claim[]> => {
  try {
    return [claimSchema.parse(JSON.parse(await readFile(path, 'utf8')))];
  } catch {
    // Cut off before the branch was made.
    await rm(path, { force: true });
    return [];
  }
};

/** Whether nothing ever happened to a branch but that we made it. */
const isUntouched = async (commonDir: string, { branch, commit }: Claim): Promise<boolean> => {
  const log = (await textOf(`${commonDir}/logs/${refOf(branch)}`)) ?? '';
  return !log.includes('\n') && log.includes(` ${commit} `) && log.endsWith(`\t${MADE}`);
};

type Claims = Pick<Git, 'claims' | 'dropClaim' | 'unmakeBranch'>;

/** Branches that belong to an operation whose end is not recorded: a killed process leaves the claim beside the branch. */
export const openClaims = (commonDir: string, { removeBranch }: Pick<Git, 'removeBranch'>): Claims => ({
  claims: async () => {
    const names = await readdir(folderIn(commonDir)).catch(() => []);
    return (await Promise.all(names.map((name) => readClaim(`${folderIn(commonDir)}/${name}`)))).flat();
  },
  dropClaim: (branch) => dropClaim(commonDir, branch),
  unmakeBranch: async (one) => {
    const isGone = (await isUntouched(commonDir, one)) && (await removeBranch(one.branch, one.commit));
    await dropClaim(commonDir, one.branch);
    return isGone;
  },
});
