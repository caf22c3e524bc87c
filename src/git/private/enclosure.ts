import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { shellQuote } from '../../lib/text.ts';
import type { Exit } from '../../ports/index.ts';
import type { GitSpec, Sandbox } from '../../ports/sandbox.ts';
import { notBrought, tooMuchInside } from '../errors.ts';
import { inWorktree } from '../held-up.ts';
import { DURABLE, type RunGit, reasonOf } from '../run.ts';
import { LITTLE_KIB, packLoose } from './loose.ts';
import { assertNothingOdd, holdUpIn } from './odd.ts';

/** How git is called on a private git directory: shut in, so that nothing there leads anywhere else. */
export type Enclosure = {
  /** Reads it; nothing can be written, and no file of the worktree is there. */
  readonly run: RunGit;
  /** Shut in as its owner is, with the worktree: what its owner cannot write git cannot write there either. */
  readonly runWhole: RunGit;
  /** The words that stand before git which reads; they are found when they are needed first, for most looks bring no news. */
  readonly wall: () => Promise<readonly string[]>;
  /** Those before git which has the worktree as well. */
  readonly wholeWall: () => Promise<readonly string[]>;
  /** git outside, ended where something holds it up that lies there, or in the worktree. */
  readonly watched: RunGit;
};

type Place = Omit<GitSpec, 'hidden'> & { readonly admin: string; readonly worktree: string };

/**
 * What git that reads it may take of memory there, in KiB: an object may be as large as it likes. What gives objects out compares
 * large files with each other, so many MiB of them at once on each core.
 */
const MOST_READ_KIB = 4 * 1024 * 1024;
const WINDOW_MIB = 64;

const LIMITED = ['sh', '-c', `ulimit -d ${MOST_READ_KIB}; exec "$@"`, 'sh'] as const;

/** What git may take there, in milliseconds. */
const INSIDE_MS = 60_000;

/** More than this is not brought out, in KiB. */
const MOST_KIB = 2 * 1024 * 1024;

/**
 * What git may take of memory to check and store what comes out, in KiB: a pack says little of how large its objects are. Files
 * above the other size, in MiB, never have to be in memory as a whole, as long as nothing is told by its difference from them.
 */
const MOST_MEMORY_KIB = 512 * 1024;
const LARGE_MIB = 32;

/** What git does outside with what has come out. */
type Step = {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
};

/** The branch moves, and meanwhile the index of the worktree becomes what it has then. */
export type Steps = { readonly branch: Step; readonly index: Step };

const stepText = ({ args, cwd, env }: Step): string => {
  const set = Object.entries(env).map(([name, value]) => `${name}=${shellQuote(value)}`);
  const call = [...set, '"$0" "$@"', ...args.map(shellQuote)].join(' ');
  return `cd ${shellQuote(cwd)} && ${call} </dev/null >/dev/null 2>&1`;
};

/** What stands behind the program that gives objects out; `$0` and `$@` are git's words up to its command. */
type Taker = { readonly commits: readonly string[]; readonly steps: Steps | undefined };

/** A call that reads objects of which nothing is known yet; what stands before it is its environment. */
const bounded = (command: string, env = ''): string =>
  `(ulimit -d ${MOST_MEMORY_KIB}; ${env} exec "$0" "$@" -c core.bigFileThreshold=${LARGE_MIB}m ${command})`;

const checked = (strict: string, mostKib: number): string =>
  `index-pack --stdin --fix-thin ${shellQuote(strict)} --max-input-size=${mostKib * 1024} >/dev/null`;

const complete = (commits: readonly string[]): string =>
  `rev-list --objects --quiet --exclude-promisor-objects ${commits.join(' ')} --not --all`;

/** Where they are ended from elsewhere git has the time to take its locks away: with the shell all of it would be killed. */
const UNHURRIED = 'trap : TERM';

/**
 * Prints a line once the branch has moved, and then one more where the index follows it. Both are done here because a start from
 * elsewhere costs more; what one of them cannot do is the caller's.
 */
const stepsText = (steps: Steps | undefined): string =>
  steps === undefined
    ? 'exit 0'
    : [
        UNHURRIED,
        `{ ${UNHURRIED}; ${stepText(steps.branch)} && echo done; } | {`,
        `${UNHURRIED}; ${stepText(steps.index)}; index=$?`,
        'read -r moved && echo "$moved" && test $index = 0 && echo done',
        '} || exit 0',
      ].join('\n');

