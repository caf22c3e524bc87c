import { isAtOrBelow } from '../lib/below.ts';
import { borrowedObjects } from '../lib/paths.ts';
import type { FilterSpec, GitSpec, SandboxSpec } from '../ports/sandbox.ts';

/** The program that does it on Linux. */
export const BWRAP = 'bwrap';

/** Why there is no sandbox where it is not there. */
export const NOT_INSTALLED = 'bubblewrap is not installed';

/** What of `/run` a program needs: the names of the network, and on some systems the programs themselves. */
export const NEEDED = ['/run/systemd/resolve', '/run/resolvconf', '/run/current-system', '/run/wrappers'] as const;

/** Neither a session of its own, which would take its terminal from it, nor a nested sandbox is forbidden. */
const KINDS = [
  ...['--unshare-user', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--die-with-parent'],
  // Whoever is root outside would be able to take mounts away again.
  ...['--cap-drop', 'ALL'],
] as const;

/** What of the processes’ file system changes the kernel: whoever is root outside may write there without any capability. */
const KERNEL = ['sys', 'sysrq-trigger', 'irq', 'bus', 'mtrr', 'acpi', 'scsi', 'fs'].map((name) => `/proc/${name}`);

const each = (option: string, paths: readonly string[]): string[] => paths.flatMap((path) => [option, path, path]);

/** The system, to be read, with devices and processes of its own. */
export const SYSTEM: readonly string[] = [
  ...['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
  ...each('--ro-bind-try', KERNEL),
];

/** A folder in its own place once more: nobody can rename it, and so nobody what is mounted below it. */
const pinned = (from: string, at: string): string[] => ['--bind', from, at];

/** The objects of the repository, to be read, and nothing of the swarm's own. */
const borrowed = (commonDir: string): string[] => [
  ...['--tmpfs', `${commonDir}/drover`],
  ...['--ro-bind', `${commonDir}/objects`, borrowedObjects(commonDir)],
];

/**
 * The git directory of the worktree in the place of the repository's: what git runs (`config`, `hooks`) and what leads it
 * elsewhere cannot be written, and the objects of the repository are there to be read. `drover` is the swarm's own.
 */
const privateGit = (commonDir: string, { folder, admin }: { folder: string; admin: string }): string[] => {
  const fixed = ['config', 'objects/info/alternates', `worktrees/${admin}/commondir`, `worktrees/${admin}/gitdir`];
  return [
    ...pinned(folder, commonDir),
    ...['objects', 'objects/info', 'worktrees', `worktrees/${admin}`].flatMap((name) =>
      pinned(`${folder}/${name}`, `${commonDir}/${name}`),
    ),
    ...fixed.flatMap((name) => ['--ro-bind', `${folder}/${name}`, `${commonDir}/${name}`]),
    // What a set-up brought of submodules: without it git there takes the whole worktree for damaged.
    ...each('--ro-bind-try', [`${commonDir}/worktrees/${admin}/modules`]),
    // The person's own hooks run for its commits, and only inside.
    ...[
      '--ro-bind',
      `${folder}/hooks`,
      `${commonDir}/hooks`,
      '--ro-bind-try',
      `${commonDir}/hooks`,
      `${commonDir}/hooks`,
    ],
    ...borrowed(commonDir),
  ];
};

/** What of a git directory is for whoever reads it: neither its configuration, in which keys may stand, nor the swarm's own. */
const READ = [
  ...['HEAD', 'ORIG_HEAD', 'index', 'packed-refs', 'shallow', 'refs', 'reftable', 'objects', 'info', 'hooks', 'logs'],
  ...['modules', 'lfs', 'annex', 'worktrees'],
] as const;

/** Where programs that git runs keep large files of theirs, in its own folder. */
const LARGE = ['lfs', 'annex'] as const;

/**
 * The repository's own at another path, without the swarm's own. A filter that runs there may be whose the worktree is: it
 * writes objects and what git keeps of that worktree, and nothing that says where anything lies.
 */
const elsewhere = (
  commonDir: string,
  { at, admin, config, fixed }: Extract<SandboxSpec['git'], { kind: 'elsewhere' }>,
): string[] => {
  const laid = (option: string, names: readonly string[]): string[] =>
    names.flatMap((name) => [option, `${commonDir}/${name}`, `${at}/${name}`]);
  const own = `worktrees/${admin}`;
  return [
    ...['--ro-bind', commonDir, at, '--tmpfs', `${at}/drover`, '--ro-bind', config, `${at}/config`],
    ...laid('--bind', ['objects', own]),
    ...laid('--bind-try', LARGE),
    ...laid(
      '--ro-bind-try',
      fixed.map((name) => `${own}/${name}`),
    ),
    ...each('--ro-bind', [`${commonDir}/objects`]),
  ];
};

/** The repository's own to be read, with another configuration. */
const readable = (commonDir: string, config: string): string[] => [
  ...['--tmpfs', commonDir],
  ...each(
    '--ro-bind-try',
    READ.map((name) => `${commonDir}/${name}`),
  ),
  ...['--ro-bind', config, `${commonDir}/config`],
];

const gitFolder = ({ git, commonDir }: SandboxSpec): string[] => {
  if (git.kind === 'private') return privateGit(commonDir, git);
  if (git.kind === 'elsewhere') return elsewhere(commonDir, git);
  return readable(commonDir, git.config);
};

/** Folders with those above others first. The folder that holds everything is none of them. */
const ordered = (folders: readonly string[]): readonly string[] =>
  [...new Set(folders)].filter((path) => path !== '/').toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));

