import { defineError } from '../../../src/lib/errors.ts';
import type { BranchClaim, Git } from '../../../src/ports/index.ts';
import type { Life } from './life.ts';
import { partial } from './partial.ts';

type Files = ReadonlyMap<string, string>;
type Commit = {
  readonly id: string;
  readonly parents: readonly string[];
  readonly files: Files;
  readonly subject: string;
};
type Branch = { commit: string; isUntouched: boolean };
/** `isHalf`: git was killed over making it; `isMoving`: over a checkout. */
type Worktree = {
  branch: string | null;
  head: string;
  dirty: Map<string, string>;
  isHalf: boolean;
  isMoving: boolean;
};

const dirtyWork = defineError('git/dirty', 6, () => ({
  message: 'uncommitted work is in the way',
  hint: 'Commit it.',
}));
const inUse = defineError('git/failed', 1, (p: { branch: string }) => ({
  message: `${p.branch} is checked out elsewhere`,
  hint: 'Look.',
}));

const ROOT = '/repository';

/** A repository as it lies on the disk: commits, branches, worktrees with what is uncommitted there, claims. */
export type GitWorld = {
  readonly branches: ReadonlyMap<string, Branch>;
  readonly worktrees: ReadonlyMap<string, Worktree>;
  readonly claims: ReadonlyMap<string, BranchClaim>;
  readonly has: (commit: string) => boolean;
  readonly filesOf: (commit: string) => Files;
  /** What an agent does in its worktree. */
  readonly edit: (path: string, file: string, text: string) => void;
  readonly commit: (path: string, subject: string) => void;
  readonly portFor: (life: Life) => Git;
};

