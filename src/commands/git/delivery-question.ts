import { mostOf } from '../../lib/names.ts';
import { quote } from '../../protocol/lex.ts';
import { approvalOf } from '../../state/reviews.ts';
import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { prerequisitesOf } from '../../tasks/gates.ts';
import { isMergeable } from '../../tasks/mergeable.ts';
import { plural } from '../../text/wording.ts';
import type { Context, Loss } from '../define.ts';
import { baseCommit } from '../instances/launch-facts.ts';
import { type Choice, chooseMerges, nothingToMerge } from './choose-merges.ts';
import { canCatchUp, takenBack } from './delivery.ts';

type Place = { readonly name: string; readonly at: string };

/** So many tasks are named before the others are only counted. */
const MOST_NAMED = 6;

/** The tasks that are merged and not in a branch yet: those of the batches after the last one that it has. */
const notDelivered = async (
  { git }: Pick<Context, 'git'>,
  { batches, tasks }: State,
  to: Place,
): Promise<readonly Task[]> => {
  const found: Task[] = [];
  for (const batch of Object.values(batches).toReversed()) {
    if (batch.merged.length === 0 || batch.state === 'rolled-back') continue;
    if (await git.isAncestor(batch.head_commit, to.at)) break;
    found.push(...batch.merged.flatMap(({ task }) => (tasks[task]?.batch === batch.id ? [tasks[task]] : [])));
  }
  return found;
};

/** These tasks with those that they are built on, also through others, which are not merged: their work comes along. */
const withBuiltOn = ({ tasks }: State, coming: readonly Task[]): readonly Task[] => {
  const all = new Set(coming);
  // A set that grows is gone through to its last.
  for (const task of all)
    for (const id of prerequisitesOf(task, tasks)) {
      const before = Object.hasOwn(tasks, id) ? tasks[id] : undefined;
      if (before && isMergeable(before)) all.add(before);
    }
  return [...all];
};

/** How many of the tasks that come to a branch nobody has approved; empty where somebody has approved each. */
const unseenText = ({ reviews }: State, coming: readonly Task[], { name }: Place): string => {
  const unseen = coming.filter((task) => approvalOf(reviews, task) === null).length;
  if (unseen === 0) return '';
  const of = unseen === coming.length ? '' : ` of the ${coming.length}`;
  return ` ${unseen === coming.length ? plural(unseen, 'task') : `${unseen}${of} tasks`} that ${coming.length === 1 ? 'comes' : 'come'} to ${name} ${unseen === 1 ? 'was' : 'were'} not reviewed.`;
};

/** What is to be known of the commits that a branch has and the integration branch has not. */
const ownText = async (context: Context, to: Place, tip: string | null): Promise<string> => {
  const { integration } = context.settings.branches;
  if (tip === null || (await context.git.isAncestor(to.at, tip))) return '';
  const catchesUp = await canCatchUp(context, { branch: to.name, own: to.at, merged: tip });
  const before = catchesUp ? ` To bring them in before: sync branch ${quote(integration)}` : '';
  return ` It has commits that ${integration} has not: unless the merges bring them, it stays where it is.${before}`;
};

/** What is asked before a branch of a person is brought forward; refuses as the merge does where there is nothing to bring. */
export const deliveryLoss = async (context: Context, choice: Choice, to: Place): Promise<Loss> => {
  const { git, settings, store } = context;
  const { state } = store;
  const merges = chooseMerges(state, choice);
  const tip = await git.resolve(`refs/heads/${settings.branches.integration}`);
  if (merges.length === 0 && to.at === (tip ?? (await baseCommit(context)))) throw nothingToMerge(state, choice);
  const ids = merges.map(({ id }) => id);
  const first =
    ids.length === 0
      ? 'This'
      : `This merges ${ids.length === 1 ? '' : 'up to '}${plural(ids.length, 'task')} (${mostOf(ids, MOST_NAMED)}) and then`;
  const coming = withBuiltOn(state, [...(await notDelivered(context, state, to)), ...merges]);
  const unseen = unseenText(state, coming, to);
  const own = await ownText(context, to, tip);
  const back = tip === null ? [] : await takenBack(context, { own: to.at, merged: tip });
  const taking = back.length === 0 ? '' : ` It takes back ${mostOf(back, MOST_NAMED)}, whose work ${to.name} has.`;
  const loses = `${first} brings your branch ${to.name} forward from ${to.at.slice(0, 10)} to what is merged; where it is checked out its files change with it.${taking}${unseen}${own}`;
  // The sentence names the branch; where no task comes along it is all that there is to be listed.
  const targets = coming.length === 0 ? [to.name] : coming.map(({ id, title }) => `${id} ${title}`);
  return { targets, loses, asOf: [to.at, ...ids].join(' ') };
};