/**
 * git checks all objects before it stores any, and then looks whether all of the commits is there. An end that comes too
 * early is no pack, whatever the giver ended with.
 */
const wholeTaker = ({ commits, steps }: Taker, strict: string): string =>
  [
    `${bounded(checked(strict, MOST_KIB))} || exit 1`,
    `"$0" "$@" ${complete(commits)} || exit 1`,
    stepsText(steps),
  ].join('\n');

/**
 * The same for little, as most commits are: it is checked in a folder of its own, and comes into the repository as single
 * objects, as where git fetches. With each pack that there is each git that reads objects takes longer.
 */
const littleTaker = ({ commits, steps }: Taker, commonDir: string, own: string): string => {
  const apart = `GIT_OBJECT_DIRECTORY=${shellQuote(own)} GIT_ALTERNATE_OBJECT_DIRECTORIES=${shellQuote(`${commonDir}/objects`)}`;
  return [
    `${bounded(`-c core.fsync=none -c pack.threads=1 ${checked('--strict', LITTLE_KIB)}`, apart)} || exit 1`,
    `${apart} "$0" "$@" ${complete(commits)} &`,
    `for pack in ${shellQuote(own)}/pack/pack-*.pack; do ${bounded('unpack-objects -q <"$pack"')}; stored=$?; done`,
    'wait $! && test $stored = 0 || exit 1',
    stepsText(steps),
  ].join('\n');
};

/** What a person has git let pass of what it would refuse in a fetch, as `index-pack` takes it; null for nothing. */
const passedBy = async (run: RunGit): Promise<string | null> => {
  const { stdout } = await run(['config', '--get-regexp', '-z', '^fetch\\.fsck\\.'], { accept: [0, 1] });
  const said = stdout.split('\0').flatMap((line) => {
    const { name, level } = /^fetch\.fsck\.(?<name>[a-z]+)\n(?<level>.+)$/iu.exec(line)?.groups ?? {};
    return name === undefined ? [] : [`${name}=${level}`];
  });
  return said.length === 0 ? null : `--strict=${said.join(',')}`;
};

export const encloseWith =
  (run: RunGit, sandbox: Pick<Sandbox, 'wall' | 'gitWall'>) =>
  ({ admin, worktree, ...place }: Place): Enclosure => {
    const { commonDir, folder, home, root } = place;
    // Where instances have what is their own, others have it too.
    const hidden = [dirname(dirname(folder))];
    let words: Promise<readonly string[]> | undefined;
    let wholeWords: Promise<readonly string[]> | undefined;
    // Whatever reads there has its words from here.
    let sound: Promise<void> | undefined;
    const nothingOdd = () => (sound ??= assertNothingOdd({ folder, worktree }));
    const wall = () => (words ??= nothingOdd().then(() => sandbox.gitWall({ ...place, hidden })));
    const env = { GIT_DIR: admin, GIT_COMMON_DIR: commonDir };
    const odd = holdUpIn({ folder, worktree });
    const wholeWall = () =>
      (wholeWords ??= nothingOdd().then(() =>
        sandbox.wall({
          ...{ mode: 'strict', network: 'none', root, commonDir, worktree, hidden },
          git: { kind: 'private', folder, admin: basename(admin) },
          home: { at: home, folder: null },
          ...{ read: [], write: [] },
        }),
      ));
    const shutIn =
      (wordsNow: () => Promise<readonly string[]>, more: Readonly<Record<string, string>>): RunGit =>
      async (args, call = {}) =>
        run(args, {
          ...{ timeoutMs: INSIDE_MS, ...call, holdUps: [odd] },
          ...{ wall: [...LIMITED, ...(await wordsNow())], env: { ...call.env, ...env, ...more }, isBare: true },
        });
    return {
      wall,
      wholeWall,
      watched: (args, call) => run(args, { ...call, holdUps: [odd, inWorktree(worktree)] }),
      run: shutIn(wall, {}),
      runWhole: shutIn(wholeWall, { GIT_WORK_TREE: worktree }),
    };
  };

/** How much the objects of a private git directory take, in KiB. */
const sizeOf = async ({ run }: Enclosure): Promise<number> => {
  const { stdout } = await run(['count-objects', '-v']);
  const sizes = [...stdout.matchAll(/^size(?:-pack|-garbage)?: (?<kib>\d+)$/gmu)];
  return sizes.reduce((sum, { groups }) => sum + Number(groups!['kib']), 0);
};

