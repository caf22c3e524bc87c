import type { Git, Tmux } from '../ports/index.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import type { Files, Logs, TargetProcesses } from '../ports/target.ts';

type Method = (...args: never) => unknown;
type Kind<M> = M extends (...args: never) => AsyncIterable<unknown> ? 'stream' : 'call';

/** Each method of an edge: what it answers comes once or, as a stream, piece by piece. */
type Methods<Edge> = { readonly [Name in keyof Edge as Edge[Name] extends Method ? Name : never]: Kind<Edge[Name]> };

const tmux: Methods<Tmux> = {
  version: 'call',
  create: 'call',
  list: 'call',
  look: 'call',
  sessionNames: 'call',
  sessions: 'call',
  detach: 'call',
  layout: 'call',
  type: 'call',
  reply: 'call',
  paste: 'call',
  press: 'call',
  capture: 'call',
  checkpoint: 'call',
  resize: 'call',
  kill: 'call',
  serverPid: 'call',
  nudge: 'call',
};

const git: Methods<Git> = {
  currentBranch: 'call',
  resolve: 'call',
  validBranch: 'call',
  isAncestor: 'call',
  readFile: 'call',
  createBranch: 'call',
  claims: 'call',
  dropClaim: 'call',
  unmakeBranch: 'call',
  addWorktree: 'call',
  sparse: 'call',
  missingFolders: 'call',
  removeWorktree: 'call',
  restoreWorktree: 'call',
  moveWorktree: 'call',
  repairWorktree: 'call',
  nameWorktree: 'call',
  lockWorktree: 'call',
  unlockWorktree: 'call',
  lockOf: 'call',
  ignored: 'call',
  strays: 'call',
  removeBranch: 'call',
  place: 'call',
  hasWorktree: 'call',
  worktrees: 'call',
  vanishedWorktrees: 'call',
  switchTo: 'call',
  worktreeState: 'call',
  underWay: 'call',
  lacking: 'call',
  hasIdentity: 'call',
  writtenFolders: 'call',
  guard: 'call',
  privateGit: 'call',
  sharedGit: 'call',
  changes: 'call',
  diff: 'call',
  ownBase: 'call',
  leftMarkers: 'call',
  mergesBetween: 'call',
  commits: 'call',
  branches: 'call',
  refsWith: 'call',
  describe: 'call',
  divergence: 'call',
  saveWork: 'call',
  snapshot: 'call',
  joined: 'call',
  mergeTrees: 'call',
  conflicts: 'call',
  mergeTexts: 'call',
  changing: 'call',
  editTree: 'call',
  revertTrees: 'call',
  commitMerge: 'call',
  stack: 'call',
  rebased: 'call',
  advance: 'call',
  finishAdvances: 'call',
  upstreamOf: 'call',
  fetchBranch: 'call',
  pushBranch: 'call',
  clashes: 'call',
  work: 'stream',
  foresee: 'call',
  checkout: 'call',
  attach: 'call',
  moveBranch: 'call',
  fastForward: 'call',
  withHistories: 'call',
  replay: 'call',
  clashingPairs: 'call',
  unlock: 'call',
  archive: 'call',
  refStates: 'call',
  refTrace: 'call',
  restoreRef: 'call',
};

const files: Methods<Files> = {
  read: 'call',
  readText: 'call',
  readPiece: 'call',
  write: 'call',
  makeFolder: 'call',
  remove: 'call',
  list: 'call',
  entries: 'call',
  left: 'call',
  readLeft: 'call',
  folders: 'call',
  matching: 'call',
  realPath: 'call',
  furnish: 'call',
  watch: 'stream',
  tellPipe: 'call',
};

const logs: Methods<Logs> = {
  begin: 'call',
  read: 'stream',
  tail: 'stream',
  grownAt: 'call',
  photographSegment: 'call',
  noteTime: 'call',
};

const processes: Methods<TargetProcesses> = {
  run: 'call',
  find: 'call',
  freePorts: 'call',
  livingIn: 'call',
  running: 'call',
  ended: 'call',
  signal: 'call',
  halted: 'call',
  lineages: 'call',
  measure: 'call',
};

const sandbox: Methods<Sandbox> = { lack: 'call', wall: 'call' };

/** Everything that may be asked of a machine over a line, and nothing else. */
export const EDGES = { tmux, git, files, logs, processes, sandbox } as const;

export type EdgeName = keyof typeof EDGES;
