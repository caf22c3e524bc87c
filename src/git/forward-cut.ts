import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { codeOf } from '../lib/errors.ts';
import type { Git } from '../ports/index.ts';
import { lockHolders } from './lock-holders.ts';
import { locksOf, MOST_LOOKS } from './lock-in-the-way.ts';
import { type CutOff, openNotes } from './notes.ts';
import { refOf } from './parse.ts';
import { headBranch, resolveWith } from './refs.ts';
import type { InsidePlace, RunGit } from './run.ts';
import { STALE_LOCKS } from './stale-locks.ts';
import { putAllBack, removeLeftLocks } from './unfinished-files.ts';

/** A checkout of a person that is being brought forward, and what was there before. */
const note = z.object({
  root: z.string(),
  branch: z.string(),
  from: z.string(),
  to: z.string(),
  theirs: z.array(z.string()).readonly(),
  theirLocks: z.array(z.string()).readonly(),
});
type ForwardNote = z.infer<typeof note>;

export const forwardNotes = openNotes<ForwardNote>('forwarding', note);

type Place = { readonly commonDir: string; readonly run: RunGit };

/** A checkout of a person, and how git is told that it works there. */
export const insideOf = async ({ run, commonDir }: Place, root: string): Promise<InsidePlace> => {
  const gitDir = (await run(['rev-parse', '--absolute-git-dir'], { cwd: root })).stdout.trim();
  return { cwd: root, env: { GIT_DIR: gitDir, GIT_COMMON_DIR: commonDir, GIT_WORK_TREE: root } };
};

/** Waits for the git that outlived whoever ordered it. One that takes no lock for so long is another one. */
const untilQuiet = async ({ cwd, env }: InsidePlace): Promise<void> => {
  const places = [cwd, env.GIT_COMMON_DIR];
  const lock = { path: `${env.GIT_DIR}/index.lock`, owner: process.getuid?.() ?? -1, places };
  for (let look = 1; look <= MOST_LOOKS; look += 1) {
    const seen = await lockHolders(lock, STALE_LOCKS.proc);
    if (!seen || seen.size === 0) return;
    await pause(STALE_LOCKS.lookMs);
  }
};

/**
 * Puts a checkout back that git was killed over, together with whoever had ordered it: what stands there as the commit to come has
 * it is ours, for nothing of that was in the way before. What stays of it; null where somebody still holds a lock there, and all
 * of it stays for now. Where the branch is elsewhere by now somebody has gone on from there.
 */
export const settleForward = async (
  context: Place,
  { one, forget }: CutOff<ForwardNote>,
): Promise<readonly string[] | null> => {
  const { commonDir, run } = context;
  const { root, branch, from, to } = one;
  const at = await insideOf(context, root);
  await untilQuiet(at);
  const [tip, head] = await Promise.all([
    resolveWith(run, refOf(branch), { cwd: root }),
    headBranch(run, { cwd: root }),
  ]);
  let left: readonly string[] = [];
  if (head === branch && (tip === from || tip === to)) {
    const parts = { run, at, locks: locksOf({ gitDir: at.env.GIT_DIR, commonDir, branch }) };
    if ((await removeLeftLocks(parts, one)).length > 0) return null;
    if (tip === from) left = (await putAllBack(parts, one, one, false)).left;
  }
  await forget();
  return left;
};

/** Does so with all of them; one that is gone, or cannot be put back now, holds up no other. */
export const finishForwardsWith =
  (context: Place): Git['finishForwards'] =>
  async () => {
    const ended: { readonly branch: string; readonly root: string; readonly left: readonly string[] }[] = [];
    const failures: unknown[] = [];
    for (const cut of await forwardNotes.all(context.commonDir)) {
      const { branch, root } = cut.one;
      try {
        const left = await settleForward(context, cut);
        if (left !== null) ended.push({ branch, root, left });
      } catch (error) {
        if (codeOf(error) === 'process/no-folder') await cut.forget();
        else failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return ended;
  };
