import { basename, dirname } from 'node:path';
import { shellQuote } from '../../lib/text.ts';
import type { GitSpec, Sandbox } from '../../ports/sandbox.ts';
import { tooMuchInside } from '../errors.ts';
import { DURABLE, refused, type RunGit } from '../run.ts';

/** How git is called on a private git directory: shut in, so that nothing there leads anywhere else. */
export type Enclosure = {
  /** Reads it; nothing can be written, and no file of the worktree is there. */
  readonly run: RunGit;
  /** Shut in as its owner is, with the worktree: what its owner cannot write git cannot write there either. */
  readonly runWhole: RunGit;
  /** The words that stand before git which reads; they are found when they are needed first, for most looks bring no news. */
  readonly wall: () => Promise<readonly string[]>;
};

type Place = Omit<GitSpec, 'hidden'> & { readonly admin: string; readonly worktree: string };

/** What git may take there, in milliseconds. */
const INSIDE_MS = 60_000;

/** More than this is not brought out, in KiB. */
const MOST_KIB = 2 * 1024 * 1024;

/**
 * What stands behind the program that gives objects out: git checks all of them before it stores any, and then looks whether
 * all of the commits is there. `$0` and `$@` are git's words up to its command. An end that comes too early is no pack, whatever
 * the giver ended with.
 */
const takerOf = (commits: readonly string[], strict: string): string =>
  [
    `"$0" "$@" index-pack --stdin --fix-thin ${shellQuote(strict)} --max-input-size=${MOST_KIB * 1024} >/dev/null || exit 1`,
    `"$0" "$@" rev-list --objects --quiet --exclude-promisor-objects ${commits.join(' ')} --not --all`,
  ].join('\n');

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
    const wall = () => (words ??= sandbox.gitWall({ ...place, hidden }));
    const env = { GIT_DIR: admin, GIT_COMMON_DIR: commonDir };
    const wholeWall = () =>
      sandbox.wall({
        ...{ mode: 'strict', network: 'none', root, commonDir, worktree, hidden },
        git: { kind: 'private', folder, admin: basename(admin) },
        home: { at: home, folder: null },
        ...{ read: [], write: [] },
      });
    const shutIn =
      (wordsNow: () => Promise<readonly string[]>, more: Readonly<Record<string, string>>): RunGit =>
      async (args, call = {}) =>
        run(args, { timeoutMs: INSIDE_MS, ...call, wall: await wordsNow(), env: { ...call.env, ...env, ...more } });
    return {
      wall,
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

type Into = { readonly commonDir: string; readonly place: string; readonly run: RunGit; readonly inside: Enclosure };

/**
 * Takes commits by their ids out of a private git directory: no name of a ref comes with them, each object is checked, and
 * whoever gives them out is shut in. Moves no ref.
 */
export const fetchInto = async (
  { commonDir, place, run, inside }: Into,
  commits: readonly string[],
  known: string | null,
): Promise<void> => {
  // What the repository has already is only borrowed there, and does not come again.
  const give = ['pack-objects', '--revs', '--local', '--thin', '--delta-base-offset', '--stdout', '-q'];
  const giver = [...(await inside.wall()), 'git', ...give].map(shellQuote).join(' ');
  const take = (strict: string) =>
    run([], {
      wall: ['sh', '-c', `${giver} | {\n${takerOf(commits, strict)}\n}`],
      // What a partial clone lacks is asked for nowhere: whoever works inside would say what.
      env: { GIT_DIR: commonDir, GIT_NO_LAZY_FETCH: '1' },
      config: [...DURABLE, 'protocol.allow=never'],
      input: `${[...commits, ...(known === null ? [] : [`^${known}`])].join('\n')}\n`,
      ...{ accept: 'any', timeoutMs: INSIDE_MS },
    });
  const first = await take('--strict');
  if (first.code === 0) return;
  const passed = await passedBy(run);
  const exit = passed === null ? first : await take(passed);
  if (exit.code === 0) return;
  const kib = await sizeOf(inside);
  throw kib > MOST_KIB
    ? tooMuchInside({ path: place, mib: Math.round(kib / 1024), most: MOST_KIB / 1024 })
    : refused(['fetch'], exit);
};
