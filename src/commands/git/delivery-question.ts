import { mostOf } from '../../lib/names.ts';
import { saidId } from '../../protocol/say.ts';
import type { State } from '../../state/index.ts';
import { approvalOf } from '../../state/reviews.ts';
import type { Task } from '../../state/tasks.ts';
import { prerequisitesOf } from '../../tasks/gates.ts';
import { isMergeable } from '../../tasks/mergeable.ts';
import { mergedBy } from '../../tasks/taken-work.ts';
import { plural } from '../../text/wording.ts';
import type { Context, Loss } from '../define.ts';
import { baseCommit } from '../instances/launch-facts.ts';
import { type Choice, chooseMerges, foretoldAlongTexts, nothingToMerge } from './choose-merges.ts';
import { canCatchUp, takenBack } from './delivery.ts';

/** A branch of a person, and where it is. */
export type Place = { readonly name: string; readonly at: string };

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
    found.push(...mergedBy({ tasks }, batch));
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
  const before = catchesUp ? ` To bring them in before: sync branch ${saidId(integration)}` : '';
  return ` It has commits that ${integration} has not: unless the merges bring them, it stays where it is.${before}`;
};

/** What keeps a branch of a person where it is, as things are; null where nothing does, or the merges may change it. */
const hindranceOf = async ({ git }: Context, to: Place, tip: string | null): Promise<string | null> =>
  tip !== null && tip !== to.at && (await git.isAncestor(to.at, tip)) ? git.forwardTrouble(to.name, to.at, tip) : null;

/** How a branch of a person comes forward, what it loses with that, and what may keep it where it is. */
type Prospect = {
  readonly forward: string;
  readonly told: string;
  readonly hindrance: string | null;
  readonly coming: readonly Task[];
};

/** What becomes of a branch of a person after these merges; null where it has all that is merged, and none of them is left. */
const prospectOf = async (context: Context, merges: readonly Task[], to: Place): Promise<Prospect | null> => {
  const { git, settings, store } = context;
  const tip = await git.resolve(`refs/heads/${settings.branches.integration}`);
  if (merges.length === 0 && to.at === (tip ?? (await baseCommit(context)))) return null;
  const coming = withBuiltOn(store.state, [...(await notDelivered(context, store.state, to)), ...merges]);
  const back = tip === null ? [] : await takenBack(context, { own: to.at, merged: tip });
  const taking = back.length === 0 ? '' : ` It takes back ${mostOf(back, MOST_NAMED)}, whose work ${to.name} has.`;
  const own = await ownText(context, to, tip);
  const hindrance = await hindranceOf(context, to, tip);
  const stays = hindrance === null ? '' : ` As things are ${to.name} stays where it is: ${hindrance}.`;
  return {
    forward: `forward from ${to.at.slice(0, 10)} to what is merged`,
    told: `${taking}${unseenText(store.state, coming, to)}${own}${stays}`,
    ...{ hindrance, coming },
  };
};

/** What is asked before a branch of a person is brought forward; refuses as the merge does where there is nothing to bring. */
export const deliveryLoss = async (context: Context, choice: Choice, to: Place): Promise<Loss> => {
  const { state } = context.store;
  const merges = chooseMerges(state, choice);
  const prospect = await prospectOf(context, merges, to);
  if (prospect === null) throw nothingToMerge(state, choice, to.name);
  const ids = merges.map(({ id }) => id);
  const first =
    ids.length === 0
      ? 'This'
      : `This merges ${ids.length === 1 ? '' : 'up to '}${plural(ids.length, 'task')} (${mostOf(ids, MOST_NAMED)}) and then`;
  const along = foretoldAlongTexts(state, merges)
    .map((text) => ` ${text}`)
    .join('');
  const { forward, told, coming } = prospect;
  const loses = `${first} brings your branch ${to.name} ${forward}; where it is checked out its files change with it.${along}${told}`;
  // The sentence names the branch; where no task comes along it is all that there is to be listed.
  const targets = coming.length === 0 ? [to.name] : coming.map(({ id, title }) => `${id} ${title}`);
  return { targets, loses, asOf: [to.at, ...ids].join(' ') };
};

/** What a dry run says of the branch that is to be brought forward; undefined where it has all that is merged. */
export const deliveryPreview = async (context: Context, merges: readonly Task[], to: Place) => {
  const prospect = await prospectOf(context, merges, to);
  if (prospect === null) return undefined;
  const { forward, told, hindrance: problem } = prospect;
  return { branch: to.name, problem, message: `Then ${to.name} would be brought ${forward}.${told}` };
};
