import { isClash, MERGED_SIDE } from '../../state/conflicts.ts';
import type { State } from '../../state/index.ts';
import { approvalOf } from '../../state/reviews.ts';
import type { Task } from '../../state/tasks.ts';
import { conflictText } from '../../text/conflict-text.ts';
import { plural } from '../../text/wording.ts';
import { type ScreenState, withNote, withOverlays } from '../model/screen-state.ts';
import type { KeyContext, KeyResult } from './key.ts';
import { isMuch } from './merge-question.ts';

type Merges = readonly Pick<Task, 'id' | 'title'>[];

const MERGE_ALL = 'merge completed branches';

/** What becomes of work among these that will not go together, with what is known of it already. */
const foreseenText = ({ predicted }: Pick<State, 'predicted'>, merges: Merges): string => {
  const ids = new Set<string | null>(merges.map(({ id }) => id));
  const clashes = Object.values(predicted).filter(
    (one) => isClash(one) && one.tasks.every((task, n) => ids.has(task) || one.instances[n] === MERGED_SIDE),
  );
  const [first] = clashes;
  if (!first) return ' What does not merge is set aside.';
  const more = clashes.length === 1 ? '' : `, and ${plural(clashes.length - 1, 'more conflict')}`;
  return ` Foreseen: ${conflictText(first)}${more}; what does not merge is set aside.`;
};

/** How many of these nobody has approved; empty where somebody has approved each. */
const unseenText = ({ reviews, tasks }: State, merges: Merges): string => {
  const unseen = merges.filter(({ id }) => tasks[id] && approvalOf(reviews, tasks[id]) === null).length;
  if (unseen === 0) return '';
  if (unseen === merges.length) return ` None of the ${unseen} was reviewed.`;
  return ` ${unseen} of the ${merges.length} ${unseen === 1 ? 'was' : 'were'} not reviewed.`;
};

/** Asks before a command merges much at once, with the count; undefined where it merges few. */
export const askAboutMerge = (
  screen: ScreenState,
  { command, merges, state }: { readonly command: string; readonly merges: Merges; readonly state: State },
): ScreenState | undefined => {
  if (!isMuch(merges)) return undefined;
  const dialog = {
    title: `Merge ${merges.length} tasks?`,
    command,
    targets: merges.map(({ id, title }) => `${id} ${title}`),
    loses: `They go onto the integration branch, one batch that can be stopped and rolled back; your own branches stay as they are.${unseenText(state, merges)}${foreseenText(state, merges)}`,
    token: null,
    yes: false,
    interrupts: false,
  };
  return withOverlays(screen, { page: null, dialog });
};

type Context = Pick<KeyContext, 'state' | 'hint'>;

/** Merges all that this command takes; where that is much, it asks with the count first, and where it is nothing, says why. */
export const mergeBy = (screen: ScreenState, command: string, { state, hint }: Context): KeyResult => {
  const known = hint(command);
  if (known.kind === 'error') return { screen: withNote(screen, known.message) };
  const merges = known.kind === 'ok' ? known.merges : undefined;
  const asked = askAboutMerge(screen, { command, merges: merges ?? [], state });
  return asked ? { screen: asked } : { screen, effect: { kind: 'run', text: command } };
};

/** Merges all finished work. */
export const mergeAll = (screen: ScreenState, context: Context): KeyResult => mergeBy(screen, MERGE_ALL, context);
