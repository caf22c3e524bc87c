import { readdir, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Signal } from '../../agents/adapter.ts';
import { messageOf } from '../../lib/errors.ts';
import { oneLine } from '../../lib/text.ts';
import type { PaneInfo } from '../../ports/index.ts';
import { isRunning } from '../../process/is-running.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isAlive, moved } from '../../state/moves.ts';
import { isBetweenSessions } from '../actions/launch-instance.ts';
import { thawUnpaused } from '../actions/pause-instance.ts';
import { makePhotographer } from '../logs/log-folder.ts';
import { type DaemonServices, markOf } from '../services.ts';
import { clearAlertFacts, recoveryEndFact } from '../signals/alert-facts.ts';
import { endFacts, recordLoss } from '../signals/end-facts.ts';
import {
  brokenInstanceAlert,
  brokenRunOf,
  recoveryContextOf,
  runRecoveryFacts,
} from '../signals/run-recovery-facts.ts';
import { runningTask } from '../signals/running-task.ts';
import { makeAsideReader } from './read-asides.ts';
import { makeTmuxVisibility } from './tmux-visibility.ts';
import { watchEnds } from './watch-ends.ts';
import { idleRunFacts, unansweredFacts } from './watch-idle-runs.ts';
import { type OscWatch, watchOsc } from './watch-osc.ts';
import { watchOutput } from './watch-output.ts';
import type { LastHeard } from './watch-register.ts';

const LOOK_MS = 1000;

/** Records what a screen shows, or what a program told its terminal. */
type RecordSignal = (instance: string, signal: Signal, origin: { source: 'screen' | 'terminal' }) => Promise<void>;

export type PaneWatch = {
  /** Looks now instead of at the next second; before `watch` nothing, because it begins with a look. */
  look(): void;
  isWatching(): boolean;
  /** Resolves after the first look: until then nobody knows what is still there. */
  readonly firstLook: Promise<void>;
  /** Looks once a second until the daemon ends. */
  watch(): Promise<void>;
};

/** How soon it is asked again how a program ended, and how often in a row: after that once a second will do. */
const UNCLEAR_MS = 20;
const MOST_UNCLEAR = 25;

/** When the newest segment of an instance's log grew last, in milliseconds since 1970; 0 when there is none. */
export const lastOutput = async (logs: string, instance: string): Promise<number> => {
  const names = (await readdir(`${logs}/${instance}`).catch(() => []))
    .filter((name) => name.endsWith('.log'))
    .toSorted();
  const newest = names.at(-1);
  return newest === undefined ? 0 : (await stat(`${logs}/${instance}/${newest}`).catch(() => ({ mtimeMs: 0 }))).mtimeMs;
};

const oneShot = (services: DaemonServices, agent: string): boolean => services.adapterFor(agent).prompt === 'argument';

/** Whether a program has ended without tmux knowing how yet, or even that it did. */
const isUnclear = (services: DaemonServices, pane: PaneInfo): boolean => {
  if (pane.dead) return pane.exitCode === null && pane.exitSignal === null;
  return (
    !isRunning(pane.pid) &&
    Object.values(services.store.state.instances).some(({ pid, state }) => pid === pane.pid && isAlive(state.kind))
  );
};

/** What one look at the panes means for the instances. True when it is still to be told how a program ended. */
const compare = async (services: DaemonServices, panes: readonly PaneInfo[], before: State): Promise<boolean> => {
  const byMark = new Map(panes.map((pane) => [pane.droverId, pane]));
  const recovering = recoveryContextOf(services);
  const unclear = panes.some((pane) => isUnclear(services, pane));
  if (unclear) await services.tmux.nudge();
  const facts = (state: DaemonServices['store']['state']): EventDraft[] =>
    Object.values(state.instances).flatMap((instance): EventDraft[] => {
      const id = instance.instance_id;
      if (instance.pane === null || !isAlive(instance.state.kind)) return [];
      const pane = byMark.get(markOf(services.paths, id));
      if (!pane?.dead || pane.pane !== instance.pane || (pane.exitCode === null && pane.exitSignal === null)) return [];
      const end = { code: pane.exitCode, signal: pane.exitSignal, oneShot: oneShot(services, instance.agent) };
      return endFacts(state, id, end, recovering);
    });
  // What was started after the look began could not be seen.
  const isGone = ({ instance_id: id, pane, pid, state: { kind } }: Instance): boolean =>
    pane !== null &&
    isAlive(kind) &&
    !byMark.has(markOf(services.paths, id)) &&
    before.instances[id]?.pid === pid &&
    !isBetweenSessions(services, id);
  const isLoss = await recordLoss(services, (state) =>
    Object.values(state.instances)
      .filter(isGone)
      .map((one) => one.instance_id),
  );
  const isEnd = facts(services.store.state).length > 0;
  if (isEnd) await services.decide(facts);
  if (isLoss || isEnd) await thawUnpaused(services);
  return unclear;
};

