/** What may be in the middle in a worktree. */
export type UnderWay = 'merge' | 'rebase' | 'cherry-pick' | 'revert' | 'bisect';

/** What was given up in a worktree, and the refs of the archive that keep what it had. */
type GivenUp = { readonly what: UnderWay; readonly kept: readonly string[] };

/** By the name what is kept is known in the archive; the message is that of the commit with what was uncommitted. */
export type GiveUp = (worktree: string, name: string, message: string) => Promise<GivenUp | null>;
