import { unknownAgent } from '../../agents/errors.ts';
import { adviceOf, messageOf } from '../../lib/errors.ts';
import { visible } from '../../lib/text.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { activity, isAlive, moved } from '../../state/moves.ts';
import { withheldIn, withheldNames } from '../../state/trust.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';
import { type Before, restoredFacts } from './restored-facts.ts';

/** How the evidence begins of an instance whose agent is not known. */
const STRANGE = 'its agent';

const alertOf = (id: string): string => `agent:${id}`;

const isMarked = (instance: Instance): boolean => {
  const { kind, evidence } = activity(instance);
  return kind === 'unknown' && (evidence ?? '').startsWith(STRANGE);
};

/** Why the agent of an instance cannot be followed, and what to do about it; undefined when it can be. */
const strangenessOf = (services: DaemonServices, { agent }: Instance) => {
  const trouble = services.agentTrouble(agent);
  if (!trouble) return undefined;
  const name = `${STRANGE} ${visible(agent)}`;
  if (!unknownAgent.matches(trouble))
    return { why: `${name} cannot be used`, help: adviceOf(trouble), suggestion: 'list adapters' };
  const why = `${name} is not known`;
  if (withheldNames(withheldIn(services.config.layers), 'agents').includes(agent))
    return { why, help: 'Trust what .drover/config.json says of it: drover trust', suggestion: 'show trust' };
  const help = `Configure it under "agents" in .drover/config.json again, or stop the instance.`;
  return { why, help, suggestion: 'list adapters' };
};

/**
 * Marks the living instances whose agent is not known, because it was taken out of the configuration or is trusted no more:
 * nothing of them is followed but that they run, and nothing is given to them. Each is what it was before when its agent is
 * known again. The first look is over when this resolves; `look` asks for another when the settings have changed.
 */
export const watchStrangers = async (services: DaemonServices): Promise<{ readonly look: () => void }> => {
  const { decide, log, signal, store } = services;
  const before = new Map<string, Before>();

  const strangeFacts = (state: State, one: Instance, { why, help, suggestion }: StrangeAgent): EventDraft[] => {
    const { instance_id: id, question, requests } = one;
    if (isMarked(one)) return [];
    const facts = moved(state, id, { state: 'unknown', source: 'drover', evidence: `${why}: ${help}` });
    if (facts.length === 0) return [];
    before.set(id, { mark: activity(one), question, ...(requests ? { requests } : {}) });
    const text = `${id} is followed no more, because ${why}. ${help}`;
    const about = { suggestion, instance: id, task: null };
    return [...facts, { type: 'alert.raised', data: { id: alertOf(id), severity: 'warning', text, ...about } }];
  };
  const factsOf = (state: State, one: Instance): EventDraft[] => {
    const { instance_id: id, state: mark } = one;
    if (!isAlive(mark.kind)) return clearAlertFacts(state, alertOf(id), 'it has ended');
    const strange = strangenessOf(services, one);
    if (strange) return strangeFacts(state, one, strange);
    const known = isMarked(one) ? restoredFacts(state, one, before.get(id)) : [];
    return [...known, ...clearAlertFacts(state, alertOf(id), 'its agent is known')];
  };
  const facts = (state: State): EventDraft[] => Object.values(state.instances).flatMap((one) => factsOf(state, one));

  const record = async (): Promise<void> => {
    if (facts(store.state).length > 0) await decide(facts);
  };
  const look = (): void =>
    void record().catch((error: unknown) => {
      if (!signal.aborted) log(`that an agent is not known was not recorded: ${messageOf(error)}`);
    });
  await record();
  signal.addEventListener('abort', store.subscribe(look), { once: true });
  return { look };
};

type StrangeAgent = NonNullable<ReturnType<typeof strangenessOf>>;
