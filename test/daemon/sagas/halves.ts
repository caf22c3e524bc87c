import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Batch } from '../../../src/state/batches.ts';
import type { State } from '../../../src/state/index.ts';
import { isAlive } from '../../../src/state/moves.ts';
import type { testRepository } from '../../helpers/swarm.ts';
import { linesOf, notOnceIn } from './once.ts';

type Repository = ReturnType<typeof testRepository>;

/** The linked worktrees as git knows them. */
const worktreesOf = ({ root, git }: Repository) =>
  git('worktree', 'list', '--porcelain')
    .split('\n\n')
    .map((text) => text.split('\n'))
    .map((lines) => ({
      path: (lines[0] ?? '').slice('worktree '.length),
      branch: lines.find((line) => line.startsWith('branch '))?.slice('branch refs/heads/'.length),
      odd: lines.find((line) => /^(?:locked|prunable)/u.test(line)),
    }))
    .filter(({ path }) => path !== root);

/** Whether somebody made a worktree of this name for themselves. */
const isOfPerson = (name: string): boolean => /^(?:own|other|made)-\d+x$/u.test(name);

/** Worktrees that are not finished, not recorded, on another branch than is recorded, or in which something lies. */
const worktreeHalves = (repository: Repository, { instances }: State): string[] => {
  const { git, paths } = repository;
  const all = worktreesOf(repository);
  const found = all.flatMap(({ path, odd, branch }): string[] => {
    const name = basename(path);
    const owner = Object.values(instances).find((one) => one.workspace_path === path);
    if (!owner && !isOfPerson(name) && name !== 'integration') return [`worktree without record: ${name}`];
    if (odd !== undefined || !existsSync(path)) return [`worktree ${name} ${odd ?? 'without folder'}`];
    const dirty = linesOf(git('-C', path, 'status', '--porcelain')).filter(
      (line) => !(isOfPerson(name) && line === '?? mine.txt'),
    );
    return [
      ...(dirty.length > 0 ? [`dirty ${name}: ${dirty.slice(0, 3).join(', ')}`] : []),
      ...(owner && branch !== owner.branch_name ? [`${name} is on ${branch}, not ${owner.branch_name}`] : []),
    ];
  });
  const folders = existsSync(paths.worktrees) ? readdirSync(paths.worktrees) : [];
  const stray = folders.filter((name) => name !== '.drover-trash' && !all.some(({ path }) => basename(path) === name));
  return [...found, ...stray.map((name) => `folder without worktree: ${name}`)];
};

/** Sessions without record, and instances without the session, worktree or program that they are recorded with. */
const sessionHalves = (repository: Repository, { instances }: State): string[] => {
  const { paths, tmux } = repository;
  const all = Object.values(instances);
  const sessions = linesOf(tmux('list-sessions', '-F', '#{session_name} #{@drover_id} #{pane_pid}')).map((line) => {
    const [name = '', mark = '', pid = ''] = line.split(' ');
    return { name, mark, pid };
  });
  const there = new Set(worktreesOf(repository).map(({ path }) => path));
  return [
    ...sessions.flatMap(({ name, mark }) => {
      const owner = all.find((one) => mark === `${paths.key}/${one.instance_id}`);
      if (!owner) return [`session without record: ${name}`];
      return owner.state.kind === 'stopped' ? [`session of the stopped ${name}`] : [];
    }),
    ...all.flatMap(({ instance_id: id, session, pid, state: { kind, evidence }, workspace_path }) => {
      if (['failed', 'lost'].includes(kind)) return [`${id} is ${kind}: ${evidence}`];
      const own = sessions.find(({ name }) => name === session);
      const isRight = !isAlive(kind) || own?.pid === String(pid);
      return [
        ...(isRight ? [] : [`${id} is ${kind} with ${own ? 'another program' : 'no session'}`]),
        ...(!isAlive(kind) || there.has(workspace_path) ? [] : [`${id} has no worktree`]),
      ];
    }),
  ];
};

