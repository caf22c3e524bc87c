import { oneLine, shorten } from '../lib/text.ts';
import type { Sandbox, SandboxSpec, SandboxUse } from '../ports/sandbox.ts';
import { notOfThisKind } from './errors.ts';
import type { Machine } from './open.ts';
import { OWN, profileFor } from './profile.ts';
import { searchedFolders } from './toolchains.ts';

/** The program that does it on macOS. */
export const SEATBELT = 'sandbox-exec';

/** The smallest profile: it says whether the system takes any. */
export const SEATBELT_TRIAL = ['-p', '(version 1)(allow default)', 'true'] as const;

const TRIAL_MS = 10_000;

/** Folders of such a machine in which others leave sockets, keys and disks. */
const OTHERS = ['/tmp', '/var/tmp', '/var/folders', '/var/root', '/Users', '/Volumes'] as const;

/**
 * The program has a folder for what it forgets, which is made here because its profile names it. Its home is there as well: nothing
 * can lie in the place of the person’s.
 */
const SCRIPT = [
  `cd "$1" && shift && own=$(mktemp -d "\${TMPDIR:-/tmp}/drover.XXXXXXXX") && own=$(cd "$own" && pwd -P) || exit 125`,
  `trap 'rm -rf "$own"; exit 143' HUP INT TERM`,
  `HOME=$own TMPDIR=$own ${SEATBELT} -D "${OWN}=$own" "$@"`,
  'code=$?',
  'rm -rf "$own"',
  'exit $code',
].join('\n');

/** What it cannot do for whom: a program sees each path as it is, so that nothing lies in the place of anything. */
const unable = ({ what, network }: SandboxUse): string | null => {
  if (what === 'agent')
    return `${SEATBELT} lays no git directory of its own over that of the repository, without which no agent is shut in`;
  if (what === 'filter') return `${SEATBELT} lays no configuration over that of the repository, as filters need it`;
  return network === 'allow-list' ? `${SEATBELT} gives no loopback of its own, by which a list of hosts is held` : null;
};

const refuse = (use: SandboxUse): never => {
  throw notOfThisKind({ why: unable(use)! });
};

/** Shuts checks in by `sandbox-exec`, as macOS has it; agents it cannot. It was never tried on such a machine. */
export const openSeatbelt = ({ run, env, find, realPath }: Omit<Machine, 'isFolder' | 'list' | 'sockets'>): Sandbox => {
  const look = async (): Promise<string | null> => {
    if ((await find(SEATBELT)) === null) return `${SEATBELT} is not installed`;
    const { code, stderr } = await run({ file: SEATBELT, args: SEATBELT_TRIAL, env, timeoutMs: TRIAL_MS });
    return code === 0 ? null : shorten(oneLine(stderr.trim() === '' ? `${SEATBELT} does not work` : stderr), 200);
  };

  /** A profile goes by where a path really leads. */
  const really = async (spec: SandboxSpec): Promise<SandboxSpec> => {
    const all = (paths: readonly string[]) => Promise.all(paths.map((path) => realPath(path)));
    const [worktree, root, commonDir, home] = await all([spec.worktree, spec.root, spec.commonDir, spec.home.at]);
    return {
      ...spec,
      ...{ worktree: worktree!, root: root!, commonDir: commonDir!, home: { at: home!, folder: null } },
      hidden: await all([...OTHERS, ...spec.hidden]),
      read: await all([...searchedFolders(spec.home.at, env['PATH'] ?? ''), ...spec.read]),
      write: await all(spec.write),
    };
  };

  return {
    lack: async (use) => unable(use) ?? look(),
    wall: async (spec) => {
      if (spec.git.kind !== 'read-only' || spec.home.folder !== null) return refuse({ what: 'agent' });
      const { text, values } = profileFor(await really(spec));
      const named = Object.entries(values).flatMap(([name, value]) => ['-D', `${name}=${value}`]);
      return ['sh', '-c', SCRIPT, 'sh', spec.worktree, ...named, '-p', text];
    },
    gitWall: async () => refuse({ what: 'agent' }),
    filterWall: async () => refuse({ what: 'filter' }),
  };
};
