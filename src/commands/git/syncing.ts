import { z } from 'zod';
import { valuesOf } from '../../lib/records.ts';
import { denied } from '../../protocol/errors.ts';
import { ROLES } from '../../protocol/signature.ts';
import type { State } from '../../state/index.ts';
import { runsOf } from '../../state/runs.ts';
import type { Settings } from '../../state/settings.ts';
import { type SyncResult, syncResultSchema } from '../../state/sync.ts';
import { drawTable, type Tone } from '../../text/table.ts';
import type { Context, Foreseen, Loss, Outcome, Standing } from '../define.ts';
import { noUpstream, pushBehind } from '../errors.ts';
import { baseCommit } from '../instances/launch-facts.ts';
import { type Folder, foldersOf } from './worktree-rows.ts';

export const directionParam = z
  .enum(['base', 'down', 'upstream', 'up', 'both'])
  .default('base')
  .describe('base: from what is here; upstream or down: fetch first; up: push and nothing else; both: all of that');
type Direction = z.infer<typeof directionParam>;

export const SYNC_MODIFIERS = ['rebase', 'merge', 'dry-run'];

const pushedSchema = z.object({ branch: z.string(), remote: z.string(), commit: z.string() });

export const syncDataSchema = z.object({
  results: z.array(syncResultSchema).describe('Each worktree, or branch, and what became of it'),
  fetched: z
    .object({ remote: z.string(), branch: z.string(), commit: z.string() })
    .nullable()
    .describe('What was fetched first; null where nothing was'),
  pushed: z.array(pushedSchema),
});
type Data = z.infer<typeof syncDataSchema>;

/** What is brought up to date: a worktree, or a branch that none has checked out. */
export type SyncTarget = { readonly folder: Folder | null; readonly branch: string | null };

const short = (commit: string): string => commit.slice(0, 10);

const nameOf = ({ worktree, branch }: SyncResult): string => worktree ?? branch ?? '?';

/** The branch that work starts from, which is what goes with a branch of another repository. */
const baseBranch = async ({ git, settings }: Context): Promise<string> => {
  const branch = settings.branches.base ?? (await git.currentBranch());
  if (branch === null) throw noUpstream({ branch: 'HEAD' });
  return branch;
};

