import { isAtOrBelow } from '../lib/below.ts';
import { oneLine, shorten } from '../lib/text.ts';
import type { GitSpec, Sandbox, SandboxSpec } from '../ports/sandbox.ts';
import { CLOSED_CALLS } from './closed-calls.ts';
import { BWRAP, filterArguments, gitArguments, NEEDED, NOT_INSTALLED, SYSTEM, sandboxArguments } from './layout.ts';
import { SCOPE } from './scope.ts';
import { isWritten, type Passing, steadyWall } from './steady.ts';
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

/** The same for what keeps it from sockets without a path, as a whole command. */
export const SCOPE_TRIAL: readonly string[] = [BWRAP, ...SHUT_IN, ...SCOPE, 'true'];

const NOTHING: Passing = { folders: new Set(), sockets: new Set() };

/** The same for the calls that are closed. */
export const FILTER_TRIAL: readonly string[] = [
  ...steadyWall([BWRAP, ...SHUT_IN, '--'], NOTHING, CLOSED_CALLS),
  'true',
];

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
  /** Whether a folder is there. What is in it is not read for that: in a folder for temporary files that is much. */
  readonly isFolder: (path: string) => Promise<boolean>;
  /** The names in a folder; null when there is none. */
  readonly list: (folder: string) => Promise<readonly string[] | null>;
  /** Where programs of the machine listen at sockets in its file system; bytes that are no UTF-8 as `isWritten` says. */
  readonly sockets: () => readonly string[];
};

/** So many sockets in a folder are closed one by one. */
const MANY = 32;

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

type Closed = Pick<SandboxSpec, 'commonDir' | 'hidden'> & {
  /** What is laid open by name. */
  readonly open: readonly string[];
  /** What is there to be read also where it lies in a folder that is hidden. */
  readonly shown: readonly string[];
};

/** How long the name of the innermost of these folders is in which a path lies; -1 where it lies in none. */
const lengthAbove = (path: string, folders: readonly string[]): number =>
  Math.max(-1, ...folders.filter((folder) => isAtOrBelow(path, folder)).map(({ length }) => length));

/** Finds what programs are not to see of a machine. */
const closedWith = ({ env, realPath, isFolder, list, sockets }: Omit<Machine, 'run' | 'find'>) => {
  const hidden = async (folders: readonly string[]): Promise<readonly string[]> => {
    const real = await Promise.all(folders.map((folder) => realPath(folder)));
    const there = await Promise.all(real.map((folder) => isFolder(folder)));
    return real.filter((_, n) => there[n]);
  };

  /** Where sockets really are; many lie in one folder. */
  const realSockets = async (paths: readonly string[]): Promise<readonly string[]> => {
    const folders = [...new Set(paths.map(folderOf))];
    const really = await Promise.all(
      folders.map(async (folder) =>
        isWritten(folder) ? folder : (await realPath(folder || '/')).replace(/^\/$/u, ''),
      ),
    );
    const known = new Map(folders.map((folder, n) => [folder, really[n]]));
    return [...new Set(paths.map((path) => `${known.get(folderOf(path))}${path.slice(path.lastIndexOf('/'))}`))];
  };

  /**
   * Folders that are there for sockets alone, which are closed as a whole: who listens there may leave and come again, and its
   * new socket has nothing over it. So are folders with many, whatever else is in them: each single one that is closed takes the
   * longer the more there are.
   */
  const placesOf = async (bound: readonly string[], open: readonly string[]): Promise<readonly string[]> => {
    const counts = new Map<string, number>();
    for (const path of bound) counts.set(folderOf(path), (counts.get(folderOf(path)) ?? 0) + 1);
    const apart = [...counts.keys()].filter(
      (folder) => folder !== '' && !isWritten(folder) && !open.some((one) => isAtOrBelow(folder, one)),
    );
    const isMany = (folder: string): boolean => counts.get(folder)! > MANY;
    const names = await Promise.all(apart.map((folder) => (isMany(folder) ? [] : list(folder))));
    const known = new Set(bound);
    const isOfSocket = (path: string): boolean =>
      known.has(path) || [...path.matchAll(/\./gu)].some(({ index }) => known.has(path.slice(0, index)));
    return apart.filter((folder, n) => {
      const paths = (names[n] ?? []).map((name) => `${folder}/${name}`);
      return isMany(folder) || (paths.length > 0 && paths.every(isOfSocket));
    });
  };

  /**
   * What programs do not see of the machine: folders, and sockets elsewhere. What other swarms of this machine have for
   * themselves lies beside their sockets.
   */
  const closed = async ({ commonDir, hidden: own, open, shown }: Closed) => {
    const { TMPDIR: temporary } = env;
    const bound = await realSockets(sockets());
    const swarms = bound.flatMap((path) => swarmOf(path) ?? []).filter((folder) => folder !== `${commonDir}/drover`);
    const folders = [...OTHERS, ...SERVICES, ...(temporary?.startsWith('/') ? [temporary] : []), ...swarms, ...own];
    const all = await hidden(folders);
    const elsewhere = bound.filter((path) => lengthAbove(path, shown) >= lengthAbove(path, all));
    const places = await placesOf(elsewhere, [commonDir, ...open]);
    return { folders: [...all, ...places], sockets: bound };
  };
  return { hidden, closed };
};

