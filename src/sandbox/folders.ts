/** Where on a machine lies what no setting lays open. */
export type Ground = {
  readonly home: string;
  /** The folders of keys below it. */
  readonly keys: readonly Keys[];
  /** The folders of the worktrees of the swarm, and of what instances have for themselves. */
  readonly worktrees: readonly string[];
  /** What is given to be written. */
  readonly shared: readonly string[];
  readonly commonDir: string;
  /** Folders in which Drover keeps its own keys, and what the person trusts. */
  readonly own: readonly string[];
};

/** Folders of keys below the home: whoever wants one names it, and not what lies above it. */
const KEYS = [
  ...['.ssh', '.gnupg', '.aws', '.azure', '.config/gcloud', '.config/gh', '.config/op', '.kube', '.docker', '.netrc'],
  ...['.npmrc', '.pypirc', '.git-credentials', '.local/share/keyrings', '.password-store', '.mozilla'],
  // Logins of agents: the home of their own has what they need of them.
  ...['.claude', '.codex', '.gemini', '.config/opencode', '.local/share/opencode'],
] as const;

/** What belongs to the machine, and sockets that others leave. */
const MACHINE = ['/dev', '/proc', '/sys', '/run', '/tmp', '/var/tmp'] as const;

const isIn = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** A folder of keys: its name below the home, and where it really is. */
type Keys = { readonly name: string; readonly real: string };

/** Where the folders of keys of a person are, each where its name leads. */
export const keysIn = async (home: string, realPath: (path: string) => Promise<string>): Promise<readonly Keys[]> =>
  Promise.all(KEYS.map(async (name) => ({ name, real: await realPath(`${home}/${name}`) })));

/** Whether a folder holds keys of a person: the home does, and what it lies in. */
export const holdsKeys = (home: string, folder: string): boolean =>
  KEYS.some((name) => isIn(`${home}/${name}`, folder));

/** What is named: by the path of the home that it is said with, and where that really leads. */
type Named = { readonly said: string; readonly real: string };

/** Why somebody’s keys are not given with a folder: a link to them is no word for them. */
const keysTrouble = ({ said, real }: Named, { home, keys }: Ground): string | undefined => {
  for (const { name, real: own } of keys) {
    if (real !== own && isIn(own, real)) return `it holds ~/${name}, which has to be named itself`;
    if (isIn(real, own) && !isIn(said, `${home}/${name}`))
      return `it leads into ~/${name}, which has to be named itself`;
  }
  return undefined;
};

/** Why a folder is not laid open, by where it really leads; undefined when it may be. */
export const folderTrouble = (named: Named, ground: Ground): string | undefined => {
  const { real } = named;
  const { commonDir, own, shared, worktrees } = ground;
  const holds = (folder: string): boolean => real === '/' || isIn(folder, real);
  const touches = (folder: string): boolean => holds(folder) || isIn(real, folder);
  if (touches(commonDir)) return 'the keys and the socket of the daemon lie there, beside the repository’s own git';
  if (worktrees.some(touches)) return 'other agents work there';
  if (own.some(touches)) return 'Drover keeps your secrets there, or what you trust';
  const machine = MACHINE.find(holds);
  if (machine !== undefined) return `programs of the whole machine meet in ${machine}: name a folder in it`;
  const writable = shared.find((folder) => real !== folder && isIn(real, folder));
  if (writable !== undefined)
    return `it leads into ${writable}, where sandboxes write: a link there leads where they like`;
  return keysTrouble(named, ground);
};
