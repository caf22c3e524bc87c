import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { unlessMissing } from '../lib/missing.ts';
import type { Git } from '../ports/index.ts';
import { refOf } from './parse.ts';
import { makeFolderIn, syncFile, textOf } from './places.ts';

/** A branch that is about to be made, or was made, and that nothing recorded has yet. */
const claimSchema = z.object({ branch: z.string(), commit: z.string(), owner: z.string() });
type Claim = z.infer<typeof claimSchema>;

const folderIn = (commonDir: string): string => `${commonDir}/drover/claims`;

const fileOf = (commonDir: string, branch: string): string =>
  `${folderIn(commonDir)}/${createHash('sha256').update(branch).digest('hex').slice(0, 16)}.json`;

/** What the log of a branch says of its making. */
export const MADE = 'drover: create';

/** Makes the names of claims survive a power cut; the folder may be new, and is then a name in the one above it. */
const syncNames = async (commonDir: string): Promise<void> => {
  for (const folder of [folderIn(commonDir), dirname(folderIn(commonDir)), commonDir]) await syncFile(folder);
};

/** Writes a claim down, before the branch is made: a branch that outlives its claim would be nobody's. */
const claim = async (commonDir: string, one: Claim): Promise<void> => {
  await makeFolderIn(commonDir, folderIn(commonDir));
  const path = fileOf(commonDir, one.branch);
  const draft = `${path}.${randomUUID().slice(0, 8)}.new`;
  await writeFile(draft, JSON.stringify(one), { mode: 0o600, flush: true });
  await rename(draft, path);
  await syncNames(commonDir);
};

/** Ends a claim, also for whoever comes after a power cut: one that came back would take the branch back that somebody has. */
const dropClaim = async (commonDir: string, branch: string): Promise<void> => {
  if (await unlessMissing(rm(fileOf(commonDir, branch)).then(() => true))) await syncNames(commonDir);
};

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