/** git names the same object for each of its faults, and some of those twice. */
const saidOnce = (exit: Exit): Exit => ({ ...exit, stderr: [...new Set(exit.stderr.split('\n'))].join('\n') });

/**
 * What gives objects out, by their ids. What the repository has already is only borrowed there, and does not come again. Nothing
 * is told by its difference from what does not come along: git would store that as well, and sync twice.
 */
const GIVER = [
  ...['git', '-c', `core.bigFileThreshold=${LARGE_MIB}m`, 'pack-objects', '--revs', '--local'],
  ...['--delta-base-offset', '--no-reuse-delta', '--stdout', '-q', `--window-memory=${WINDOW_MIB}m`],
] as const;

type Into = {
  readonly commonDir: string;
  readonly admin: string;
  readonly place: string;
  readonly inside: Enclosure;
  readonly note: { readonly folder: string };
};

/** Where objects lie that nobody has checked, a folder for each worktree. */
const incomingIn = (commonDir: string): string => join(commonDir, 'drover', 'incoming');

/** Removes what killed processes left there, which nobody may bring out of the same worktree again. */
export const sweepIncoming = (commonDir: string): Promise<void> =>
  rm(incomingIn(commonDir), { recursive: true, force: true });

/** Works with a folder for objects that nobody has checked; what was left there is gone. */
const withOwnFolder = async <T>({ admin, commonDir }: Into, work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = join(incomingIn(commonDir), basename(admin));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/**
 * Takes commits by their ids out of a private git directory: no name of a ref comes with them, each object is checked, and
 * git that gives them out is shut in. Moves no ref but by the steps that are done with them there. How many of those were: 1 is
 * the branch alone, and where that is not moved the index may be ahead of it.
 */
export const fetchInto = async (
  into: Into,
  commits: readonly string[],
  known: string | null,
  steps?: Steps,
): Promise<number> => {
  const { commonDir, place, inside, note } = into;
  const run = inside.watched;
  const take = (text: string, input = '') =>
    run([], {
      wall: ['sh', '-c', text],
      // What a partial clone lacks is asked for nowhere: whoever works inside would say what.
      env: { GIT_DIR: commonDir, GIT_NO_LAZY_FETCH: '1' },
      isBare: true,
      config: [...DURABLE, 'protocol.allow=never'],
      ...{ input, accept: 'any', timeoutMs: INSIDE_MS },
    });
  const takeGiven = async (taker: string) => {
    const giver = [...LIMITED, ...(await inside.wall()), ...GIVER].map(shellQuote).join(' ');
    return take(`${giver} | {\n${taker}\n}`, `${[...commits, ...(known === null ? [] : [`^${known}`])].join('\n')}\n`);
  };
  const done = ({ stdout }: Exit): number => stdout.split('\n').length - 1;
  const asked = { commits, steps };
  // A colon parts the names of such folders.
  if (!commonDir.includes(':')) {
    const stores = { own: join(note.folder, 'objects'), borrowed: join(commonDir, 'objects') };
    const pack = packLoose({ ...stores, commits, known });
    const own =
      pack &&
      (await withOwnFolder(into, async (folder) => {
        const file = join(folder, 'loose');
        writeFileSync(file, pack, { flag: 'wx', mode: 0o600 });
        return take(`{\n${littleTaker(asked, commonDir, folder)}\n} <${shellQuote(file)}`);
      }));
    if (own?.code === 0) return done(own);
    const little = await withOwnFolder(into, (folder) => takeGiven(littleTaker(asked, commonDir, folder)));
    if (little.code === 0) return done(little);
  }
  const first = await takeGiven(wholeTaker(asked, '--strict'));
  if (first.code === 0) return done(first);
  const passed = await passedBy(run);
  const exit = passed === null ? first : await takeGiven(wholeTaker(asked, passed));
  if (exit.code === 0) return done(exit);
  const kib = await sizeOf(inside);
  throw kib > MOST_KIB
    ? tooMuchInside({ path: place, mib: Math.round(kib / 1024), most: MOST_KIB / 1024 })
    : notBrought({ path: place, folder: note.folder, reason: reasonOf(saidOnce(exit)) });
};
