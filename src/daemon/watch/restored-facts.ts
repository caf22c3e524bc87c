import type { EventDraft, State } from '../../state/index.ts';
import type { Instance, StateMark } from '../../state/instances.ts';
import { isAlive, moved } from '../../state/moves.ts';

/** What an instance was and waited with before nobody could tell any more. */
export type Before = Pick<Instance, 'question' | 'requests'> & { readonly mark: StateMark };

/** The facts by which an instance of unknown state is again what it was; an earlier daemon may have seen that. */
export const restoredFacts = (state: State, one: Instance, before: Before | undefined): EventDraft[] => {
  const mark = before?.mark ?? one.transitions.findLast(({ kind }) => kind !== 'unknown' && kind !== 'paused');
  if (!mark || !isAlive(mark.kind)) return [];
  const { kind, source, evidence, until, since, asked = since } = mark;
  return moved(state, one.instance_id, {
    ...{ state: kind, source },
    ...(evidence === undefined ? {} : { evidence }),
    ...(until === undefined ? {} : { until }),
    // By that time an answer says which question it is for.
    ...(kind === 'waiting' ? { asked } : {}),
    ...(before?.question ? { question: before.question } : {}),
    ...(before?.requests ? { requests: before.requests } : {}),
  });
};
