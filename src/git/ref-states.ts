import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { linesOf } from '../lib/text.ts';
import type { Git, RefTrace } from '../ports/index.ts';
import { changeRef } from './change-ref.ts';
import { assertRefUnlinked } from './links.ts';
import { textOf } from './places.ts';
import { DURABLE, type RunGit } from './run.ts';
import type { GitContext } from './worktrees.ts';

const FORMAT = '%(objectname) %(refname)';
const STASH = 'refs/stash';

/** One line of a log of a ref: the value before, the one after, who and when, and what was done. */
const LOGGED = /^[0-9a-f]{40,64} (?<to>[0-9a-f]{40,64}) [^\t]*(?:\t(?<message>.*))?$/u;

type Entry = NonNullable<RefTrace['last']>;

const logOf = async (commonDir: string, ref: string): Promise<readonly Entry[] | null> => {
  const path = ref.startsWith('worktrees/') ? join(dirname(ref), 'logs', 'HEAD') : join('logs', ref);
  const text = await readFile(join(commonDir, path), 'utf8').catch(() => null);
  if (text === null) return null;
  return text.split('\n').flatMap((line): Entry[] => {
    const { to, message = '' } = LOGGED.exec(line)?.groups ?? {};
    return to === undefined ? [] : [{ to, message }];
  });
};

/** What is checked out in the main checkout and in each worktree, as git writes it down. */
const headsIn = async (commonDir: string): Promise<readonly (readonly [string, string])[]> => {
  const ids = await readdir(join(commonDir, 'worktrees')).catch(() => []);
  const names = ['HEAD', ...ids.map((id) => `worktrees/${id}/HEAD`)];
  const found = await Promise.all(names.map(async (name) => [name, await textOf(join(commonDir, name))] as const));
  return found.flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const]));
};

/** How refs are, what is known of how they came to be so, and how one is put back. */
export const openRefStates = ({
  root,
  commonDir,
  run,
  exclusive,
}: GitContext): Pick<Git, 'refStates' | 'refTrace' | 'restoreRef'> => {
  const refStates: Git['refStates'] = async () => {
    const asked = ['for-each-ref', `--format=${FORMAT}`, 'refs/heads', 'refs/tags', STASH, 'refs/drover'];
    const lines = linesOf((await run(asked)).stdout);
    const refs = lines.map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))] as const);
    const stash = (await logOf(commonDir, STASH)) ?? [];
    const entries = stash.map(({ to }) => [`${STASH}@${to}`, to] as const);
    return Object.fromEntries([...refs.filter(([ref]) => ref !== STASH), ...entries, ...(await headsIn(commonDir))]);
  };

  /** When the nearest folder that is left of those in which a ref lay was written, and when the file of all packed ones. */
  const goneAt = async (ref: string): Promise<readonly number[]> => {
    let folder = dirname(ref);
    let found = await stat(join(commonDir, folder)).catch(() => undefined);
    while (!found && folder !== '.') {
      folder = dirname(folder);
      found = await stat(join(commonDir, folder)).catch(() => undefined);
    }
    const packed = await stat(join(commonDir, 'packed-refs')).catch(() => undefined);
    return [found, packed].flatMap((one) => (one ? [one.mtimeMs] : []));
  };

  const refTrace: Git['refTrace'] = async (ref) => {
    const written = await stat(join(commonDir, ref)).catch(() => undefined);
    const log = await logOf(commonDir, ref);
    const isThere = written?.isFile() === true;
    return {
      writtenAt: isThere ? written.mtimeMs : null,
      goneAt: isThere ? [] : await goneAt(ref),
      hasLog: log !== null,
      last: log?.at(-1) ?? null,
    };
  };

  const restoreRef: Git['restoreRef'] = (ref, expected, to) =>
    exclusive(async () => {
      if (ref.startsWith(`${STASH}@`)) return storeStash(run, to);
      await assertRefUnlinked(commonDir, ref);
      const args = ['update-ref', '--create-reflog', '-m', 'drover: restore', ref, to, expected ?? ''];
      const exit = await changeRef({ root, commonDir }, ref, () => run(args, { accept: 'any', config: DURABLE }));
      return exit.code === 0;
    });

  return { refStates, refTrace, restoreRef };
};

const storeStash = async (run: RunGit, commit: string): Promise<boolean> =>
  (await run(['stash', 'store', '-m', 'brought back by drover', commit], { accept: 'any', config: DURABLE })).code ===
  0;
