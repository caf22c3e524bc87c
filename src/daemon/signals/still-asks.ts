import type { AgentAdapter } from '../../agents/adapter.ts';
import { oneLine } from '../../lib/text.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import type { DaemonServices } from '../services.ts';
import { sincePrompt } from './since-prompt.ts';

/** Whether an agent waits no longer with that question: two that read alike are two. */
export const hasGoneOn = ({ store }: Pick<DaemonServices, 'store'>, instance: Instance): boolean => {
  const now = store.state.instances[instance.instance_id];
  return (
    now?.state.kind !== 'waiting' ||
    now.state.since !== instance.state.since ||
    now.question !== instance.question ||
    now.requests?.[0]?.ask !== instance.requests?.[0]?.ask
  );
};

type Reader = Pick<AgentAdapter, 'readAsking' | 'readDialog' | 'readScreen' | 'showsRequest'>;

/** The question that a screen shows; undefined when it shows none. */
const questionOn = ({ readScreen, readDialog }: Reader, screen: string): string | undefined =>
  [readDialog?.(screen), readScreen?.(screen)].flatMap((signal) =>
    signal?.kind === 'waiting' ? [oneLine(signal.question)] : [],
  )[0];

/** Whether a screen shows something else than what the agent is known to ask; `seen`: its dialog was recognised before. */
const showsAnother = (
  adapter: Reader,
  screen: string,
  { state, instance, seen }: { state: State; instance: Instance; seen: boolean },
): boolean => {
  if (seen && adapter.readAsking?.(screen) === false) return true;
  const [request] = instance.requests ?? [];
  if (request && adapter.showsRequest?.(screen, request) === false) return true;
  if (instance.state.source !== 'screen') return false;
  const question = questionOn(adapter, sincePrompt(screen, state, instance));
  // What was kept of a long question is its beginning.
  return question === undefined ? seen : !question.startsWith((instance.question ?? '').replace(/…$/u, ''));
};

/** Looks whether an agent still asks what it is known to ask: in the state, and on its screen. */
export const stillAsks = async (services: DaemonServices, instance: Instance, seen: boolean): Promise<boolean> => {
  if (hasGoneOn(services, instance)) return false;
  const screen = await services.targetOf(instance).tmux.capture(instance.pane!);
  const { state } = services.store;
  if (showsAnother(services.adapterFor(instance.agent), screen, { state, instance, seen })) return false;
  // Meanwhile a hook may have told of another one.
  return !hasGoneOn(services, instance);
};
