import { unmergedTasks } from '../../attention/finished-work.ts';
import { type ScreenState, withNote, withOverlays } from '../model/screen-state.ts';
import type { KeyContext, KeyResult } from './key.ts';

const MERGE_ALL = 'merge completed branches';
/** More tasks than these are not merged without a question. */
const FEW = 3;

/** Asks before a command merges much at once, with the count; undefined where it merges few. */
export const askAboutMerge = (
  screen: ScreenState,
  command: string,
  merges: readonly string[],
): ScreenState | undefined => {
  if (merges.length <= FEW) return undefined;
  const dialog = {
    title: `Merge ${merges.length} tasks?`,
    command,
    targets: merges,
    loses:
      'They go onto the integration branch, one batch that can be stopped and rolled back; your own branches stay as they are.',
    token: null,
    yes: false,
    interrupts: false,
  };
  return withOverlays(screen, { page: null, dialog });
};

/** Merges all that the command takes; where that is much, it asks with the count first. */
export const mergeAll = (screen: ScreenState, { state, hint }: Pick<KeyContext, 'state' | 'hint'>): KeyResult => {
  const known = hint(MERGE_ALL);
  const merges = known.kind === 'ok' ? known.merges : undefined;
  if (merges?.length === 0) {
    const unseen = unmergedTasks(state).length;
    const waits = unseen === 0 ? '' : `; ${unseen} to review first`;
    return { screen: withNote(screen, `nothing waits to be merged${waits}`) };
  }
  const asked = askAboutMerge(screen, MERGE_ALL, merges ?? []);
  return asked ? { screen: asked } : { screen, effect: { kind: 'run', text: MERGE_ALL } };
};
