import { stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { codeOf, messageOf } from '../lib/errors.ts';
import type { Git } from '../ports/index.ts';
import { restoreEmptied } from './emptied.ts';
import { lockHolders } from './lock-holders.ts';
import { locksOf, MOST_LOOKS } from './lock-in-the-way.ts';
import { type CutOff, openNotes } from './notes.ts';
import { refOf } from './parse.ts';
import { headBranch, resolveWith } from './refs.ts';
import type { InsidePlace, RunGit } from './run.ts';
import { STALE_LOCKS } from './stale-locks.ts';
import { syncFiles } from './sync-files.ts';
import { newLocks, putAllBack, removeLeftLocks, type Undone } from './unfinished-files.ts';

/** A checkout of a person that is being brought forward, and what was there before. */
const note = z.object({
  root: z.string(),
  branch: z.string(),
  from: z.string(),
  to: z.string(),
  theirs: z.array(z.string()).readonly(),
  theirLocks: z.array(z.string()).readonly(),
  /** When git was let write there, in milliseconds since 1970. */
  at: z.number(),
});
type ForwardNote = z.infer<typeof note>;

export const forwardNotes = openNotes<ForwardNote>('forwarding', note);

type Place = { readonly commonDir: string; readonly run: RunGit };

/** A checkout of a person, and how git is told that it works there. */
export const insideOf = async ({ run, commonDir }: Place, root: string): Promise<InsidePlace> => {
  const gitDir = (await run(['rev-parse', '--absolute-git-dir'], { cwd: root })).stdout.trim();
  return { cwd: root, env: { GIT_DIR: gitDir, GIT_COMMON_DIR: commonDir, GIT_WORK_TREE: root } };
};

/** So many looks tell that a git is at work which does more than look itself. */
const FEW_LOOKS = 4;

/** Waits for the git that outlived whoever ordered it; whether none is at work there any more. */
const isQuiet = async ({ cwd, env }: InsidePlace, mostLooks: number): Promise<boolean> => {
  const places = [cwd, env.GIT_COMMON_DIR];
  const lock = { path: `${env.GIT_DIR}/index.lock`, owner: process.getuid?.() ?? -1, places };
  for (let look = 1; ; look += 1) {
    const seen = await lockHolders(lock, STALE_LOCKS.proc);
    if (!seen || seen.size === 0) return true;
    if (look === mostLooks) return false;
    await pause(STALE_LOCKS.lookMs);
  }
};

/**
 * Whether the branch has moved since, which its log tells also where it is back by now: what lies there then is somebody's. A git
 * that dies over moving it leaves a lock.
 */
const wasMovedSince = async ({ commonDir }: Place, one: ForwardNote, locks: readonly string[]): Promise<boolean> => {
  const log = await stat(`${commonDir}/logs/${refOf(one.branch)}`).catch(() => undefined);
  return log !== undefined && log.mtimeMs > one.at && (await newLocks({ locks }, one)).length === 0;
};

const NOTHING: Undone = { wasPutBack: false, left: [] };

/**
 * Puts a checkout back that git was killed over, together with whoever had ordered it: what stands there as the commit to come has
 * it is ours, for nothing of that was in the way before. Null where it cannot be told yet whether git is still at
 * it: all stays as it is then. Where the branch is elsewhere by now somebody has gone on from there.
 */
export const settleForward = async (
  context: Place,
  { one, forget }: CutOff<ForwardNote>,
  { waits }: { readonly waits: boolean },
): Promise<Undone | null> => {
  const { commonDir, run } = context;
  const { root, branch, from, to } = one;
  const at = await insideOf(context, root);
  // One that is at work for so long, and holds no lock, is another one.
  if (!(await isQuiet(at, waits ? MOST_LOOKS : FEW_LOOKS)) && !waits) return null;
  const [tip, head] = await Promise.all([
    resolveWith(run, refOf(branch), { cwd: root }),
    headBranch(run, { cwd: root }),
  ]);
  const parts = { run, at, locks: locksOf({ gitDir: at.env.GIT_DIR, commonDir, branch }) };
  let undone = NOTHING;
  if (head === branch && (tip === from || tip === to) && !(await wasMovedSince(context, one, parts.locks))) {
    if ((await removeLeftLocks(parts, one)).length > 0) return null;
    if (tip === from) undone = await putAllBack(parts, one, one, false);
  }
  // It came to its end, and a power cut may have come before its files were on the disk.
  if (head === branch && tip === to) {
    await restoreEmptied(run, at);
    await syncFiles(run, at, one);
  }
  await forget();
  return undone;
};

/** Does so with all of them; one that is gone, or cannot be put back now, holds up no other. */
export const finishForwardsWith =
  (context: Place): Git['finishForwards'] =>
  async (how) => {
    const ended: Awaited<ReturnType<Git['finishForwards']>>[number][] = [];
    const settle = async (cut: CutOff<ForwardNote>): Promise<Undone & { readonly trouble: string | null }> => {
      try {
        return { ...((await settleForward(context, cut, how)) ?? NOTHING), trouble: null };
      } catch (error) {
        if (codeOf(error) !== 'process/no-folder') return { ...NOTHING, trouble: messageOf(error) };
        await cut.forget();
        return { ...NOTHING, trouble: null };
      }
    };
    for (const cut of await forwardNotes.all(context.commonDir)) {
      const { branch, root } = cut.one;
      const { wasPutBack, left, trouble } = await settle(cut);
      if (wasPutBack || left.length > 0 || trouble !== null) ended.push({ branch, root, left, trouble });
    }
    return ended;
  };