export const openGit = (): GitWorld => {
  const commits = new Map<string, Commit>();
  const branches = new Map<string, Branch>();
  const worktrees = new Map<string, Worktree>();
  const claims = new Map<string, BranchClaim>();
  const kept = new Map<string, string>();

  const add = (parents: readonly string[], files: Files, subject: string): string => {
    const id = (commits.size + 1).toString(16).padStart(40, '0');
    commits.set(id, { id, parents, files, subject });
    return id;
  };
  branches.set('main', { commit: add([], new Map([['README.md', 'read me']]), 'Begin'), isUntouched: false });

  const ancestors = (id: string): Set<string> => {
    const found = new Set<string>();
    const queue = [id];
    for (let one = queue.pop(); one !== undefined; one = queue.pop())
      if (!found.has(one)) {
        found.add(one);
        queue.push(...(commits.get(one)?.parents ?? []));
      }
    return found;
  };
  const worktree = (path: string): Worktree => {
    const found = worktrees.get(path);
    if (!found || found.isHalf) throw new Error(`there is no worktree ${path}`);
    return found;
  };
  const headOf = ({ branch, head }: Worktree): string => (branch === null ? head : branches.get(branch)!.commit);
  const moveTo = (one: Worktree, commit: string): void => {
    one.head = commit;
    if (one.branch !== null) branches.set(one.branch, { commit, isUntouched: false });
  };
  const commitIn = (path: string, subject: string): string | null => {
    const one = worktree(path);
    if (one.dirty.size === 0) return null;
    const head = headOf(one);
    const id = add([head], new Map([...commits.get(head)!.files, ...one.dirty]), subject);
    one.dirty.clear();
    moveTo(one, id);
    return id;
  };
  const resolve = (name: string): string | null => {
    if (name === 'HEAD') return branches.get('main')!.commit;
    const branch = branches.get(name.replace(/^refs\/heads\//u, ''));
    return branch?.commit ?? kept.get(name) ?? (commits.has(name) ? name : null);
  };
  const isElsewhere = (branch: string, path: string): boolean =>
    [...worktrees].some(([place, one]) => place !== path && one.branch === branch);
  const freeName = (wanted: string): string => {
    let name = wanted;
    for (let n = 2; branches.has(name); n += 1) name = `${wanted}-${n}`;
    return name;
  };
  const join = (heads: readonly string[], subject: string): string => {
    const all = [...new Set(heads)];
    const whole = all.find((one) => all.every((other) => ancestors(one).has(other)));
    if (whole !== undefined) return whole;
    return add(all, new Map(all.flatMap((one) => [...commits.get(one)!.files])), subject);
  };
  const addWorktree = (path: string, target: { branch?: string; commit?: string; from?: string }): void => {
    const known = worktrees.get(path);
    const { branch = null } = target;
    if (known && target.from !== undefined && known.branch !== target.from) return;
    if (branch !== null && isElsewhere(branch, path)) throw inUse({ branch });
    const head = branch === null ? target.commit! : branches.get(branch)!.commit;
    if (known && !known.isHalf) Object.assign(known, { branch, head });
    else worktrees.set(path, { branch, head, dirty: new Map(), isHalf: false, isMoving: false });
  };

  const portFor = ({ act }: Life): Git =>
    partial<Git>('git', {
      root: ROOT,
      commonDir: `${ROOT}/.git`,
      currentBranch: async () => 'main',
      resolve: (name) => act(`resolve ${name}`, () => resolve(name)),
      place: async (path) => path,
      isAncestor: async (one, of) => ancestors(of).has(one),
      createBranch: (wanted, commit, owner) => {
        const name = freeName(wanted);
        const note = (): void => {
          if (owner !== undefined) claims.set(name, { branch: name, commit, owner });
        };
        const make = (): string => {
          note();
          branches.set(name, { commit, isUntouched: true });
          return name;
        };
        return act(`createBranch ${name}`, make, note);
      },
      claims: () => act('claims', () => [...claims.values()]),
      dropClaim: (branch) => act(`dropClaim ${branch}`, () => void claims.delete(branch)),
      unmakeBranch: ({ branch, commit }) =>
        act(`unmakeBranch ${branch}`, () => {
          const known = branches.get(branch);
          const isGone = known?.isUntouched === true && known.commit === commit && !isElsewhere(branch, '');
          if (isGone) branches.delete(branch);
          claims.delete(branch);
          return isGone;
        }),
      removeBranch: (branch, at) =>
        act(`removeBranch ${branch}`, () => {
          const isTheSame = branches.get(branch)?.commit === at && !isElsewhere(branch, '');
          return isTheSame && branches.delete(branch);
        }),
      addWorktree: (path, target) =>
        act(
          `addWorktree ${path}`,
          () => addWorktree(path, target),
          () => {
            if (worktrees.has(path)) return;
            worktrees.set(path, { branch: null, head: '', dirty: new Map(), isHalf: true, isMoving: false });
          },
        ),
      hasWorktree: (path) => act(`hasWorktree ${path}`, () => worktrees.get(path)?.isHalf === false),
      worktrees: () =>
        act('worktrees', () =>
          [...worktrees].flatMap(([path, { branch, isHalf }]) =>
            isHalf ? [] : [{ path, branch, name: null, touchedAt: 0 }],
          ),
        ),
      vanishedWorktrees: async () => [],
      isTakenAway: async () => false,
      clearHalfMade: () =>
        act('clearHalfMade', () => {
          const half = [...worktrees].flatMap(([path, { isHalf }]) => (isHalf ? [path] : []));
          for (const path of half) worktrees.delete(path);
          return half;
        }),
      removeWorktree: (path, into) =>
        act(`removeWorktree ${path}`, () => (worktrees.delete(path) ? (into ?? null) : null)),
      switchTo: (path, branch, from) =>
        act(
          `switchTo ${path} ${branch}`,
          () => {
            const one = worktree(path);
            if (one.branch === branch || (from !== undefined && one.branch !== from)) return;
            if (one.dirty.size > 0) throw dirtyWork();
            if (isElsewhere(branch, path)) throw inUse({ branch });
            Object.assign(one, { branch, head: branches.get(branch)!.commit });
          },
          () => {
            worktree(path).isMoving = true;
          },
        ),
      moveNestedAside: async () => null,
      finishForwards: async () => [],
      finishAdvances: () =>
        act('finishAdvances', () => {
          const cut = [...worktrees].filter(([, one]) => one.isMoving);
          for (const [, one] of cut) one.isMoving = false;
          return cut.map(([path]) => path);
        }),
      worktreeState: (path) =>
        act(`worktreeState ${path}`, () => {
          const one = worktree(path);
          const dirty = [...one.dirty.keys(), ...(one.isMoving ? ['half-checked-out'] : [])];
          return { branch: one.branch, head: headOf(one), dirty };
        }),
      saveWork: (path, message, on) =>
        act(`saveWork ${path}`, () =>
          on !== undefined && worktree(path).branch !== on ? null : commitIn(path, message),
        ),
      snapshot: (path, message) =>
        act(`snapshot ${path}`, () => {
          const one = worktree(path);
          const head = headOf(one);
          const files = new Map([...commits.get(head)!.files, ...one.dirty]);
          return one.dirty.size === 0 ? null : add([head], files, message);
        }),
      keepStaged: async () => null,
      archive: (name, commit) =>
        act(`archive ${name}`, () => {
          let ref = `refs/drover/archive/${name}`;
          for (let n = 2; kept.has(ref); n += 1) ref = `refs/drover/archive/${name}-${n}`;
          kept.set(ref, commit);
          return ref;
        }),
      joined: (heads, message) => act('joined', () => ({ kind: 'landed', commit: join(heads, message) })),
      ownBase: async ({ start }) => start,
      commitsWithout: async (to, without) => {
        const before = new Set(without.flatMap((one) => [...ancestors(one)]));
        return [...ancestors(to)].filter((one) => !before.has(one));
      },
      changes: (from, to) =>
        act('changes', () => {
          const before = ancestors(from);
          const own = [...ancestors(to)].filter((one) => !before.has(one));
          return { commits: own.length, files: own.length, insertions: own.length, deletions: 0 };
        }),
      commits: async () => [],
      diff: async () => ({ files: [], patch: '' }),
      leftMarkers: async () => [],
      modulesFault: async () => null,
      describe: async (commit) => ({ commit, committed_at: '', subject: commits.get(commit)!.subject }),
      unlock: async () => false,
      restoreEmptied: async () => 0,
      unhide: async () => 0,
      lacking: async () => ({ submodules: [], lfs: false }),
      strays: async () => [],
      sharedGit: async () => undefined,
      writtenFolders: async () => [],
      hasIdentity: async () => true,
      underWay: async () => null,
      keepHead: async () => null,
      sparse: async () => null,
      missingFolders: async () => [],
      lockOf: async () => null,
    });

  return {
    ...{ branches, worktrees, claims, portFor },
    has: (commit) => commits.has(commit),
    filesOf: (commit) => commits.get(commit)?.files ?? new Map(),
    edit: (path, file, text) => void worktrees.get(path)?.dirty.set(file, text),
    commit: (path, subject) => void commitIn(path, subject),
  };
};
