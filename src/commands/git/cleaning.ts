import { parseDuration } from '../../lib/duration.ts';
import { messageOf } from '../../lib/errors.ts';
import type { WorktreeRow } from '../../text/worktree-row.ts';
import { plural } from '../../text/wording.ts';
import type { Context } from '../define.ts';
import { baseCommit } from '../instances/launch-facts.ts';
import { isActive } from '../../tasks/startable.ts';
import { folderNamed, foldersOf, INTEGRATION, lookInto } from './worktree-rows.ts';
import { halfDone, holdOn, workIn } from './worktree-use.ts';

/** A worktree that may go, and why. */
export type Going = {
  readonly name: string;
  readonly path: string;
  readonly why: string;
  readonly bytes: number | null;
};
export type Kept = { readonly name: string; readonly why: string };

/** What would be cleaned up, and what stays. */
export type Cleaning = { readonly going: readonly Going[]; readonly kept: readonly Kept[] };

type Wish = {
  /** Only these, by their names. */
  readonly names?: readonly string[] | undefined;
  /** Only those whose instance is not there any more. */
  readonly stale: boolean;
  /** Only those in which nothing happened for so long, in milliseconds. */
  readonly olderMs?: number | undefined;
};

type Folders = Awaited<ReturnType<typeof foldersOf>>['ours'];
type Looked = {
  readonly folder: Folders[number];
  readonly row: WorktreeRow;
  /** Whether all that was committed there is in the base branch or the one that batches are merged into. */
  readonly isMerged: boolean;
};

/** A person’s own worktree that nothing says is done with stays so long after something was done in it. */
const OWN_REST = '24h';

/** The worktree of an instance that is not recorded any more: only those of instances end with a number. */
const isStale = ({ row }: Looked): boolean => row.kind === 'own' && /-\d+$/u.test(row.name);

const mergeTargets = async ({ git, settings }: Pick<Context, 'git' | 'settings'>): Promise<readonly string[]> => {
  const integration = await git.resolve(`refs/heads/${settings.branches.integration}`);
  return [await baseCommit({ git, settings }), ...(integration === null ? [] : [integration])];
};

/** What an instance still has to do where it is not there just now. */
const plansOf = ({ store }: Pick<Context, 'store'>, name: string): string | undefined => {
  const { instances, tasks } = store.state;
  const instance = Object.hasOwn(instances, name) ? instances[name] : undefined;
  if (!instance) return undefined;
  const next = instance.task_assignments.find((id) => tasks[id] && isActive(tasks[id]));
  if (next !== undefined) return `${name} still has ${next} to do`;
  return instance.recovery?.next ? `${name} is to be started again` : undefined;
};

/** When something happened last in a worktree. */
const restsSince = ({ store }: Pick<Context, 'store'>, { name, touchedAt }: Folders[number]): number => {
  const { instances } = store.state;
  const since = Object.hasOwn(instances, name) ? instances[name]?.state.since : undefined;
  return Math.max(touchedAt, since === undefined ? 0 : Date.parse(since));
};

const youngText = (context: Pick<Context, 'store' | 'now'>, one: Looked, olderMs: number | undefined) => {
  const isOwn = one.row.kind === 'own' && !isStale(one);
  const rest = olderMs ?? (isOwn ? parseDuration(OWN_REST)! : 0);
  if (Date.parse(context.now()) - restsSince(context, one.folder) >= rest) return undefined;
  return olderMs === undefined ? `it is your own, and used within the last ${OWN_REST}` : 'it was used since then';
};

/** Why a worktree stays; undefined when nothing speaks for it. */
const whyKept = async (
  context: Pick<Context, 'git' | 'livingIn' | 'store' | 'now'>,
  one: Looked,
  olderMs: number | undefined,
): Promise<string | undefined> => {
  const { row, folder } = one;
  if (row.kind === 'integration') return 'batches are put together there';
  const busy = workIn(context.store.state, row.name)?.by ?? plansOf(context, row.name);
  if (busy !== undefined) return busy;
  if (row.instance_state === 'lost') return `the session of ${row.name} is lost: restart or stop it first`;
  const half = await halfDone(context, folder);
  if (half) return half.by;
  if (row.dirty > 0) return `${plural(row.dirty, 'path')} with uncommitted work`;
  if (!one.isMerged) return `${plural(row.ahead, 'commit')} that are merged nowhere`;
  return youngText(context, one, olderMs) ?? (await holdOn(context, folder))?.by;
};

const whyGoing = (one: Looked): string => {
  if (isStale(one)) return 'its instance is gone';
  return one.row.task === null ? 'nothing is left to merge' : `${one.row.task} is merged`;
};

const lookAt = async (context: Context, folder: Folders[number], targets: readonly string[]): Promise<Looked> => {
  const { row } = await lookInto(context, folder, targets[0]!);
  const merged = await Promise.all(targets.map((target) => context.git.isAncestor(row.commit, target)));
  return { folder, row, isMerged: merged.includes(true) };
};

/** Finds out which worktrees nothing and nobody needs any more: clean, merged, unlocked, and nobody in them. */
export const findCleaning = async (context: Context, { names, stale, olderMs }: Wish): Promise<Cleaning> => {
  const { ours } = await foldersOf(context);
  const meant = names ? [...new Set(names)].map((name) => folderNamed(ours, name) as Folders[number]) : ours;
  const targets = await mergeTargets(context);
  const going: Going[] = [];
  const kept: Kept[] = [];
  for (const folder of meant) {
    if (folder.name === INTEGRATION && !names) continue;
    const one = await lookAt(context, folder, targets).catch((error: unknown) => {
      if (names) throw error;
      return messageOf(error);
    });
    if (typeof one === 'string') {
      kept.push({ name: folder.name, why: one });
      continue;
    }
    if (stale && !isStale(one)) continue;
    const why = await whyKept(context, one, olderMs);
    const { name, path } = folder;
    if (why === undefined) going.push({ name, path, why: whyGoing(one), bytes: await context.sizeOf(folder) });
    else kept.push({ name, why });
  }
  return { going, kept };
};
