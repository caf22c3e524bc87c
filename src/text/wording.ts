import { pluralOf } from '../protocol/vocabulary.ts';
import type { State } from '../state/index.ts';

/** `1 branch`, `2 branches`. */
export const plural = (count: number, noun: string): string => `${count} ${count === 1 ? noun : pluralOf(noun)}`;

/** `rehearsal-1 (azure)`: how answers name instances. */
export const nameInstances = (state: State, ids: readonly string[]): string =>
  ids.map((id) => `${id} (${state.instances[id]?.peacock_theme.color_name ?? '?'})`).join(', ');
