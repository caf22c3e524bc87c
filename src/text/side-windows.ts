import type { Paths } from '../lib/paths.ts';

type Window = { readonly name: string; readonly says: string; readonly argv: readonly string[] };

/**
 * The windows beside an agent's in its session: the person's shell in the worktree, and what the agent printed as text.
 */
export const sideWindows = (paths: Pick<Paths, 'bin'>, instance: string): readonly Window[] => [
  { name: 'shell', says: `Press Enter for a shell in the worktree of ${instance}.`, argv: [] },
  {
    name: 'log',
    says: `Press Enter to follow the log of ${instance}; Ctrl-C ends it.`,
    argv: [`${paths.bin}/drover`, 'logs', '--follow', instance],
  },
];
