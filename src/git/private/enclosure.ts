import { basename } from 'node:path';
import { shellQuote } from '../../lib/text.ts';
import type { Sandbox } from '../../ports/sandbox.ts';
import { tooMuchInside } from '../errors.ts';
import { DURABLE, refused, type RunGit } from '../run.ts';

/** How git is called on a private git directory: shut in as its owner is, so that nothing there leads anywhere else. */
export type Enclosure = { readonly run: RunGit; readonly wall: readonly string[] };

type Place = {
  readonly root: string;
  readonly commonDir: string;
  readonly admin: string;
  readonly worktree: string;
  readonly folder: string;
  readonly home: string;
};

/** What git may take there, in milliseconds. */
const INSIDE_MS = 60_000;

/** More than this is not brought out, in KiB. */
const MOST_KIB = 2 * 1024 * 1024;

/** Of more objects than these git keeps the pack as it came: writing a file for each would take longer. */
const MOST_LOOSE = 100;

/** The bytes in which a pack says how many objects it has, after which git is told the number. */
const HEAD_BYTES = 12;

/**
 * What stands behind the program that gives objects out: reads the head of its pack, has git check and store each object, and
 * then look whether all of the commits is there. `$0` and `$@` are git's words up to its command. An end that comes too early
 * is no pack, whatever the giver ended with.
 */
const takerOf = (commits: readonly string[]): string =>
  [
    `drover_count() { drover_count=$(($9 * 16777216 + \${10} * 65536 + \${11} * 256 + \${12})); }`,
    `drover_head=$(od -An -v -tu1 -N${HEAD_BYTES})`,
    '[ -n "$drover_head" ] || exit 1',
    'drover_count $drover_head',
    `[ "$drover_count" -gt ${MOST_LOOSE} ] && drover_as="index-pack --stdin --fix-thin" || drover_as="unpack-objects -q"`,
    `"$0" "$@" $drover_as --strict --max-input-size=${MOST_KIB * 1024} "--pack_header=2,$drover_count" >/dev/null || exit 1`,
    `"$0" "$@" rev-list --objects --quiet --exclude-promisor-objects ${commits.join(' ')} --not --all`,
  ].join('\n');

export const encloseWith =
  (run: RunGit, { wall }: Pick<Sandbox, 'wall'>) =>
  async ({ root, commonDir, admin, worktree, folder, home }: Place): Promise<Enclosure> => {
    const words = await wall({
      ...{ mode: 'strict', network: 'none', root, commonDir, worktree },
      git: { kind: 'private', folder, admin: basename(admin) },
      home: { at: home, folder: null },
      ...{ hidden: [], read: [], write: [] },
    });
    const env = { GIT_DIR: admin, GIT_COMMON_DIR: commonDir, GIT_WORK_TREE: worktree };
    return {
      wall: words,
      run: (args, call = {}) => run(args, { timeoutMs: INSIDE_MS, ...call, wall: words, env: { ...call.env, ...env } }),
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
  const giver = [...inside.wall, 'git', ...give].map(shellQuote).join(' ');
  const exit = await run([], {
    wall: ['sh', '-c', `${giver} | {\n${takerOf(commits)}\n}`],
    env: { GIT_DIR: commonDir },
    config: DURABLE,
    input: `${[...commits, ...(known === null ? [] : [`^${known}`])].join('\n')}\n`,
    ...{ accept: 'any', timeoutMs: INSIDE_MS },
  });
  if (exit.code === 0) return;
  const kib = await sizeOf(inside);
  throw kib > MOST_KIB
    ? tooMuchInside({ path: place, mib: Math.round(kib / 1024), most: MOST_KIB / 1024 })
    : refused(['fetch'], exit);
};
