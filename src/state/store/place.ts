import { randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { type AppError, codeOf } from '../../lib/errors.ts';
import { unlessGone } from '../../lib/missing.ts';
import type { Paths } from '../../lib/paths.ts';
import type { State } from '../index.ts';
import { presentIn } from '../moves.ts';
import { replaceFile } from './disk.ts';
import { swarmCopied, swarmMoved, swarmNamedAnew, swarmUnreached } from './errors.ts';

type Place = Pick<Paths, 'root' | 'commonDir'>;

/**
 * A copy has the id of what it was copied from; any other repository has another one. `inode` is that of the git directory, which it
 * keeps where it is moved on its disk, and a copy does not have.
 */
const noteSchema = z.object({
  id: z.string(),
  root: z.string(),
  commonDir: z.string(),
  inode: z.number().optional(),
});
type Note = z.infer<typeof noteSchema>;

/** Beside the state: where its repository was when a daemon began there last. Its agents know it by that. */
const noteIn = (commonDir: string): string => `${commonDir}/drover/place.json`;

const noteOf = (text: string | undefined): Note | undefined => {
  try {
    return noteSchema.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
};

/** Where the state in a git directory was; undefined where no daemon has said it. Rejects where it cannot be read. */
const notedAt = async (commonDir: string): Promise<Note | undefined> =>
  noteOf(await unlessGone(readFile(noteIn(commonDir), 'utf8')));

/** The same, undefined also where nobody can read what a daemon has said. */
const notedIn = (commonDir: string): Promise<Note | undefined> => notedAt(commonDir).catch(() => undefined);

/** Notes where the repository is now. A copy that begins a life of its own is none any more. */
export const notePlace = async ({ root, commonDir }: Place, isCopy = false): Promise<void> => {
  const known = await notedIn(commonDir);
  const inode = (await stat(commonDir)).ino;
  if (known?.root === root && known.commonDir === commonDir && known.inode === inode) return;
  const note: Note = { id: isCopy || !known ? randomUUID() : known.id, root, commonDir, inode };
  await replaceFile(noteIn(commonDir), `${JSON.stringify(note)}\n`);
};

/**
 * How a repository came to be where it is: it was moved there, it is a copy of one that is where it was, or both paths lead to the
 * same. `unclear`: where it was nobody can look, as while its disk is away, so it may be any of them.
 */
type Displaced = {
  readonly kind: 'moved' | 'copied' | 'named-anew' | 'unclear';
  /** Where it was, and where it is. */
  readonly from: string;
  readonly to: string;
  /** The git directory by which its agents know it. */
  readonly known: string;
};

/** What is at a path; undefined for nothing. Rejects where that cannot be seen. */
const identityOf = async (path: string): Promise<string | undefined> => {
  const found = await unlessGone(stat(path));
  return found && `${found.dev}:${found.ino}`;
};

/** How a repository came to be where it is that was at another place, and as a whole below `from`. */
const kindOf = async (noted: Note, { from, commonDir }: { from: string; commonDir: string }) => {
  const { commonDir: known, id, inode } = noted;
  const there = await identityOf(known);
  if (there === undefined) {
    const isTheSame = (await stat(commonDir)).ino === inode;
    // With a disk that is not there the folder goes in which that is shown; but a folder above it may have been moved as well.
    return isTheSame || (await identityOf(dirname(from))) !== undefined ? 'moved' : 'unclear';
  }
  if (there === (await identityOf(commonDir))) return 'named-anew';
  const other = await notedAt(known);
  return other?.id === id && other.commonDir === known ? 'copied' : 'moved';
};

/** Where the repository was, if that is not where it is; undefined where it is in its place, or nobody knows. */
export const findDisplaced = async ({ root, commonDir }: Place): Promise<Displaced | undefined> => {
  const noted = await notedIn(commonDir);
  if (!noted || noted.commonDir === commonDir) return undefined;
  const [from, to] = noted.root === root ? [noted.commonDir, commonDir] : [noted.root, root];
  const kind = await kindOf(noted, { from, commonDir }).catch((error: unknown) => {
    if (codeOf(error) === '') throw error;
    return 'unclear' as const;
  });
  return { kind, from, to, known: noted.commonDir };
};

const isThere = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined;

/**
 * Why no daemon may work with the agents of a displaced repository: their sessions, worktrees and messages are where it was. Null
 * where it has none.
 */
export const displacedError = async (displaced: Displaced, state: State, folder: string): Promise<AppError | null> => {
  const { kind, from, to } = displaced;
  if (kind === 'unclear') {
    const isAboveGone = (await identityOf(dirname(from)).catch(() => '')) === undefined;
    const above = isAboveGone ? dirname(from) : null;
    // Also the worktrees of agents that have ended would be taken from where it was.
    return Object.keys(state.instances).length === 0 ? null : swarmUnreached({ from, to, above });
  }
  const agents = presentIn(state).map(({ instance_id: id }) => id);
  if (agents.length === 0) return null;
  if (kind === 'copied') return swarmCopied({ from, agents, state: folder });
  if (kind === 'named-anew') return swarmNamedAnew({ from, to, agents });
  return swarmMoved({ from, to, agents, isTaken: await isThere(from) });
};