/** The folders that are empty inside. */
const hiddenOf = ({ commonDir, git, hidden, home, mode, root }: SandboxSpec): readonly string[] =>
  ordered([
    home.at,
    // A worktree that lies in the checkout itself takes nothing of that away.
    ...hidden.filter((path) => mode === 'strict' || path !== root),
    ...(mode === 'strict' ? [root] : []),
    ...(git.kind === 'elsewhere' ? [commonDir] : []),
  ]);

/** What lies at a path; `isOpen`: as it is outside. */
type Layer = { readonly path: string; readonly words: readonly string[]; readonly isOpen: boolean };

/**
 * What is closed and what is laid open again, from the outermost to the innermost: whatever lies in something else lies over
 * it, a home in a checkout as well as a checkout in a home.
 */
const layers = (spec: SandboxSpec): readonly Layer[] => {
  const { home, mode, read, root } = spec;
  const hidden = hiddenOf(spec);
  // What holds the home would lay all of it open.
  const isToLayOpen = (path: string): boolean =>
    !isAtOrBelow(home.at, path) && hidden.some((folder) => isAtOrBelow(path, folder));
  const all: readonly Layer[] = [
    ...(mode === 'worktree' ? [{ path: root, words: ['--ro-bind', root], isOpen: true }] : []),
    ...hidden.map((path) => ({ path, words: ['--tmpfs'], isOpen: false })),
    ...(home.folder === null ? [] : [{ path: home.at, words: ['--bind', home.folder], isOpen: false }]),
    ...[...NEEDED, ...read.filter(isToLayOpen)].map((path) => ({ path, words: ['--ro-bind-try', path], isOpen: true })),
  ].toSorted((a, b) => a.path.length - b.path.length);
  const isAbove = ({ path }: Layer, one: Layer): boolean => path !== one.path && isAtOrBelow(one.path, path);
  // In what is closed there is nothing to be hidden, but a home is there.
  const isNeeded = (one: Layer): boolean =>
    one.path === home.at ||
    one.words[0] !== '--tmpfs' ||
    (all.findLast((other) => isAbove(other, one))?.isOpen ?? true);
  return all.filter(isNeeded);
};

/** Nothing at all, in the place of a socket: who connects to it is refused. */
const instead = (sockets: readonly string[]): string[] => sockets.flatMap((path) => ['--ro-bind', '/dev/null', path]);

