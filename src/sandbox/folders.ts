/** Where on a machine lies what no setting lays open. */
export type Ground = {
  readonly home: string;
  /** The folder of the worktrees of the swarm. */
  readonly worktrees: string;
  readonly commonDir: string;
  /** Folders in which Drover keeps its own keys, and what the person trusts. */
  readonly own: readonly string[];
};

/** Folders of keys below the home: whoever wants one names it, and not what lies above it. */
const KEYS = [
  ...['.ssh', '.gnupg', '.aws', '.azure', '.config/gcloud', '.config/gh', '.config/op', '.kube', '.docker', '.netrc'],
  ...['.npmrc', '.pypirc', '.git-credentials', '.local/share/keyrings', '.password-store', '.mozilla'],
] as const;

/** What belongs to the machine, and sockets that others leave. */
const MACHINE = ['/dev', '/proc', '/sys', '/run', '/tmp', '/var/tmp'] as const;

const isIn = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** Why a folder is not laid open, by where it really leads; undefined when it may be. */
export const folderTrouble = (path: string, { home, worktrees, commonDir, own }: Ground): string | undefined => {
  const holds = (folder: string): boolean => path === '/' || isIn(folder, path);
  const touches = (folder: string): boolean => holds(folder) || isIn(path, folder);
  if (touches(commonDir)) return 'the keys and the socket of the daemon lie there, beside the repository’s own git';
  if (touches(worktrees)) return 'other agents work there';
  if (own.some(touches)) return 'Drover keeps your secrets there, or what you trust';
  const machine = MACHINE.find(holds);
  if (machine !== undefined) return `programs of the whole machine meet in ${machine}: name a folder in it`;
  const keys = KEYS.find((name) => path !== `${home}/${name}` && holds(`${home}/${name}`));
  return keys === undefined ? undefined : `it holds ~/${keys}, which has to be named itself`;
};
