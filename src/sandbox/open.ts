import { oneLine, shorten } from '../lib/text.ts';
import type { GitSpec, Sandbox, SandboxSpec } from '../ports/sandbox.ts';
import { BWRAP, filterArguments, gitArguments, NEEDED, SYSTEM, sandboxArguments } from './layout.ts';
import { SCOPE } from './scope.ts';
import { searchedFolders, toolchainsIn } from './toolchains.ts';

/** Folders of a machine in which others leave sockets, keys and disks. */
const OTHERS = ['/tmp', '/var/tmp', '/run', '/home', '/root', '/mnt', '/media'] as const;

/** Folders of what runs containers and machines of its own: who talks to its sockets is root. */
const SERVICES = [
  ...['/var/snap', '/var/lib/lxd', '/var/lib/incus', '/var/lib/docker', '/var/lib/containerd', '/var/lib/containers'],
  ...['/var/lib/libvirt', '/var/lib/kubelet', '/var/lib/rancher'],
] as const;

/** The folder of the state of a swarm, by its socket; undefined for any other. */
const swarmOf = (socket: string): string | undefined =>
  /^(?<folder>.+\/drover)\/drover\.sock$/u.exec(socket)?.groups?.['folder'];

const SHUT_IN = ['--unshare-user', '--unshare-pid', '--cap-drop', 'ALL', ...SYSTEM] as const;

/** What is tried: whether a program can be shut in is seen by doing it, no setting of the system tells it for sure. */
const TRIAL = [...SHUT_IN, '--', 'env', '--default-signal=INT,QUIT', 'true'] as const;

/** The same for what keeps it from sockets without a path. */
const SCOPE_TRIAL = [...SHUT_IN, ...SCOPE, 'true'] as const;

const TRIAL_MS = 10_000;

type Trial = {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
};

/** What of a machine is asked. */
export type Machine = {
  readonly run: (trial: Trial) => Promise<{ readonly code: number | null; readonly stderr: string }>;
  readonly env: Readonly<Record<string, string>>;
  /** The file that is run for a program's name; null when it is not installed. */
  readonly find: (program: string) => Promise<string | null>;
  /** Where a path really leads. */
  readonly realPath: (path: string) => Promise<string>;
  /** The names in a folder; null when there is none. */
  readonly list: (folder: string) => Promise<readonly string[] | null>;
  /** Where programs of the machine listen at sockets in its file system. */
  readonly sockets: () => readonly string[];
};

/** Shuts programs in by bubblewrap. */
export const openSandbox = ({ run, env, find, realPath, list, sockets }: Machine): Sandbox => {
  const look = async (): Promise<string | null> => {
    if ((await find(BWRAP)) === null) return `${BWRAP} is not installed`;
    const { code, stderr } = await run({ file: BWRAP, args: TRIAL, env, timeoutMs: TRIAL_MS });
    return code === 0 ? null : shorten(oneLine(stderr.trim() === '' ? `${BWRAP} does not work` : stderr), 200);
  };
  let known: Promise<string | null> | undefined;
  let scope: Promise<readonly string[]> | undefined;
  /** What closes sockets without a path; nothing where the kernel is older than 6.12, or has no Landlock. */
  const findScope = async (): Promise<readonly string[]> => {
    const { code } = await run({ file: BWRAP, args: SCOPE_TRIAL, env, timeoutMs: TRIAL_MS });
    return code === 0 ? SCOPE : ['--'];
  };

  const hidden = async (folders: readonly string[]): Promise<readonly string[]> => {
    const real = await Promise.all(folders.map((folder) => realPath(folder)));
    const there = await Promise.all(real.map(async (folder) => (await list(folder)) !== null));
    return real.filter((_, n) => there[n]);
  };

  /**
   * What programs do not see of the machine: folders, and sockets elsewhere. What other swarms of this machine have for
   * themselves lies beside their sockets.
   */
  const closed = async ({ commonDir, hidden: own }: Pick<SandboxSpec, 'commonDir' | 'hidden'>) => {
    const { TMPDIR: temporary } = env;
    const bound = await Promise.all(sockets().map((path) => realPath(path)));
    const swarms = bound.flatMap((path) => swarmOf(path) ?? []).filter((folder) => folder !== `${commonDir}/drover`);
    const folders = [...OTHERS, ...SERVICES, ...(temporary?.startsWith('/') ? [temporary] : []), ...swarms, ...own];
    return { hidden: await hidden(folders), sockets: bound };
  };

  /** The folders of the programs, where git is one of those that lie in a hidden folder. */
  const gitFolders = async ({ home, root }: GitSpec, folders: readonly string[]): Promise<readonly string[]> => {
    const found = await find('git');
    const places = found === null ? [] : [found, await realPath(found)];
    const isHidden = (path: string): boolean =>
      [home, root, ...OTHERS, ...folders].some((folder) => path.startsWith(`${folder}/`));
    return places.some(isHidden) ? [...NEEDED, ...searchedFolders(home, env['PATH'] ?? '').filter(isHidden)] : [];
  };

  return {
    lack: async () => {
      known ??= look();
      const found = await known;
      // What is missing may be installed, or allowed, meanwhile.
      if (found !== null) known = undefined;
      return found;
    },
    wall: async (spec) => {
      const read = [...searchedFolders(spec.home.at, env['PATH'] ?? ''), ...spec.read];
      const { hidden: folders, sockets: bound } = await closed(spec);
      const words = sandboxArguments({ ...spec, read, hidden: folders }, bound);
      // Without a network of the machine there are none of others.
      if (spec.network === 'none') return words;
      scope ??= findScope();
      return [...words.slice(0, -1), ...(await scope)];
    },
    gitWall: async (spec) => {
      const folders = await hidden([...OTHERS, ...spec.hidden]);
      return gitArguments({ ...spec, hidden: folders, read: await gitFolders(spec, folders) });
    },
    filterWall: async (spec) => {
      const read = [...NEEDED, ...toolchainsIn(spec.home), ...searchedFolders(spec.home, env['PATH'] ?? '')];
      const { hidden: folders, sockets: bound } = await closed(spec);
      return filterArguments({ ...spec, read, hidden: folders }, bound);
    },
  };
};
