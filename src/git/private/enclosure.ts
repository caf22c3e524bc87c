import { basename } from 'node:path';
import { shellQuote } from '../../lib/text.ts';
import type { Sandbox } from '../../ports/sandbox.ts';
import { tooMuchInside } from '../errors.ts';
import { DURABLE, type RunGit } from '../run.ts';

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

/** What gives the commits out is cut off there: whoever takes them misses the end, and takes none. */
const CUT = `drover_cut() { "$@" | head -c ${MOST_KIB * 1024}; }; drover_cut`;

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
 * Fetches commits by their ids out of a private git directory: no name of a ref comes with them, each object is checked, and
 * whoever gives them out is shut in. Moves no ref.
 */
export const fetchInto = async (
  { commonDir, place, run, inside }: Into,
  commits: readonly string[],
  known: string | null,
): Promise<void> => {
  const settings = ['uploadpack.allowAnySHA1InWant=true', `uploadpack.packObjectsHook=${CUT}`];
  const giver = [...inside.wall, 'git', ...settings.flatMap((one) => ['-c', one]), 'upload-pack'];
  const flags = ['--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--no-auto-maintenance', '--quiet'];
  const args = [
    ...['fetch', ...flags, ...(known === null ? [] : [`--negotiation-tip=${known}`])],
    ...[`--upload-pack=${giver.map(shellQuote).join(' ')}`, commonDir, ...commits],
  ];
  const config = [...DURABLE, 'fetch.fsckObjects=true', 'protocol.version=2'];
  await run(args, { timeoutMs: INSIDE_MS, config }).catch(async (error: unknown) => {
    const kib = await sizeOf(inside);
    throw kib > MOST_KIB ? tooMuchInside({ path: place, mib: Math.round(kib / 1024), most: MOST_KIB / 1024 }) : error;
  });
};
