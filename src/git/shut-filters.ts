import { randomUUID } from 'node:crypto';
import { lstat, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { unlessMissing } from '../lib/missing.ts';
import { withGitConfig } from '../lib/git-config.ts';
import { shellQuote } from '../lib/text.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import { filtersUnshut } from './errors.ts';
import { type Filter, type Found, mayRunWhatLiesThere } from './filters.ts';
import { fieldsOf } from './parse.ts';
import { makeFolderIn, textOf } from './places.ts';
import { configText } from './private/config-text.ts';
import { writeWhole } from './private/note.ts';
import { bareEnvironment, type Environment, type RunGit } from './run.ts';
import { inEmptyFolder } from './without-files.ts';

/** The file that says that agents were shut in here: what they wrote is in branches, in the trash, and in what was merged. */
const MARK = 'drover/shut-in';

/** The configuration that filters see. */
const SETTINGS = 'drover/filter-config';

export const markShutIn = async (commonDir: string): Promise<void> => {
  await makeFolderIn(commonDir, join(commonDir, 'drover'));
  await writeWhole(
    join(commonDir, MARK),
    'Agents were shut in here: filters that git runs on what they wrote are so as well.\n',
  );
};

/** Commands, the frequent ones, that read and write no file of a worktree. */
const WITHOUT_FILES: ReadonlySet<string | undefined> = new Set([
  ...['rev-parse', 'rev-list', 'for-each-ref', 'show-ref', 'symbolic-ref', 'update-ref', 'check-ref-format', 'version'],
  ...[
    'config',
    'cat-file',
    'ls-tree',
    'diff-tree',
    'merge-base',
    'commit-tree',
    'log',
    'show',
    'ls-files',
    'check-ignore',
  ],
  ...['worktree', 'count-objects', 'fetch', 'push', 'ls-remote', 'remote', 'merge-file', 'pack-objects'],
]);

type Place = {
  readonly root: string;
  readonly commonDir: string;
  readonly home: string;
  readonly env: Environment;
  readonly find: (admin?: string) => Promise<Found>;
  readonly sandbox: Pick<Sandbox, 'lack' | 'filterWall'> | undefined;
};

type Env = Readonly<Record<string, string>>;

/** What is said of the repository to a filter. */
const TOLD = ['GIT_DIR', 'GIT_COMMON_DIR', 'GIT_WORK_TREE'] as const;

/**
 * A filter as a command for a shell that runs it shut in. git has put the path of a file into the command by then, so that it
 * comes between two lines whose text nobody knows before, and is never read by this shell.
 */
const shutIn = ({ key, command }: Filter, words: readonly string[]): string => {
  const end = `drover-${randomUUID()}`;
  const before = words.map(shellQuote).join(' ');
  // Where git puts a path in, a sign of its own means itself only when there are two of it.
  const plain = key.endsWith('.process') ? before : before.replaceAll('%', '%%');
  return `exec 3<<'${end}'\n${command}\n${end}\nexec ${plain} sh -c "$(cat <&3)" 3<&-`;
};

/** Whether agents were ever shut in here; once it is so it stays so. */
const markIn = (commonDir: string): (() => Promise<boolean>) => {
  let isMarked = false;
  return async () => (isMarked ||= (await unlessMissing(lstat(join(commonDir, MARK)))) !== undefined);
};

/** The git directory of a checkout, found once. */
const gitDirWith = (run: RunGit) => {
  const known = new Map<string, Promise<string>>();
  return (cwd: string): Promise<string> => {
    const before = known.get(cwd);
    if (before) return before;
    const answer = run(['rev-parse', '--absolute-git-dir'], { cwd }).then(({ stdout }) => stdout.replace(/\n$/u, ''));
    known.set(cwd, answer);
    answer.catch(() => known.delete(cwd));
    return answer;
  };
};

/** Puts what says of files which programs they go through, as a checkout has it, into a folder. */
const copyAttributes = async (run: RunGit, from: string, to: string): Promise<void> => {
  const args = ['--no-literal-pathspecs', '--glob-pathspecs', 'ls-files', '-z', '--', '**/.gitattributes'];
  const { stdout } = await run(args, { cwd: from });
  for (const path of fieldsOf(stdout)) {
    const text = await textOf(join(from, path), Infinity);
    if (text === undefined) continue;
    await mkdir(dirname(join(to, path)), { recursive: true });
    await writeFile(join(to, path), `${text}\n`, { flag: 'wx' });
  }
};

/**
 * git that reads or writes files runs the filters of the person, and many of these find their own parts where they run. Where
 * agents were ever shut in those parts may be theirs: in a worktree that is restored, or made of what they wrote, and in the
 * checkout to which it was delivered. There such a filter is shut in itself, also where git is not. Those that are known to run
 * nothing of what lies there are left alone, for they may need a login of the person. A program that merges files runs in a
 * folder with nothing but attributes.
 */
export const openShutFilters = (run: RunGit, place: Place) => {
  const { commonDir, env, find, home, root, sandbox } = place;
  const isMarked = markIn(commonDir);
  const gitDirOf = gitDirWith(run);
  const own = { ...bareEnvironment(env), TMPDIR: '/tmp', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

  const wordsFor = async (worktree: string, told: Env, { settings }: Found): Promise<readonly string[]> => {
    const why = sandbox ? await sandbox.lack({ what: 'filter' }) : 'it was not asked for one';
    if (!sandbox || why !== null) throw filtersUnshut({ path: worktree, why: why!, mark: join(commonDir, MARK) });
    const config = join(commonDir, SETTINGS);
    const text = configText(settings);
    if ((await textOf(config, Infinity)) !== text.replace(/\n$/u, '')) await writeWhole(config, text);
    const hidden = worktree === root ? [] : [dirname(worktree)];
    const wall = await sandbox.filterWall({ root, commonDir, worktree, config, home, hidden });
    const all = {
      ...own,
      ...Object.fromEntries(TOLD.flatMap((name) => (told[name] === undefined ? [] : [[name, told[name]]]))),
    };
    return ['env', '-i', ...Object.entries(all).map(([name, value]) => `${name}=${value}`), ...wall];
  };

  const runShut: RunGit = async (args, call = {}) => {
    if (call.wall || WITHOUT_FILES.has(args[0]) || !(await isMarked())) return run(args, call);
    const { cwd = root, env: told = {} } = call;
    const gitDir = told['GIT_DIR'] ?? (await gitDirOf(cwd));
    const found = await find(gitDir);
    if (args[0] === 'merge-tree') {
      if (found.drivers.length === 0) return run(args, call);
      const at = { GIT_DIR: gitDir, GIT_COMMON_DIR: commonDir };
      return inEmptyFolder(async (folder) => {
        await copyAttributes(run, cwd, folder);
        return run(args, { ...call, cwd: folder, env: { ...told, ...at, GIT_WORK_TREE: folder } });
      });
    }
    const filters = found.filters.filter(mayRunWhatLiesThere);
    if (filters.length === 0) return run(args, call);
    const words = await wordsFor(told['GIT_WORK_TREE'] ?? cwd, told, found);
    const pairs = filters.map((one) => [one.key, shutIn(one, words)] as const);
    return run(args, { ...call, env: withGitConfig(told, pairs) });
  };
  return {
    run: runShut,
    /** The filters that are shut in where git is called in a checkout. */
    shut: async (gitDir: string): Promise<readonly Filter[]> =>
      (await isMarked()) ? (await find(gitDir)).filters.filter(mayRunWhatLiesThere) : [],
  };
};