/** The facts about one that hangs: a run of its own is tried again, sooner where it never got ready. */
const hangFacts = (services: DaemonServices, state: State, id: string, { text, ready, ms }: Hang): EventDraft[] => {
  const instance = state.instances[id]!;
  const evidence = ready ? 'hang: no output' : 'hang: not ready in time';
  const facts = moved(state, id, { state: ready ? 'stuck' : 'failed', source: 'drover', evidence });
  if (facts.length === 0) return [];
  // One that works may only take its time: it gets as much once more.
  const broken = { class: 'hang', message: text, ...(ready ? { restMs: ms } : {}) } as const;
  const run = brokenRunOf(state, instance, broken, recoveryContextOf(services));
  // A hang without a try to come is left alone: it may go on, and nothing of it is lost meanwhile.
  const planned = ready && !run?.recovery ? [] : runRecoveryFacts(instance, run, broken);
  return [...facts, ...planned, brokenInstanceAlert(id, text, run, ready ? 'stuck' : 'instance')];
};

type Hang = { readonly text: string; readonly ready: boolean; readonly ms: number };

/** Agents at work that show no sign of life, and those that never got ready. */
const silence = async (services: DaemonServices): Promise<void> => {
  const now = Date.parse(services.now());
  const { idle_ms, start_ms } = services.settings.timeouts;
  for (const instance of Object.values(services.store.state.instances)) {
    const { instance_id: id, state: mark } = instance;
    const since = Date.parse(mark.since);
    const isStill = (state: State): boolean => state.instances[id]?.state.since === mark.since;
    const record = (hang: Hang) =>
      services.decide((state) => (isStill(state) ? hangFacts(services, state, id, hang) : []));
    if (mark.kind === 'starting' && now - since > start_ms)
      await record({ text: `${id} did not get ready within ${start_ms} ms`, ready: false, ms: start_ms });
    if (mark.kind !== 'working' || now - since < idle_ms) continue;
    if (now - (await lastOutput(services.paths.logs, id)) < idle_ms) continue;
    const text = `${id} hangs: at work without a sign of life for ${idle_ms} ms`;
    await record({ text, ready: true, ms: idle_ms });
  }
};

/** A stuck one that prints again is at work again. */
const revived = async (services: DaemonServices): Promise<void> => {
  for (const instance of Object.values(services.store.state.instances)) {
    if (instance.state.kind !== 'stuck') continue;
    const id = instance.instance_id;
    if ((await lastOutput(services.paths.logs, id)) <= Date.parse(instance.state.since)) continue;
    await services.decide((state) => [
      ...moved(state, id, { state: 'working', source: 'terminal', evidence: 'prints again' }),
      ...(state.instances[id]?.recovery?.next === 'restart' ? [recoveryEndFact(id, 'it prints again')] : []),
      ...clearAlertFacts(state, `stuck:${id}`, 'it prints again'),
    ]);
  }
};

/** Those that rest in the middle of a run, and those that wait for a person who does not come. */
const idleRuns = async (services: DaemonServices): Promise<void> => {
  const now = Date.parse(services.now());
  const facts = (state: State): EventDraft[] => [
    ...idleRunFacts(state, now),
    ...unansweredFacts(state, now, services.settings.timeouts.question_ms),
  ];
  if (facts(services.store.state).length > 0) await services.decide(facts);
};

/** The part of a screen below the words that gave the task: what stands above belongs to earlier ones. */
const sincePrompt = (screen: string, state: State, instance: Instance): string => {
  const task = runningTask(state, instance);
  const at = task === undefined ? -1 : screen.lastIndexOf(`Task ${oneLine(task.id)}:`);
  const end = at < 0 ? -1 : screen.indexOf('\n', at);
  return at < 0 ? screen : end < 0 ? '' : screen.slice(end + 1);
};

/**
 * Screens of agents that cannot tell all by themselves, asked only when their log has grown. The end of a turn counts
 * when the screen has said so over two looks without a change, because in between it may only not have begun yet, or when
 * its program says that it rests.
 */
