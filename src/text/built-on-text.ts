import { saidId } from '../protocol/say.ts';
import type { BuiltOn } from '../tasks/built-on.ts';

/** What of others is in the work of a task, which its merge would bring along. */
export const builtOnText = (id: string, { task, commit }: BuiltOn): string =>
  `${id} has work of ${task} in it that was taken back or done anew (${commit.slice(0, 10)})`;

/** What comes along with a merge of a task that was named, of others, which nobody wants any more as it was. */
export const alongText = (id: string, { task, commit }: BuiltOn): string =>
  `With ${id} comes work of ${task} that was taken back or done anew (${commit.slice(0, 10)})`;

/** How such work comes to be built on what there is now. */
export const builtAnewHint = (id: string): string => `To have it done on what there is now: retry task ${saidId(id)}`;
