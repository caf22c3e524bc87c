import { unmergedTasks } from '../../attention/finished-work.ts';
import { type ScreenState, withNote, withOverlays } from '../model/screen-state.ts';
import type { KeyContext, KeyResult } from './key.ts';

const MERGE_ALL = 'merge completed branches';
/** More tasks than these are not merged by a key alone. */
const FEW = 3;

/** Merges all finished work; where that is much, it asks with the count first. */
export const mergeAll = (screen: ScreenState, { state }: Pick<KeyContext, 'state'>): KeyResult => {
  const tasks = unmergedTasks(state);
  if (tasks.length === 0) return { screen: withNote(screen, 'nothing waits to be merged') };
  if (tasks.length <= FEW) return { screen, effect: { kind: 'run', text: MERGE_ALL } };
  const dialog = {
    title: `Merge ${tasks.length} tasks?`,
    command: MERGE_ALL,
    targets: tasks.map(({ id, title }) => `${id} ${title}`),
    loses:
      'They go onto the integration branch, one batch that can be stopped and rolled back; your own branches stay as they are.',
    token: null,
    yes: false,
    interrupts: false,
  };
  return { screen: withOverlays(screen, { page: null, dialog }) };
};
