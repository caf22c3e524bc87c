import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Git } from '../ports/index.ts';
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
  ['BISECT_LOG', 'bisect'],
] as const;

/** Sees what is not brought to its end in a worktree. */
export const openUnderWay = ({ commonDir }: Pick<GitContext, 'commonDir'>): Pick<Git, 'underWay'> => ({
  underWay: async (worktree) => {
    const registration = await registrationOf(commonDir, await placeOf(worktree));
    const note = registration && (await readNote(registration.folder));
    const inside = note && `${note.folder}/worktrees/${basename(registration.folder)}`;
    const names = registration ? await readdir(inside ?? registration.folder).catch(() => []) : [];
    return SIGNS.find(([sign]) => names.includes(sign))?.[1] ?? null;
  },
});