/** Whether a process is stopped, or one that it has started. */
const isStopped = (pid: string): boolean => {
  try {
    const [state = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    return state === 'T' || children.some(isStopped);
  } catch {
    // It has ended meanwhile.
    return false;
  }
};

/** Instances that are frozen and not paused, or the reverse, and lists of frozen processes that nobody needs. */
const frozenHalves = ({ root }: Repository, { instances }: State): string[] =>
  Object.values(instances).flatMap(({ instance_id: id, pid, state: { kind }, hold }) => {
    const isFrozen = pid !== null && isAlive(kind) && isStopped(`${pid}`);
    const list = existsSync(join(root, '.git/drover/instances', id, 'frozen.json'));
    const words = `${hold ?? 'not paused'}${isFrozen ? ', frozen' : ''}${list ? ', with a list' : ''}`;
    const isRight = isFrozen === (hold === 'frozen' && isAlive(kind)) && (!list || hold === 'frozen');
    return isRight ? [] : [`${id} is ${kind}, ${words}`];
  });

/** All paths in a folder, from which a living daemon may take something away meanwhile. */
const pathsIn = (folder: string): string[] => {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((one) => {
      const path = join(folder, one.name);
      return one.isDirectory() ? [path, ...pathsIn(path)] : [path];
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return [];
  }
};

const LEFT =
  /\.lock$|\.tmp$|\.new$|\.drover(?:-new)?$|\.draft$|\.gone$|\/drover\/(?:(?:advancing|claims|incoming)\/.*|moving-\w+)$/u;

/** Locks, notes and texts that a killed process left. */
const leftFiles = ({ root, paths }: Repository): string[] =>
  [join(root, '.git'), join(root, '.drover'), paths.sandboxes]
    .flatMap(pathsIn)
    // Where the agents of a sandbox are at home is theirs.
    .filter((path) => !path.startsWith(paths.sandboxes) || !path.includes('/home/'))
    .map((path) => path.replace(`${root}/`, ''))
    // The copy of the state for people is written anew with the next change.
    .filter((path) => !path.endsWith('/db.json.tmp'))
    .filter((path) => LEFT.test(path))
    .map((path) => `left: ${path}`);

/** What is said to lie in the trash and does not, and what lies there and nobody knows of. */
const trashHalves = ({ paths }: Repository): string[] => {
  const namesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);
  const folders = namesIn(`${paths.worktrees}/.drover-trash`);
  const records = namesIn(paths.trash).map((name) => name.replace(/\.json$/u, ''));
  return [
    ...records.filter((id) => !folders.includes(id)).map((id) => `in the trash by its record alone: ${id}`),
    ...folders.filter((id) => !records.includes(id)).map((id) => `in the trash without record: ${id}`),
  ];
};

/** Branches that nothing recorded has; the one of an instance that was removed stays. */
const strayBranches = (repository: Repository, { instances, tasks, batches }: State): string[] => {
  const { git } = repository;
  const known = new Set([
    'main',
    ...Object.values(instances).map((one) => one.branch_name),
    ...Object.values(tasks).flatMap(({ run, history }) => [...history, ...(run ? [run] : [])].map((one) => one.branch)),
    ...Object.values(batches).map(({ target }) => target),
    ...worktreesOf(repository).map(({ branch }) => branch),
  ]);
  return linesOf(git('for-each-ref', '--format=%(refname:short)', 'refs/heads'))
    .filter((branch) => !known.has(branch) && !/^drover\/(?:(?:rehearsal|doing)-\d+|(?:own|other)-\d+x)$/u.test(branch))
    .map((branch) => `branch without record: ${branch}`);
};

/**
 * Commits that hold what was found in a worktree, and that delete most of what the task before has. What half of a checkout had is
 * kept apart from all work.
 */
const savedHalves = ({ git }: Repository): string[] => {
  const greps = ['WIP', 'Uncommitted', 'Found where'].map((word) => `--grep=^${word}`);
  return linesOf(git('log', '--exclude=refs/drover/archive/cut-off*', '--all', '--format=%h %s', ...greps))
    .filter((line) => git('show', '--format=', '--name-only', line.split(' ')[0]!) !== 'mine.txt')
    .map((line) => `saved: ${line}`);
};

/** Where branches are that a batch has moved, or should have. */
const movedHalves = ({ git }: Repository, { batches }: State): string[] => {
  // One that was taken back by a commit of its own lies behind others.
  const movedAt = ({ rollback, started_at }: Batch): string => rollback?.finished_at ?? started_at;
  const [last] = Object.values(batches).toSorted((a, b) => movedAt(b).localeCompare(movedAt(a)));
  if (!last) return [];
  const { target, head_commit, delivery, rollback, state } = last;
  const at = (branch: string) => git('rev-parse', `refs/heads/${branch}`);
  const wanted = state === 'rolled-back' ? rollback!.to_commit : head_commit;
  return [
    ...(at(target) === wanted ? [] : [`${target} is not where ${last.id} says`]),
    ...(delivery && (delivery.state !== 'delivered' || at(delivery.branch) !== head_commit)
      ? [`${delivery.branch} is ${delivery.state}: ${delivery.problem}`]
      : []),
  ];
};

/** Instances that are at work on what is not theirs any more. */
const lostWork = ({ instances, tasks }: State): string[] =>
  Object.values(instances).flatMap(({ instance_id: id, state: { kind }, task_assignments }) =>
    kind === 'working' && !task_assignments.some((task) => tasks[task]?.state === 'running')
      ? [`${id} works for nobody`]
      : [],
  );

const spoken = ({ tasks, batches, alerts }: State): string[] => [
  ...Object.values(tasks).flatMap(({ id, state, run }) =>
    ['failed', 'blocked'].includes(state) ? [`${id} is ${state}: ${run?.failure?.message}`] : [],
  ),
  ...Object.values(batches).flatMap(({ set_aside }) => set_aside.map((one) => `${one.task} aside: ${one.message}`)),
  // That it was killed so often is true.
  ...Object.values(alerts)
    .filter(({ id }) => id !== 'daemon-ends')
    .map(({ id, text }) => `alert ${id}: ${text}`),
];

/** Runs that were begun once more, and programs that were started more than once for one. */
export const begunTwice = ({ root }: Repository, { tasks }: State, attempts: number): readonly string[] => {
  const file = join(root, '..', 'starts');
  const starts = existsSync(file) ? linesOf(readFileSync(file, 'utf8')) : [];
  return [
    ...starts.filter((one, at) => starts.indexOf(one) !== at).map((task) => `the program of ${task} was started twice`),
    ...Object.values(tasks).flatMap(({ id, run }) =>
      (run?.restarts ?? 0) > 0 || (run?.attempt ?? 1) > attempts
        ? [`${id} was begun again: ${run!.attempt} ${run!.restarts}`]
        : [],
    ),
  ];
};

/** Whatever is half of something, or twice, in a swarm of rehearsed agents in which nothing is under way and tasks were begun so often. */
export const halvesIn = (repository: Repository, state: State, attempts: number): readonly string[] => [
  ...worktreeHalves(repository, state),
  ...sessionHalves(repository, state),
  ...frozenHalves(repository, state),
  ...leftFiles(repository),
  ...trashHalves(repository),
  ...strayBranches(repository, state),
  ...savedHalves(repository),
  ...movedHalves(repository, state),
  ...lostWork(state),
  ...spoken(state),
  ...notOnceIn(repository, state, attempts),
];