/** Those of the sockets that are there inside, and that nobody has named. */
const seenOf = (sockets: readonly string[], all: readonly Layer[], named: readonly string[]): readonly string[] =>
  sockets.filter(
    (path) =>
      (all.findLast((one) => isAtOrBelow(path, one.path))?.isOpen ?? true) &&
      !named.some((folder) => isAtOrBelow(path, folder)),
  );

/**
 * The words of bubblewrap that stand before a program and shut it in; the order decides what lies over what. Sources are
 * found outside, so that what is hidden inside can be laid open again piece by piece. `sockets` is where programs of the
 * machine listen: a file system that is read-only keeps nobody from talking to them.
 */
export const sandboxArguments = (spec: SandboxSpec, sockets: readonly string[]): readonly string[] => {
  const { commonDir, git, network, read, worktree, write } = spec;
  const all = layers(spec);
  return [
    BWRAP,
    ...KINDS,
    ...(network === 'none' ? ['--unshare-net'] : []),
    ...SYSTEM,
    ...all.flatMap(({ path, words }) => [...words, path]),
    ...instead(seenOf(sockets, all, [worktree, commonDir, ...read, ...write])),
    ...gitFolder(spec),
    ...['--bind', worktree, worktree, '--ro-bind', `${worktree}/.git`, `${worktree}/.git`],
    ...each(
      '--ro-bind-try',
      read.filter((path) => isAtOrBelow(path, commonDir)),
    ),
    ...each('--bind-try', write),
    // What lies in it was laid there before.
    ...(git.kind === 'read-only' ? ['--remount-ro', commonDir] : []),
    ...['--chdir', worktree, '--'],
  ];
};

type GitLayout = GitSpec & Pick<SandboxSpec, 'read'>;

/** What of the devices git opens. */
const DEVICES = ['/dev/null', '/dev/urandom'] as const;

/**
 * The same for git that reads; `read` is where its program lies, if that is hidden. Nothing can be written, wherever a link
 * leads: the last word makes the folder read-only after what lies in it was laid over it.
 */
export const gitArguments = ({ commonDir, folder, hidden, home, read, root }: GitLayout): readonly string[] => [
  BWRAP,
  ...KINDS,
  '--unshare-net',
  // Programs find their libraries, and themselves, by what the kernel says of them.
  ...['--ro-bind', '/', '/', '--tmpfs', '/dev', ...each('--dev-bind', DEVICES), '--proc', '/proc'],
  ...ordered([...hidden, home, root]).flatMap((path) => ['--tmpfs', path]),
  ...each('--ro-bind-try', read),
  ...pinned(folder, commonDir),
  ...borrowed(commonDir),
  ...['--remount-ro', commonDir, '--chdir', commonDir, '--'],
];

type FilterLayout = FilterSpec & Pick<SandboxSpec, 'read'>;

/**
 * The same for a filter. The worktree may be the checkout of the person; other worktrees, and folders of others, that lie in it
 * are not there.
 */
export const filterArguments = (spec: FilterLayout, sockets: readonly string[]): readonly string[] => {
  const { commonDir, config, hidden, home, read, root, worktree } = spec;
  const closed = ordered([...hidden, home, root]);
  const all: readonly Layer[] = [
    ...closed.map((path) => ({ path, words: ['--tmpfs'], isOpen: false })),
    { path: worktree, words: ['--ro-bind', worktree], isOpen: true },
    ...read.map((path) => ({ path, words: ['--ro-bind-try', path], isOpen: true })),
  ].toSorted((a, b) => a.path.length - b.path.length);
  return [
    ...[BWRAP, ...KINDS, '--unshare-net', ...SYSTEM],
    ...all.flatMap(({ path, words }) => [...words, path]),
    ...instead(seenOf(sockets, all, [commonDir])),
    ...readable(commonDir, config),
    ...['--remount-ro', commonDir, '--chdir', worktree, '--'],
  ];
};
