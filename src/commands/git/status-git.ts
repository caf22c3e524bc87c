import { z } from 'zod';
import { valuesOf } from '../../lib/records.ts';
import { shellQuote } from '../../lib/text.ts';
import { saidOption } from '../../protocol/say.ts';
import { isMergeable, lacksReview, mergesBySaying, standingConflict } from '../../tasks/mergeable.ts';
import { plural } from '../../text/wording.ts';
import { type Context, defineCommand } from '../define.ts';
import { baseCommit } from '../instances/launch-facts.ts';
import { deliveryIn } from './delivery.ts';
import { foldersOf, INTEGRATION } from './worktree-rows.ts';

const dataSchema = z.object({
  base: z.object({ branch: z.string().nullable(), commit: z.string() }).describe('Where work starts'),
  integration: z
    .object({
      branch: z.string(),
      commit: z.string().nullable().describe('null while nothing was merged'),
      ahead: z.number().int().describe('Commits that the base branch has not'),
      behind: z.number().int(),
    })
    .describe('Where batches are merged into'),
  delivery: z
    .object({
      branch: z.string(),
      commits: z.number().int().describe('How many it lacks, merges among them'),
      own: z.number().int().describe('Its own that have to be brought into the integration branch before'),
      integration: z.string(),
      conflicts: z
        .array(z.string())
        .readonly()
        .optional()
        .describe('The files in which its own commits conflict with what is merged, where they do'),
      failed: z
        .object({ batch: z.string(), problem: z.string() })
        .optional()
        .describe('How the commit of that fails a gate by itself, and the batch that has judged it'),
      hindered: z.string().optional().describe('What keeps it from being brought forward, where something does'),
      takes_back: z
        .array(z.string())
        .readonly()
        .optional()
        .describe('Tasks whose work it has, and loses then: their batch was taken back'),
    })
    .nullable()
    .describe('The branch of yours that can be brought forward to what is merged'),
  checkout: z
    .object({ path: z.string(), branch: z.string().nullable(), dirty: z.number().int() })
    .describe('Your own; nothing is written there'),
  unmerged: z.array(z.string()).describe('Finished tasks that no batch has merged yet'),
  set_aside: z.array(z.string()).describe('Of those, the ones that a batch set aside'),
  worktrees: z.number().int(),
});

/** What brings commits in that conflict with what is merged: no command does. */
const clashText = (delivery: z.infer<typeof dataSchema>['delivery'], folder: string): string => {
  if (!delivery?.conflicts) return '';
  const { branch, integration, own, conflicts } = delivery;
  const where = conflicts.length === 0 ? '' : ` in ${conflicts.join(', ')}`;
  const line = ['git', '-C', folder, 'merge', branch].map(shellQuote).join(' ');
  return ` ${branch} has ${plural(own, 'commit')} that ${own === 1 ? 'conflicts' : 'conflict'} with ${integration}${where}: resolve that with "${line}", in a shell, then merge once more.`;
};

/** What keeps a branch where it is, and what brings it forward then. */
const hindranceText = (delivery: z.infer<typeof dataSchema>['delivery']): string => {
  if (delivery?.hindered === undefined) return '';
  const { branch, hindered } = delivery;
  return ` ${branch} stays where it is: ${hindered}; when that is out of the way: merge completed branches ${saidOption('to', branch)}`;
};

/** Why the next merge of all that is finished leaves a task out. */
const leftOutWhy = (
  { settings, store: { state } }: Pick<Context, 'settings' | 'store'>,
  id: string,
  isAside: boolean,
): string => {
  const task = state.tasks[id]!;
  if (lacksReview(state, task, settings.review === 'before-merge')) return 'not approved';
  if (isAside && standingConflict(state, task) !== undefined) return 'set aside';
  return 'built on what is not merged';
};

/** What the next merge of all that is finished takes, and what it leaves out, each with why. */
const waitingText = (
  context: Pick<Context, 'settings' | 'store'>,
  unmerged: readonly string[],
  aside: readonly string[],
): string => {
  if (unmerged.length === 0) return 'Nothing waits to be merged.';
  const taken = new Set(
    mergesBySaying(context.store.state, context.settings.review === 'before-merge').map(({ id }) => id),
  );
  const ids = unmerged.filter((id) => taken.has(id));
  const again = ids.filter((id) => aside.includes(id));
  const noted = again.length === 0 ? '' : ` (set aside before: ${again.join(', ')})`;
  const first = ids.length === 0 ? [] : [`${plural(ids.length, 'task')} to be merged: ${ids.join(', ')}${noted}.`];
  const left = unmerged.filter((id) => !taken.has(id));
  const whys = left.map((id) => `${id} (${leftOutWhy(context, id, aside.includes(id))})`);
  const rest =
    left.length === 0 ? [] : [`${plural(left.length, 'finished task')} left out of a merge: ${whys.join(', ')}.`];
  return [...first, ...rest].join(' ');
};

export const statusGit = defineCommand({
  verb: 'status',
  noun: 'git',
  summary: 'The repository: base and integration branch, what waits to be merged, your own checkout',
  example: 'status git',
  role: 'viewer',
  modifiers: [],
  later: { modifiers: ['health', 'visual'], parameters: ['timeout'] },
  target: 'none',
  reads: true,
  params: z.object({}),
  result: dataSchema,
  run: async (context) => {
    const { git, settings, store } = context;
    const { integration } = settings.branches;
    const [base, merged, checkout, branch, delivery, { ours }] = await Promise.all([
      baseCommit(context),
      git.resolve(`refs/heads/${integration}`),
      git.worktreeState(git.root),
      git.currentBranch(),
      deliveryIn(context),
      foldersOf(context),
    ]);
    const apart = merged === null ? { ahead: 0, behind: 0 } : await git.divergence(base, merged);
    const unmerged = valuesOf(store.state.tasks)
      .filter(isMergeable)
      .map((task) => task.id);
    const aside = new Set(
      Object.values(store.state.batches).flatMap((batch) => batch.set_aside.map((one) => one.task)),
    );
    const data: z.infer<typeof dataSchema> = {
      base: { branch: settings.branches.base ?? branch, commit: base },
      integration: { branch: integration, commit: merged, ...apart },
      delivery,
      checkout: { path: git.root, branch, dirty: checkout.dirty.length },
      unmerged,
      set_aside: unmerged.filter((id) => aside.has(id)),
      worktrees: ours.length,
    };
    const together = merged === null ? 'nothing is merged yet' : `+${apart.ahead} −${apart.behind} against it`;
    const own = data.checkout.dirty === 0 ? 'clean' : `${plural(data.checkout.dirty, 'path')} uncommitted`;
    const folder = ours.find(({ name }) => name === INTEGRATION)?.path ?? `${context.paths.worktrees}/${INTEGRATION}`;
    const waits = waitingText(context, unmerged, data.set_aside);
    return {
      message: `Base ${data.base.branch ?? 'HEAD'} at ${base.slice(0, 10)}; ${integration}: ${together}. ${waits} Your checkout is on ${branch ?? 'no branch'}, ${own}.${clashText(delivery, folder)}${hindranceText(delivery)}`,
      data,
    };
  },
});
