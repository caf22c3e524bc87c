import { worktreesFolder } from './worktrees-folder.ts';

/** Where everything of one repository's swarm lives on the disk. */
export type Paths = {
  readonly root: string;
  /** Short name of the repository on this machine: it tells sessions, folders and sockets from those of other repositories. */
  readonly key: string;
  readonly commonDir: string;
  /** The state directory, inside the repository's common git directory, mode 0700. */
  readonly state: string;
  readonly journal: string;
  readonly projection: string;
  readonly lock: string;
  /** What the daemon writes each second that it lives, in one line, and what became of those before it. */
  readonly heartbeat: string;
  readonly lives: string;
  /** What takes room only so that it can be given back on a full disk. */
  readonly ballast: string;
  readonly daemonLog: string;
  readonly communicationLog: string;
  readonly colorsLog: string;
  /** What was commanded and refused, in lines that are chained to each other. */
  readonly audit: string;
  readonly logs: string;
  readonly spool: string;
  readonly instances: string;
  /** What is known of the worktrees that were removed and whose folders are kept for a while. */
  readonly trash: string;
  /** The folder of programs that is put before an agent's PATH, so that it can call `drover report`. */
  readonly bin: string;
  /** What keeps the git of agents off refs that are not theirs, and what tells of it. */
  readonly guard: string;
  readonly config: string;
  /** The folder of the versions of that file. */
  readonly configVersions: string;
  /** The user's home, and where programs keep data of the user's. */
  readonly home: string;
  readonly data: string;
  /** Outside of the repository: worktrees of the instances, and `integration`. */
  readonly worktrees: string;
  /** What instances in a sandbox have for themselves, a folder each: home and git directory. */
  readonly sandboxes: string;
  readonly socket: string;
};

/** The paths of a repository's swarm, by the places that were found for it. */
export const pathsOf = (place: {
  root: string;
  key: string;
  commonDir: string;
  home: string;
  data: string;
  worktrees: string;
  socket: string;
}): Paths => {
  const state = `${place.commonDir}/drover`;
  return {
    ...place,
    state,
    journal: `${state}/journal`,
    projection: `${state}/db.json`,
    lock: `${state}/lock.db`,
    heartbeat: `${state}/heartbeat`,
    lives: `${state}/lives`,
    ballast: `${state}/ballast`,
    daemonLog: `${state}/daemon.log`,
    communicationLog: `${state}/communication.log`,
    colorsLog: `${state}/colors.log`,
    audit: `${state}/audit`,
    logs: `${state}/logs`,
    spool: `${state}/spool`,
    instances: `${state}/instances`,
    trash: `${state}/trash`,
    bin: `${state}/bin`,
    guard: `${state}/guard`,
    sandboxes: worktreesFolder('{data}/drover/sandboxes/{repo}-{hash}', place),
    config: `${place.root}/.drover/config.json`,
    configVersions: `${state}/config`,
  };
};

/** The folder in which an instance leaves its messages, and nobody else: whose a message is, its folder says. */
export const spoolFolderOf = ({ spool }: Pick<Paths, 'spool'>, instance: string): string => `${spool}/${instance}`;

/** Where the proxy of checks and gates listens: a folder of its own, because theirs is forgotten with them. */
export const checksFolder = ({ commonDir }: Pick<Paths, 'commonDir'>): string => `${commonDir}/drover/net`;

/** What an instance in a sandbox has for itself; inside it lies elsewhere, or nowhere. */
export const sandboxOf = (
  { sandboxes }: Pick<Paths, 'sandboxes'>,
  instance: string,
): { readonly folder: string; readonly git: string; readonly home: string } => {
  const folder = `${sandboxes}/${instance}`;
  return { folder, git: `${folder}/git`, home: `${folder}/home` };
};

/** The folder with a second name of the daemon's socket: all that a program in a sandbox sees of where that lies. */
export const reachFolder = (socket: string): string => `${socket}.d`;

/** The socket by that name. */
export const reachSocket = (socket: string): string => `${reachFolder(socket)}/drover.sock`;

/** The name of the folder of what tmux tells of sessions. No instance is called so: their ids end with a number. */
export const TMUX_SPOOL = 'tmux';

/** Where a program in a sandbox finds the objects of the repository, from which a git directory of its own borrows. */
export const borrowedObjects = (commonDir: string): string => `${commonDir}/drover/objects`;

/** Where a log lies that was turned over. */
export const olderOf = (log: string): string => `${log}.1`;