/** Finds something out once; what could not be found out, or does not stay, is tried again by whoever comes next. */
const once = <T>(find: () => Promise<T>, stays: (found: T) => boolean = () => true): (() => Promise<T>) => {
  let known: Promise<T> | undefined;
  return async () => {
    known ??= find();
    try {
      const found = await known;
      if (!stays(found)) known = undefined;
      return found;
    } catch (error) {
      known = undefined;
      throw error;
    }
  };
};

/** Shuts programs in by bubblewrap. */
export const openSandbox = (machine: Machine): Sandbox => {
  const { run, env, find, realPath } = machine;
  // What is not allowed may be so meanwhile.
  const refusal = once(
    async (): Promise<string | null> => {
      const { code, stderr } = await run({ file: BWRAP, args: TRIAL, env, timeoutMs: TRIAL_MS });
      return code === 0 ? null : shorten(oneLine(stderr.trim() === '' ? `${BWRAP} does not work` : stderr), 200);
    },
    (found) => found === null,
  );
  /** Its program may be installed, or removed, while this one runs. */
  const lack = async (): Promise<string | null> => ((await find(BWRAP)) === null ? NOT_INSTALLED : refusal());

  /** What closes sockets without a path; nothing where the kernel is older than 6.12, or has no Landlock. */
  const scope = once(async (): Promise<readonly string[]> => {
    const [file = '', ...args] = SCOPE_TRIAL;
    const { code } = await run({ file, args, env, timeoutMs: TRIAL_MS });
    return code === 0 ? SCOPE : ['--'];
  });

  /** The calls that are closed; none where the kernel, or bubblewrap, takes no filter for them. */
  const filter = once(async (): Promise<readonly number[] | null> => {
    const [file = '', ...args] = FILTER_TRIAL;
    const { code } = await run({ file, args, env, timeoutMs: TRIAL_MS });
    return code === 0 ? CLOSED_CALLS : null;
  });

  const { hidden, closed } = closedWith(machine);

  /** What others have may be gone before the words are used; what the repository and the instance have stays. */
  const steady = async (words: readonly string[], { folders, sockets: bound }: Awaited<ReturnType<typeof closed>>) =>
    steadyWall(words, { folders: new Set(folders), sockets: new Set(bound) }, await filter());

  /** The folders of a PATH that are there, and may be reached: bubblewrap ends at one that lies in somebody else's home. */
  const searched = async (home: string): Promise<readonly string[]> => {
    const folders = searchedFolders(home, env['PATH'] ?? '');
    const there = await Promise.all(folders.map((folder) => machine.isFolder(folder)));
    return folders.filter((_, n) => there[n]);
  };

  /** The folders of the programs, where git is one of those that lie in a hidden folder. */
  const gitFolders = async ({ home, root }: GitSpec, folders: readonly string[]): Promise<readonly string[]> => {
    const found = await find('git');
    const places = found === null ? [] : [found, await realPath(found)];
    const isHidden = (path: string): boolean =>
      [home, root, ...OTHERS, ...folders].some((folder) => path.startsWith(`${folder}/`));
    return places.some(isHidden) ? [...NEEDED, ...(await searched(home)).filter(isHidden)] : [];
  };

  return {
    lack,
    wall: async (spec) => {
      const read = [...(await searched(spec.home.at)), ...spec.read];
      const shown = spec.mode === 'strict' ? [] : [spec.root];
      const all = await closed({ ...spec, open: [spec.worktree, ...spec.read, ...spec.write], shown });
      const words = sandboxArguments({ ...spec, read, hidden: all.folders }, all.sockets);
      // Without a network of the machine there are none of others.
      if (spec.network === 'none') return steady(words, all);
      return steady([...words.slice(0, -1), ...(await scope())], all);
    },
    gitWall: async (spec) => {
      const folders = await hidden([...OTHERS, ...spec.hidden]);
      return gitArguments({ ...spec, hidden: folders, read: await gitFolders(spec, folders) });
    },
    filterWall: async (spec) => {
      const read = [...NEEDED, ...toolchainsIn(spec.home), ...(await searched(spec.home))];
      const all = await closed({ ...spec, open: [], shown: [spec.worktree] });
      return steady(filterArguments({ ...spec, read, hidden: all.folders }, all.sockets), all);
    },
  };
};
