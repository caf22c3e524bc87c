import { oneLine, shorten } from '../lib/text.ts';
import type { GitSpec, Sandbox } from '../ports/sandbox.ts';
import { BWRAP, filterArguments, gitArguments, NEEDED, SYSTEM, sandboxArguments } from './layout.ts';
import { searchedFolders, toolchainsIn } from './toolchains.ts';

/** Folders of a machine in which others leave sockets, keys and disks. */
const OTHERS = ['/tmp', '/var/tmp', '/run', '/home', '/root', '/mnt', '/media'] as const;

/** What is tried: whether a program can be shut in is seen by doing it, no setting of the system tells it for sure. */
const TRIAL = [
  ...['--unshare-user', '--unshare-pid', '--cap-drop', 'ALL'],
  ...SYSTEM,
  ...['--', 'env', '--default-signal=INT,QUIT', 'true'],
] as const;

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
};

/** Shuts programs in by bubblewrap. */
export const openSandbox = ({ run, env, find, realPath, list }: Machine): Sandbox => {
  const look = async (): Promise<string | null> => {
    if ((await find(BWRAP)) === null) return `${BWRAP} is not installed`;
    const { code, stderr } = await run({ file: BWRAP, args: TRIAL, env, timeoutMs: TRIAL_MS });
    return code === 0 ? null : shorten(oneLine(stderr.trim() === '' ? `${BWRAP} does not work` : stderr), 200);
  };
  let known: Promise<string | null> | undefined;

  const hidden = async (folders: readonly string[]): Promise<readonly string[]> => {
    const real = await Promise.all(folders.map((folder) => realPath(folder)));
    const there = await Promise.all(real.map(async (folder) => (await list(folder)) !== null));
    return real.filter((_, n) => there[n]);
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
      return sandboxArguments({ ...spec, read, hidden: await hidden([...OTHERS, ...spec.hidden]) });
    },
    gitWall: async (spec) => {
      const folders = await hidden([...OTHERS, ...spec.hidden]);
      return gitArguments({ ...spec, hidden: folders, read: await gitFolders(spec, folders) });
    },
    filterWall: async (spec) => {
      const read = [...NEEDED, ...toolchainsIn(spec.home), ...searchedFolders(spec.home, env['PATH'] ?? '')];
      return filterArguments({ ...spec, read, hidden: await hidden([...OTHERS, ...spec.hidden]) });
    },
  };
};
