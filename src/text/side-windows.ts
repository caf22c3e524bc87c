import type { Paths } from '../lib/paths.ts';
import { type Instance, isShutIn } from '../state/instances.ts';

type Window = { readonly name: string; readonly says: string; readonly argv: readonly string[] };

type Seated = Pick<Instance, 'instance_id' | 'sandbox'>;

/** The script that becomes a shell of the person behind the walls of an instance. */
export const insideScript = ({ instances }: Pick<Paths, 'instances'>, id: string): string =>
  `${instances}/${id}/inside.sh`;

/**
 * A shell that cannot see who had the terminal before it, from behind its walls, does not hand it back: who starts it takes it
 * again, and reads on.
 */
const HANDS_BACK = '/bin/sh "$0"; exit $?';

/**
 * The windows beside an agent's in its session: the person's shell in the worktree, what the agent printed as text, and, where it
 * is shut in, a shell that sees what it sees.
 */
export const sideWindows = (paths: Pick<Paths, 'bin' | 'instances'>, one: Seated): readonly Window[] => {
  const { instance_id: id } = one;
  const beside = isShutIn(one) ? `, outside of its sandbox; the window "inside" has one in it` : '';
  return [
    { name: 'shell', says: `Press Enter for a shell in the worktree of ${id}${beside}.`, argv: [] },
    {
      name: 'log',
      says: `Press Enter to follow the log of ${id}; Ctrl-C ends it.`,
      argv: [`${paths.bin}/drover`, 'logs', '--follow', id],
    },
    ...(isShutIn(one)
      ? [
          {
            name: 'inside',
            says: `Press Enter for a shell in the sandbox of ${id}, with its files and its git.`,
            argv: ['/bin/sh', '-mc', HANDS_BACK, insideScript(paths, id)],
          },
        ]
      : []),
  ];
};
