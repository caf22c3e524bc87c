import { pluralOf } from '../protocol/vocabulary.ts';
import { actorText } from '../state/actors.ts';
import type { State } from '../state/index.ts';
import type { Run } from '../state/tasks.ts';

/** `1 branch`, `2 branches`. */
export const plural = (count: number, noun: string): string => `${count} ${count === 1 ? noun : pluralOf(noun)}`;

/** `1 cancelled`, `2 archived`: the tasks that are not to be done any more and are counted beside the others; none where there are none. */
export const givenUpTexts = ({ cancelled, archived }: { readonly cancelled: number; readonly archived: number }) => [
  ...(cancelled > 0 ? [`${cancelled} cancelled`] : []),
  ...(archived > 0 ? [`${archived} archived`] : []),
];

/** Why a batch set a task aside; what begins with the kind of the reason needs no other word for it. */
export const asideWhy = ({ reason, message }: { readonly reason: string; readonly message: string }): string =>
  message.startsWith(reason) ? message : `${reason}: ${message}`;

/** `rehearsal-1 (azure)`: how answers name instances. */
export const nameInstances = (state: State, ids: readonly string[]): string =>
  ids.map((id) => `${id} (${state.instances[id]?.peacock_theme.color_name ?? '?'})`).join(', ');

/** Who has done the work of a run: its agent, and who went on with it by hand. */
export const doneBy = ({ instance, by_hand }: Pick<Run, 'instance' | 'by_hand'>): string =>
  by_hand === undefined ? instance : `${instance}, then ${actorText(by_hand)} by hand`;

const MEGABYTE = 1024 ** 2;

/** `0.4 MB`, `212 MB`, `1.2 GB`: how much of a disk something takes. */
export const formatSize = (bytes: number): string => {
  const megabytes = bytes / MEGABYTE;
  if (megabytes >= 1000) return `${(megabytes / 1024).toFixed(1)} GB`;
  return `${megabytes < 10 ? megabytes.toFixed(1) : Math.round(megabytes)} MB`;
};
