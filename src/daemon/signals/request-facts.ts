import type { EventDraft, State } from '../../state/index.ts';
import type { Request } from '../../state/instances.ts';
import { factsOf, type Source } from './signals.ts';

/** It waits with these, the first one first. */
export const askedFacts = (state: State, id: string, requests: Request[], source: Source): EventDraft[] => {
  const { question } = requests[0]!;
  const facts = factsOf(state, id, { kind: 'waiting', question }, source);
  const move = facts.find((fact) => fact.type === 'instance.moved');
  if (move) return facts.map((fact) => (fact === move ? { ...move, data: { ...move.data, requests } } : fact));
  const instance = state.instances[id];
  // It waits with that question already: what is behind it is news.
  if (instance?.state.kind !== 'waiting' || instance.question !== question) return facts;
  const { evidence = 'asks' } = instance.state;
  return [
    ...facts,
    { type: 'instance.moved', data: { instance_id: id, state: 'waiting', source, evidence, question, requests } },
  ];
};