const fetchBase = async (context: Context): Promise<NonNullable<Data['fetched']>> => {
  const branch = await baseBranch(context);
  const upstream = await context.git.upstreamOf(branch);
  const commit = upstream && (await context.git.fetchBranch(upstream));
  if (!upstream || !commit) throw noUpstream({ branch });
  return { remote: upstream.remote, branch: upstream.tracking.replace(/^refs\/remotes\//u, ''), commit };
};

/** To move the branch that batches are merged into takes the role that merging takes. */
const assertMayMerge = ({ actor, settings }: Context, targets: readonly SyncTarget[]): void => {
  const { integration } = settings.branches;
  if (ROLES.indexOf(actor.role) >= ROLES.indexOf('integrator')) return;
  if (targets.some(({ branch }) => branch === integration))
    throw denied({ actor: actor.name, command: `sync branch ${integration}`, needs: 'It takes the role integrator.' });
};

const bringIn = async (
  context: Context,
  targets: readonly SyncTarget[],
  modifiers: readonly string[],
  fetched: Data['fetched'],
): Promise<SyncResult[]> => {
  const { git, settings } = context;
  assertMayMerge(context, targets);
  const integration = await git.resolve(`refs/heads/${settings.branches.integration}`);
  const all = [integration, await baseCommit(context), fetched?.commit];
  const sources = [...new Set(all.flatMap((commit) => commit ?? []))];
  const said = modifiers.includes('rebase') ? 'rebase' : modifiers.includes('merge') ? 'merge' : undefined;
  const method = said ?? settings.sync.method;
  const results: SyncResult[] = [];
  for (const { folder, branch } of targets) {
    const worktree = folder && { name: folder.name, path: folder.path };
    const dryRun = modifiers.includes('dry-run');
    const isIntegration = branch === settings.branches.integration;
    const others = isIntegration ? sources.filter((commit) => commit !== integration) : [];
    const from = others.length > 0 ? others : sources;
    const how = isIntegration ? (said ?? 'merge') : method;
    results.push(await context.syncWorktree({ worktree, branch, sources: from, method: how, dryRun }));
  }
  return results;
};

/** The branches that the swarm has by its records. */
const knownBranches = ({ instances, tasks }: State, { branches: { integration, base } }: Settings) =>
  new Set([
    ...[integration, base],
    ...valuesOf(instances).map(({ branch_name }) => branch_name),
    ...valuesOf(tasks).flatMap((task) => runsOf(task).map(({ branch }) => branch)),
  ]);

/** The branches of these that are a person's own: no worktree, no instance and no run of the swarm has them. */
const personsBranches = async (context: Context, branches: readonly string[]): Promise<readonly string[]> => {
  const { ours } = await foldersOf(context);
  const known = knownBranches(context.store.state, context.settings);
  return branches.filter((branch) => !known.has(branch) && ours.every((one) => one.branch !== branch));
};

const isPush = (direction: Direction): boolean => direction === 'up' || direction === 'both';

type Said = { readonly direction: Direction; readonly modifiers: readonly string[] };

/** Whether something will be published, which is asked about. */
export const foreseesPush = ({ direction, modifiers }: Said): Foreseen | undefined =>
  isPush(direction) && !modifiers.includes('dry-run') ? 'asks' : undefined;

/** Whether these branches are asked about; whose a branch is that no record knows is only seen when it is looked for. */
export const foreseesNamed = (
  { state, settings }: Standing,
  branches: readonly string[],
  said: Said,
): Foreseen | undefined => {
  const pushed = foreseesPush(said);
  if (pushed !== undefined || said.direction === 'up' || said.modifiers.includes('dry-run')) return pushed;
  const known = knownBranches(state, settings);
  return branches.some((branch) => !known.has(branch)) ? 'may ask' : undefined;
};

/** What is published, asked before it is; undefined where nothing is. */
export const pushLoss = async (
  { actor, git }: Context,
  branches: readonly string[],
  { direction, modifiers }: Said,
): Promise<Loss | undefined> => {
  if (!isPush(direction) || modifiers.includes('dry-run')) return undefined;
  if (ROLES.indexOf(actor.role) < ROLES.indexOf('integrator'))
    throw denied({ actor: actor.name, command: 'sync … push', needs: 'It takes the role integrator.' });
  const commits = await Promise.all(branches.map((branch) => git.resolve(`refs/heads/${branch}`)));
  const named = branches.flatMap((branch, at) => (commits[at] ? [`${branch} at ${short(commits[at])}`] : []));
  return {
    targets: branches,
    loses: `This publishes ${named.join(', ') || 'nothing'}, for all who may read the remote repository.`,
    asOf: commits.join(' '),
  };
};

/** What comes onto branches of a person, asked before it does; undefined where no such branch moves. */
const bringLoss = async (
  context: Context,
  branches: readonly string[],
  { direction, modifiers }: Said,
): Promise<Loss | undefined> => {
  if (direction === 'up' || modifiers.includes('dry-run')) return undefined;
  const { git, settings } = context;
  const own = await personsBranches(context, branches);
  const found = await Promise.all(
    own.map(async (branch) => ({ branch, commit: await git.resolve(`refs/heads/${branch}`) })),
  );
  const there = found.flatMap(({ branch, commit }) => (commit === null ? [] : [{ branch, commit }]));
  if (there.length === 0) return undefined;
  const { integration } = settings.branches;
  const [merged, base] = [await git.resolve(`refs/heads/${integration}`), await baseBranch(context)];
  const what = merged === null ? `what ${base} has` : `what is merged on ${integration}, and what ${base} has,`;
  const named = there.map(({ branch, commit }) => `${branch} at ${short(commit)}`).join(', ');
  return {
    targets: there.map(({ branch }) => branch),
    loses: `This brings ${what} into ${there.length === 1 ? 'your branch' : 'your branches'} ${named}.`,
    asOf: [...there.map(({ commit }) => commit), merged].join(' '),
  };
};

/** What becomes of branches that are named one by one: those of a person are asked about, and what is published is. */
export const namedLoss = async (
  context: Context,
  branches: readonly string[],
  said: Said,
): Promise<Loss | undefined> => {
  const losses = [await bringLoss(context, branches, said), await pushLoss(context, branches, said)];
  const [first, second] = losses.flatMap((loss) => loss ?? []);
  if (!first || !second) return first;
  const targets = [...new Set([...first.targets, ...second.targets])];
  return { targets, loses: `${first.loses} ${second.loses}`, asOf: `${first.asOf} ${second.asOf}` };
};

const push = async ({ git }: Context, branch: string): Promise<z.infer<typeof pushedSchema>[]> => {
  const [upstream, commit] = [await git.upstreamOf(branch), await git.resolve(`refs/heads/${branch}`)];
  if (!upstream || commit === null) throw noUpstream({ branch });
  const { remote } = upstream;
  const expected = await git.fetchBranch(upstream);
  if (expected === commit) return [];
  if (expected !== null && !(await git.isAncestor(expected, commit))) throw pushBehind({ branch, remote });
  await git.pushBranch(upstream, { commit, expected });
  return [{ branch, remote, commit }];
};

const sentences = ({ results, fetched, pushed }: Data, dryRun: boolean): string => {
  const of = (status: SyncResult['status']) => results.filter((one) => one.status === status);
  const list = (some: readonly SyncResult[], why: (one: SyncResult) => string | null = () => null) =>
    some.map((one) => `${nameOf(one)}${why(one) === null ? '' : ` (${why(one)})`}`).join(', ');
  const [updated, current, skipped, conflict] = [of('updated'), of('current'), of('skipped'), of('conflict')];
  const parts = [
    ...(fetched ? [`Fetched ${fetched.branch} at ${short(fetched.commit)}.`] : []),
    ...(updated.length > 0
      ? [`${dryRun ? 'Would be brought' : 'Brought'} up to date: ${list(updated, (one) => `+${one.applied}`)}.`]
      : []),
    ...(current.length > 0 ? [`Nothing was missing in ${list(current)}.`] : []),
    ...(skipped.length > 0 ? [`Skipped: ${list(skipped, (one) => one.reason)}.`] : []),
    ...(conflict.length > 0
      ? [
          `Conflict, nothing was changed: ${list(conflict, (one) => one.conflicts.join(', ') || 'unrelated histories')}.`,
        ]
      : []),
    ...pushed.map((one) => `Pushed ${one.branch} at ${short(one.commit)} to ${one.remote}.`),
  ];
  return parts.join(' ');
};

/** Fetches, brings up to date and pushes, as far as the direction says so. */
export const syncAll = async (
  context: Context,
  said: {
    readonly targets: readonly SyncTarget[];
    readonly direction: Direction;
    readonly modifiers: readonly string[];
    readonly pushes: readonly string[];
    /** Whether the targets were named one by one: then it is bad news that one was skipped. */
    readonly named: boolean;
  },
): Promise<Outcome> => {
  const { targets, direction, modifiers, pushes, named } = said;
  const dryRun = modifiers.includes('dry-run');
  const fetched = ['base', 'up'].includes(direction) ? null : await fetchBase(context);
  const results = direction === 'up' ? [] : await bringIn(context, targets, modifiers, fetched);
  const pushed: Data['pushed'] = [];
  if (isPush(direction) && !dryRun) for (const branch of pushes) pushed.push(...(await push(context, branch)));
  const data = { results, fetched, pushed };
  const is = (status: SyncResult['status']) => results.some((one) => one.status === status);
  const idle =
    direction === 'up' ? `Nothing new to push: ${pushes.join(', ')}.` : 'There is no worktree to bring up to date.';
  const sideEffects = [
    ...results.flatMap(({ status, branch, to }) =>
      status === 'updated' && !dryRun ? [`${branch} moved to ${short(to)}`] : [],
    ),
    ...pushed.map(({ branch, remote }) => `${branch} pushed to ${remote}`),
  ];
  const message = sentences(data, dryRun) || idle;
  return { message, data, sideEffects, ...(is('conflict') || (named && is('skipped')) ? { exit: 6 } : {}) };
};

const TONES: Readonly<Record<SyncResult['status'], Tone>> = {
  updated: 'good',
  current: 'dim',
  skipped: 'busy',
  conflict: 'bad',
};

export const drawSync = ({ results }: Data, view: Parameters<typeof drawTable>[1], message: string): string => {
  if (results.length === 0) return message;
  const rows = results.map((one) => [
    { text: nameOf(one) },
    { text: one.status, tone: TONES[one.status] },
    { text: one.branch ?? '-' },
    { text: one.applied === 0 ? '-' : `+${one.applied}` },
    { text: one.status === 'skipped' ? '-' : `${one.ahead} ahead, ${one.behind} behind` },
    { text: one.reason ?? one.conflicts.join(', ') },
  ]);
  return drawTable(
    { head: ['worktree', 'status', 'branch', 'brought in', 'against the base', ''], rows, empty: '' },
    view,
  );
};
