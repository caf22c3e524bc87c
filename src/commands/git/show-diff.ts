import { z } from 'zod';
import { waysOn } from '../../attention/failure-help.ts';
import { deliveryStep } from '../../attention/steps.ts';
import { valuesOf } from '../../lib/records.ts';
import { shown } from '../../lib/text.ts';
import { saidId } from '../../protocol/say.ts';
import { isIntegrationThere } from '../../state/batches.ts';
import type { Run, Task } from '../../state/tasks.ts';
import { type DiffData, diffSchema } from '../../text/diff-data.ts';
import { drawPatch } from '../../text/patch-parts.ts';
import { type Suggestion, suggestionsSchema } from '../../text/suggestions.ts';
import { plural } from '../../text/wording.ts';
import { type Context, defineCommand, type Repository } from '../define.ts';
import { notFound } from '../errors.ts';
import { baseCommit } from '../instances/launch-facts.ts';
import { ownBaseOf } from '../reviews/reviewed.ts';
import { idsParam, requireOne } from '../selection.ts';
import { isActive } from '../../tasks/startable.ts';
import { deliveryIn } from './delivery.ts';
import { foldersOf } from './worktree-rows.ts';

/** Characters of a patch that are sent: some 5000 lines, more than a person reads on a screen. */
const PATCH_LIMIT = 400_000;

type Side = { readonly worktree: string } | { readonly commit: string };

/**
 * What a name means: an instance or a worktree with its files, a task at work with those of its instance, or a branch.
 */
const sideOf = async (
  context: Repository & Pick<Context, 'settings' | 'store'>,
  name: string,
): Promise<Side & { readonly of?: { readonly task: Task; readonly run: Run } }> => {
  const { git, store } = context;
  const { instances, tasks } = store.state;
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  const run = task?.run ?? task?.history.at(-1);
  const { ours } = await foldersOf(context);
  const folderOf = (instance: string) => ours.find((folder) => folder.name === instance);
  if (task && run) {
    const folder = folderOf(run.instance);
    // Where it has failed what its agent did not commit lies there still, as long as that has begun nothing else.
    const isThere = isActive(task) || (run.result === null && folder?.branch === run.branch);
    if (folder && isThere) return { worktree: folder.path, of: { task, run } };
    const commit = run.result?.head_commit ?? (await git.resolve(`refs/heads/${run.branch}`));
    if (commit !== null) return { commit, of: { task, run } };
  }
  const worktree = folderOf(name)?.path;
  if (worktree !== undefined) return { worktree };
  const commit = await git.resolve(`refs/heads/${name}`);
  if (commit !== null) return { commit };
  const known = [...Object.keys(instances), ...valuesOf(tasks).flatMap(({ id, run: has }) => (has ? [id] : []))];
  throw notFound({ noun: 'task with a run, instance or branch', id: name, known });
};

const commitOf = async ({ git }: Pick<Context, 'git'>, side: Side): Promise<{ to: string; uncommitted: boolean }> => {
  if ('commit' in side) return { to: side.commit, uncommitted: false };
  const { head } = await git.worktreeState(side.worktree);
  const kept = await git.snapshot(side.worktree, 'Look at uncommitted work');
  return { to: kept ?? head, uncommitted: kept !== null };
};

const shownSchema = diffSchema.extend({ suggestions: suggestionsSchema });

/** The ways to go on with a failed task for somebody who has seen by now what it changed. */
const suggestionsFor = (task: Task | undefined): Suggestion[] =>
  task?.state === 'failed' ? waysOn(task).filter(({ command }) => command !== `show diff ${saidId(task.id)}`) : [];

/** How to bring what is merged to the branch of the person for somebody who has looked at all of it. */
const deliveryFor = async (
  context: Pick<Context, 'git' | 'settings' | 'store'>,
  name: string,
): Promise<Suggestion[]> => {
  const { settings, store } = context;
  if (name !== settings.branches.integration || !isIntegrationThere(store.state)) return [];
  const step = deliveryStep(store.state, { delivery: await deliveryIn(context) });
  return step === null ? [] : [{ command: step.command, what: step.why }];
};

export const showDiff = defineCommand({
  verb: 'show',
  noun: 'diff',
  summary: 'What an instance, a task or a branch has changed, uncommitted work included',
  example: 'show diff rehearsal-1',
  role: 'viewer',
  modifiers: [],
  target: 'required',
  one: 'task, instance or branch',
  reads: true,
  params: z.object({ id: idsParam.describe('A task, an instance or a branch') }),
  result: shownSchema,
  run: async (context, { id }) => {
    const name = requireOne(id, 'task, instance or branch');
    const side = await sideOf(context, name);
    const { to, uncommitted } = await commitOf(context, side);
    const { state } = context.store;
    const from = side.of ? await ownBaseOf(context, state, { ...side.of, head: to }) : await baseCommit(context);
    const { files, patch } = await context.git.diff(from, to);
    const sum = (of: 'insertions' | 'deletions'): number => files.reduce((all, file) => all + (file[of] ?? 0), 0);
    const message =
      files.length === 0
        ? `${name} has changed nothing.`
        : `${name}: ${plural(files.length, 'file')}, +${sum('insertions')} −${sum('deletions')}${uncommitted ? ', not all committed' : ''}.`;
    const cut = patch.length > PATCH_LIMIT;
    return {
      message,
      data: {
        ...{ id: name, from, to, uncommitted, files: [...files], patch: patch.slice(0, PATCH_LIMIT), cut },
        suggestions: [...suggestionsFor(side.of?.task), ...(await deliveryFor(context, name))],
      },
    };
  },
  draw: ({ patch, cut, id }: DiffData, { color }) => {
    if (patch === '') return `${id} has changed nothing.`;
    return `${drawPatch(shown(patch.trimEnd()), color)}${cut ? '\n… the rest is left out' : ''}`;
  },
});
