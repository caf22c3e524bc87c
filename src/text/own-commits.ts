/** Why a branch is not brought forward that has commits which the one with the merges has not; what helps follows. */
export const ownCommitsText = (target: string): string => `it has commits that ${target} has not`;
