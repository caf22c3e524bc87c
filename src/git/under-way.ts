import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Git } from '../ports/index.ts';
import type { UnderWay } from '../ports/under-way.ts';
import { placeOf, registrationOf } from './places.ts';
import { readNote } from './private/note.ts';
import type { GitContext } from './worktrees.ts';

/** What git keeps of a worktree while something is in the middle there, the outermost first: a rebase picks commits itself. */
const SIGNS = [
  ['rebase-merge', 'rebase'],
  ['rebase-apply', 'rebase'],
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  // Of several commits that are picked, or reverted, one was committed by hand and the next ones are still to come.
  ['sequencer', 'cherry-pick'],
  ['BISECT_LOG', 'bisect'],
] as const;

/** What git leaves of a merge or a pick that is in the middle, and takes away where everything is reset. */
export const MERGING = [
  'MERGE_HEAD',
  'MERGE_MODE',
  'MERGE_MSG',
  'AUTO_MERGE',
  'CHERRY_PICK_HEAD',
  'REVERT_HEAD',
  'SQUASH_MSG',
];

/** What git leaves of something that is in the middle; a branch that is checked out anew is in the middle of nothing. */
export const UNDER_WAY = [
  ...MERGING,
  ...['MERGE_AUTOSTASH', 'REBASE_HEAD', 'rebase-merge', 'rebase-apply', 'refs/rewritten', 'sequencer'],
  ...['BISECT_LOG', 'BISECT_START', 'BISECT_TERMS', 'BISECT_NAMES', 'BISECT_EXPECTED_REV', 'BISECT_ANCESTORS_OK'],
  ...['BISECT_FIRST_PARENT', 'BISECT_HEAD', 'BISECT_RUN', 'refs/bisect'],
];

/** What git keeps of a worktree, and what its private git directory does where it has one. */
export type Admins = { readonly outside: string; readonly inside: string | undefined };

export const adminsOf = async (outside: string): Promise<Admins> => {
  const note = await readNote(outside);
  return { outside, inside: note && `${note.folder}/worktrees/${basename(outside)}` };
};

/** Undefined for what git knows no worktree at. */
export const registeredAdmins = async (commonDir: string, worktree: string): Promise<Admins | undefined> => {
  const registration = await registrationOf(commonDir, await placeOf(worktree));
  return registration && adminsOf(registration.folder);
};

/** What is in the middle in a worktree, by what git keeps of it. */
export const underWayIn = async ({ outside, inside }: Admins): Promise<UnderWay | null> => {
  const names: readonly string[] = await readdir(inside ?? outside).catch(() => []);
  return SIGNS.find(([sign]) => names.includes(sign))?.[1] ?? null;
};

/** Sees what is not brought to its end in a worktree. */
export const openUnderWay = ({ commonDir }: Pick<GitContext, 'commonDir'>): Pick<Git, 'underWay'> => ({
  underWay: async (worktree) => {
    const admins = await registeredAdmins(commonDir, worktree);
    return admins ? underWayIn(admins) : null;
  },
});