const makeScreenReader = (
  services: DaemonServices,
  { record, lastHeard, restsSince }: { record: RecordSignal; lastHeard: LastHeard } & OscWatch,
) => {
  const recordSeen = (id: string, signal: Signal): Promise<void> => record(id, signal, { source: 'screen' });
  const asides = makeAsideReader(services, lastHeard, recordSeen);
  const seen = new Map<string, { grown: number; settled: boolean }>();
  return {
    /** The panes whose screens have to be read again. */
    wanted: async (): Promise<readonly { id: string; pane: string; settled: boolean }[]> => {
      const wanted: { id: string; pane: string; settled: boolean }[] = [];
      for (const instance of Object.values(services.store.state.instances)) {
        const { instance_id: id, pane, state, agent } = instance;
        if (pane === null || !isAlive(state.kind)) continue;
        if (!services.adapterFor(agent).readScreen && !asides.wanted(instance)) continue;
        const grown = await lastOutput(services.paths.logs, id);
        const known = seen.get(id);
        if (known?.grown === grown && known.settled) continue;
        // That it rested before it was given something says nothing of that.
        const settled = known?.grown === grown || (restsSince(id) ?? 0) > Date.parse(state.since);
        seen.set(id, { grown, settled });
        wanted.push({ id, pane, settled });
      }
      return wanted;
    },
    read: async (id: string, screen: string, settled: boolean): Promise<void> => {
      const { state } = services.store;
      const instance = state.instances[id];
      if (!instance) return;
      if (asides.wanted(instance)) await asides.read(instance, screen);
      const { readScreen, hooks } = services.adapterFor(instance.agent);
      if (!readScreen) return;
      const signal = readScreen(sincePrompt(screen, state, instance));
      // Where hooks tell of its turns, an error on the screen is of this one only after they told that it began.
      const begun = instance.state.kind === 'working' && ['hook', 'terminal'].includes(instance.state.source);
      const old = hooks && !begun;
      const ends = signal !== undefined && ['finished', 'failed', 'limited'].includes(signal.kind);
      if (signal && (!ends || (settled && !(signal.kind !== 'finished' && old)))) await recordSeen(id, signal);
      // A question that was read from the screen is answered when it is not there any more.
      if (!signal && instance.state.kind === 'waiting' && instance.state.source === 'screen')
        await recordSeen(id, { kind: 'working' });
    },
  };
};

/**
 * Looks at all panes together, by one call a second, whatever their number: hooks tell sooner, this is what makes sure.
 * Without an instance that could be there nothing is asked.
 */
export const openPaneWatch = (
  services: DaemonServices,
  { record, lastHeard }: { record: RecordSignal; lastHeard: LastHeard },
): PaneWatch => {
  let { promise: news, resolve: wake } = Promise.withResolvers<void>();
  const ring = (): void => wake();
  const { promise: firstLook, resolve: hasLooked } = Promise.withResolvers<void>();
  let isWatching = false;

  const makeLook = (): (() => Promise<void>) => {
    const works = (id: string): Promise<void> => record(id, { kind: 'working' }, { source: 'terminal' });
    const { restsSince } = watchOsc(services, { works, drawn: ring });
    const screens = makeScreenReader(services, { record, lastHeard, restsSince });
    const photograph = makePhotographer(services);
    const visibility = makeTmuxVisibility(services);
    let unclearLooks = 0;
    return async () => {
      if (!Object.values(services.store.state.instances).some((one) => isAlive(one.state.kind))) return;
      const before = services.store.state;
      const wanted = await screens.wanted();
      const asked = wanted.map(({ pane }) => pane);
      const seen = await services.tmux.look(`${services.paths.key}/`, asked).catch(async (error: unknown) => {
        if (!services.signal.aborted) await visibility.noteUnseen(messageOf(error));
        throw error;
      });
      await visibility.noteSeen();
      const { panes } = seen;
      const unclear = await compare(services, panes, before);
      unclearLooks = unclear ? unclearLooks + 1 : 0;
      if (unclear && unclearLooks <= MOST_UNCLEAR) setTimeout(ring, UNCLEAR_MS).unref();
      await silence(services);
      await revived(services);
      await idleRuns(services);
      for (const { id, pane, settled } of wanted) {
        const screen = seen.screens.get(pane);
        if (screen !== undefined) await screens.read(id, screen, settled);
      }
      await photograph(panes);
    };
  };

  const watch = async (): Promise<void> => {
    isWatching = true;
    services.signal.addEventListener('abort', ring, { once: true });
    const look = makeLook();
    watchOutput(services, ring);
    watchEnds(services, ring);
    while (!services.signal.aborted) {
      ({ promise: news, resolve: wake } = Promise.withResolvers<void>());
      await look().catch((error: unknown) => {
        if (!services.signal.aborted) services.log(`looking at the panes failed: ${messageOf(error)}`);
      });
      hasLooked();
      await Promise.race([news, pause(LOOK_MS, undefined, { ref: false })]);
    }
  };

  return { look: ring, isWatching: () => isWatching, firstLook, watch };
};
