import { MERGED_SIDE } from '../../state/conflicts.ts';
import type { State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { conflictText } from '../../text/conflict-text.ts';
import { plural } from '../../text/wording.ts';
import { isClash } from '../model/conflict-marks.ts';
import { type ScreenState, withNote, withOverlays } from '../model/screen-state.ts';
import type { KeyContext, KeyResult } from './key.ts';

type Merges = readonly Pick<Task, 'id' | 'title'>[];

const MERGE_ALL = 'merge completed branches';
/** More tasks than these are not merged without a question. */
const FEW = 3;

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

/** Asks before a command merges much at once, with the count; undefined where it merges few. */
export const askAboutMerge = (
  screen: ScreenState,
  { command, merges, state }: { readonly command: string; readonly merges: Merges; readonly state: State },
): ScreenState | undefined => {
  if (merges.length <= FEW) return undefined;
  const dialog = {
    title: `Merge ${merges.length} tasks?`,
    command,
    targets: merges.map(({ id, title }) => `${id} ${title}`),
    loses: `They go onto the integration branch, one batch that can be stopped and rolled back; your own branches stay as they are.${foreseenText(state, merges)}`,
    token: null,
    yes: false,
    interrupts: false,
  };
  return withOverlays(screen, { page: null, dialog });
};

/** Merges all that the command takes; where that is much, it asks with the count first, and where it is nothing, says why. */
export const mergeAll = (screen: ScreenState, { state, hint }: Pick<KeyContext, 'state' | 'hint'>): KeyResult => {
  const known = hint(MERGE_ALL);
  if (known.kind === 'error') return { screen: withNote(screen, known.message) };
  const merges = known.kind === 'ok' ? known.merges : undefined;
  const asked = askAboutMerge(screen, { command: MERGE_ALL, merges: merges ?? [], state });
  return asked ? { screen: asked } : { screen, effect: { kind: 'run', text: MERGE_ALL } };
};
