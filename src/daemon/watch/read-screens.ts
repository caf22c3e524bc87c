import type { AgentAdapter, Signal } from '../../agents/adapter.ts';
import type { Target } from '../../ports/target.ts';
import type { Instance } from '../../state/instances.ts';
import { isAlive } from '../../state/moves.ts';
import type { Task } from '../../state/tasks.ts';
import { type DaemonServices, instancesOn, lastOutput } from '../services.ts';
import { beginOutputLook, isOfBefore } from '../signals/given-output.ts';
import { knownRecord } from '../signals/known-records.ts';
import { runningTask } from '../signals/running-task.ts';
import { sincePrompt } from '../signals/since-prompt.ts';
import { isWithAnswer } from '../signals/typed-answers.ts';
import { makeAsideReader } from './read-asides.ts';
import type { OscWatch } from './watch-osc.ts';
import type { LastHeard } from './watch-register.ts';

/** Whether what a screen shows counts; `settled`: two looks have shown it without a change, or its program says it rests. */
const isToBeRecorded = (
  instance: Instance,
  signal: Signal,
  { settled, hooks, isOld }: { settled: boolean; hooks: boolean; isOld: boolean },
) => {
  if (!['finished', 'failed', 'limited'].includes(signal.kind)) return true;
  // What it shows of an end is that of the task before.
  if (!settled || isOld) return false;
  // Where hooks tell of its turns, an error on the screen is of this turn only after they told that it began.
  const hasBegun = instance.state.kind === 'working' && ['hook', 'terminal'].includes(instance.state.source);
  return signal.kind === 'finished' || !hooks || hasBegun;
};

/**
 * Tells whether a question on the screen of an agent is over: it was there before its task was claimed, or the answer stands
 * behind it, and nobody has taken the line away. Of agents whose dialogs are known it is known when they are gone.
 */
const makeOldQuestions = (services: DaemonServices) => {
  const { adapterFor, store } = services;
  const shown = new Map<string, { readonly question: string; readonly task: Task | undefined }>();
  const isOver = (task: Task): boolean => {
    const now = store.state.tasks[task.id];
    return now?.run?.attempt === task.run?.attempt && (now?.state === 'verifying' || now?.state === 'done');
  };
  return (instance: Instance, signal: Signal | undefined): boolean => {
    const { instance_id: id, agent } = instance;
    const { readAsking, readDialog } = adapterFor(agent);
    if (signal?.kind !== 'waiting' || readAsking || readDialog) {
      shown.delete(id);
      return false;
    }
    const known = shown.get(id);
    if (isWithAnswer(services, id, signal.question)) return true;
    if (known?.question === signal.question) return known.task !== undefined && isOver(known.task);
    shown.set(id, { question: signal.question, task: runningTask(store.state, instance) });
    return false;
  };
};

/** How an agent goes on whose question is not on its screen any more. */
const goesOnAs = ({ adapterFor, store }: DaemonServices, instance: Instance): Signal => {
  const { hooks, startsOnScreen } = adapterFor(instance.agent);
  // Nothing would ever tell that it takes prompts again.
  const isFree = !hooks && startsOnScreen !== true && !runningTask(store.state, instance);
  return { kind: isFree ? 'ready' : 'working' };
};

/** A pane whose screen has to be read, and whether what it showed before has settled. */
type Wanted = { readonly id: string; readonly pane: string; readonly settled: boolean; readonly grown: number };

type Reading = {
  readonly record: (instance: string, signal: Signal, origin: { source: 'screen' }) => Promise<void>;
  readonly lastHeard: LastHeard;
};

/**
 * Reads the screens of a machine's agents that cannot tell all by themselves, only when their log has grown. The end of a turn counts
 * when the screen has said so over two looks without a change, because in between it may only not have begun yet, or when
 * its program says that it rests.
 */
export const makeScreenReader = (
  services: DaemonServices,
  target: Target,
  { record, lastHeard, restsSince }: Reading & OscWatch,
) => {
  const recordSeen = (id: string, signal: Signal): Promise<void> => record(id, signal, { source: 'screen' });
  const asides = makeAsideReader(services, lastHeard, recordSeen);
  const seen = new Map<string, { grown: number; settled: boolean; adapter: AgentAdapter }>();
  const isOldQuestion = makeOldQuestions(services);
  const isWorthALook = (instance: Instance): boolean =>
    services.adapterFor(instance.agent).readScreen !== undefined || asides.wanted(instance);
  const wantedOf = async (instance: Instance): Promise<Wanted[]> => {
    const { instance_id: id, pane, state } = instance;
    if (pane === null || !isAlive(state.kind) || !isWorthALook(instance)) return [];
    const noteOutput = beginOutputLook(services, instance);
    const grown = await lastOutput(services, instance);
    noteOutput(grown);
    // Other settings may read the same screen in another way.
    const adapter = services.adapterFor(instance.agent);
    const before = seen.get(id);
    const known = before?.adapter === adapter ? before : undefined;
    if (known?.grown === grown && known.settled) return [];
    // A rest before the agent was given something says nothing of what it was given.
    const settled = known?.grown === grown || (restsSince(id) ?? 0) > Date.parse(state.since);
    seen.set(id, { grown, settled, adapter });
    return [{ id, pane, settled, grown }];
  };
  return {
    isWorthALook,
    /** The panes whose screens have to be read again. */
    wanted: async (): Promise<readonly Wanted[]> => {
      const wanted: Wanted[] = [];
      for (const instance of instancesOn(target, services.store.state)) wanted.push(...(await wantedOf(instance)));
      return wanted;
    },
    read: async ({ id, settled, grown }: Wanted, screen: string): Promise<void> => {
      const { state } = services.store;
      const instance = state.instances[id];
      if (!instance) return;
      if (asides.wanted(instance)) await asides.read(instance, screen);
      const { readScreen, hooks } = services.adapterFor(instance.agent);
      if (!readScreen || knownRecord(services, id).isTelling) return;
      const shown = readScreen(sincePrompt(screen, state, instance));
      const signal = isOldQuestion(instance, shown) ? undefined : shown;
      const isOld = isOfBefore(services, state, instance, grown);
      if (signal && isToBeRecorded(instance, signal, { settled, hooks, isOld })) await recordSeen(id, signal);
      // A question that was read from the screen is answered when it is not there any more.
      if (!signal && instance.state.kind === 'waiting' && instance.state.source === 'screen')
        await recordSeen(id, goesOnAs(services, instance));
    },
  };
};
