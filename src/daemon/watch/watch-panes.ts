import { setTimeout as pause } from 'node:timers/promises';
import type { Signal } from '../../agents/adapter.ts';
import { messageOf } from '../../lib/errors.ts';
import type { Target } from '../../ports/target.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { isAlive, isPresent } from '../../state/moves.ts';
import { untilBeat } from '../health/beat.ts';
import { CLOCKS } from '../health/clocks.ts';
import { joinRounds } from '../health/health-report.ts';
import { startedByLast } from '../health/heart.ts';
import { makeRounds, type Rounds, type Service } from '../health/service.ts';
import { makePhotographer } from '../logs/photograph.ts';
import { makeLogReopener } from '../logs/reopen-logs.ts';
import { type DaemonServices, instancesOn } from '../services.ts';
import { runningTask } from '../signals/running-task.ts';
import { makeEndCauses } from './end-cause.ts';
import { recordHangs, recordRevivals } from './hangs.ts';
import { recordIdleRuns } from './idle-runs.ts';
import { recordPaneChanges } from './pane-changes.ts';
import { makeScreenReader } from './read-screens.ts';
import { makeTmuxVisibility } from './tmux-visibility.ts';
import { makeVigil } from './vigil.ts';
import { type EndWatch, watchEnds } from './watch-ends.ts';
import { type OscWatch, watchOsc } from './watch-osc.ts';
import { watchOutput } from './watch-output.ts';
import type { LastHeard } from './watch-register.ts';

const LOOK_MS = 1000;
/** As long as nothing happens and only a look could not tell anything sooner, each is twice as far from the one before, up to this. */
const CALM_MS = 4000;
/** How soon it is asked again how a program ended, and how often in a row: after that once a second will do. */
const UNCLEAR_MS = 20;
const MOST_UNCLEAR = 25;

type Hearing = {
  /** Records what a screen shows, or what a program told its terminal. */
  readonly record: (instance: string, signal: Signal, origin: { source: 'screen' | 'terminal' }) => Promise<void>;
  readonly lastHeard: LastHeard;
};

/**
 * Whether nothing is awaited of an agent that a look at the clock or at its screen would have to tell: what begins or ends
 * by itself then rings, by its hook, tmux's or the end of its program.
 */
export const isAtRest = (state: State, instance: Instance): boolean =>
  !isAlive(instance.state.kind) || (instance.state.kind === 'idle' && runningTask(state, instance) === undefined);

/** How long the pause until the next look is: longer and longer while nothing happens and all rests, as before once anything does. */
export const makeLookPace = () => {
  let ms = LOOK_MS;
  let known: State | undefined;
  return {
    isLong: (): boolean => ms > LOOK_MS,
    next: (state: State, isCalm: boolean): number => {
      ms = isCalm && state === known ? Math.min(2 * ms, CALM_MS) : LOOK_MS;
      known = state;
      return ms;
    },
  };
};

/** One look at all panes of a machine, made again and again; `ring` asks for the next one soon. It tells whether all rests. */
const makeLook = (
  services: DaemonServices,
  target: Target,
  hearing: Hearing & OscWatch & EndWatch,
  ring: () => void,
): (() => Promise<boolean>) => {
  const screens = makeScreenReader(services, target, hearing);
  const photograph = makePhotographer(services, target);
  const reopenLogs = makeLogReopener(services, target);
  const visibility = makeTmuxVisibility(services, target);
  const keepVigil = makeVigil(CLOCKS, startedByLast(services.paths));
  const causes = makeEndCauses(target);
  let unclearLooks = 0;

  const askTmux = async (wanted: readonly { readonly pane: string }[]) => {
    const asked = wanted.map(({ pane }) => pane);
    const seen = await target.tmux.look(`${target.paths.key}/`, asked).catch(async (error: unknown) => {
      if (!services.signal.aborted) await visibility.noteUnseen(messageOf(error));
      throw error;
    });
    await visibility.noteSeen();
    return seen;
  };

  return async () => {
    const before = services.store.state;
    const vigil = keepVigil();
    if (!instancesOn(target, before).some((one) => isPresent(one.state.kind))) {
      await visibility.noteSeen();
      return true;
    }
    const wanted = await screens.wanted();
    const seen = await askTmux(wanted);
    const unclear = await recordPaneChanges(services, target, seen.panes, {
      ...{ before, causes },
      mayHaveEnded: hearing.mayHaveEnded,
    });
    unclearLooks = unclear ? unclearLooks + 1 : 0;
    if (unclear && unclearLooks <= MOST_UNCLEAR) setTimeout(ring, UNCLEAR_MS).unref();
    // Before it is asked who hangs: what an agent prints into a log that nobody writes is no sign of life.
    await reopenLogs(seen.panes);
    await recordHangs(services, target, vigil);
    await recordRevivals(services, target, vigil);
    await recordIdleRuns(services, vigil);
    // What a program drew before it ended says nothing any more.
    const dead = new Set(seen.panes.flatMap((pane) => (pane.dead ? [pane.pane] : [])));
    for (const one of wanted) {
      const screen = seen.screens.get(one.pane);
      if (screen !== undefined && !dead.has(one.pane)) await screens.read(one, screen);
    }
    await photograph(seen.panes);
    const { state } = services.store;
    return !unclear && instancesOn(target, state).every((one) => isAtRest(state, one) && !screens.isWorthALook(one));
  };
};

/** How the looks at a machine go. */
type MachineLooks = { readonly host: string; readonly rounds: Rounds };

/** The looks at all machines, side by side: one that cannot be asked holds up no other. They tell whether all rests. */
const makeLooks = (
  services: DaemonServices,
  machines: readonly MachineLooks[],
  hearing: Hearing,
  ring: () => void,
): (() => Promise<boolean>) => {
  const works = (id: string): Promise<void> => hearing.record(id, { kind: 'working' }, { source: 'terminal' });
  const { restsSince } = watchOsc(services, { works, drawn: ring });
  const { mayHaveEnded } = watchEnds(services, ring);
  const heard = { ...hearing, restsSince, mayHaveEnded };
  const looks = services.targets.map((target) => makeLook(services, target, heard, ring));
  return async () => {
    // A look that fails is made again soon.
    let restful = 0;
    const looked = machines.map(({ rounds }, at) =>
      rounds.work(async () => {
        if (await looks[at]!()) restful += 1;
      }),
    );
    await Promise.all(looked);
    return restful === machines.length;
  };
};

type PaneWatch = {
  /** Looks now instead of at the next second; before `watch` nothing, because it begins with a look. */
  look(): void;
  isWatching(): boolean;
  /** Resolves after the first look: until then nobody knows what is still there. */
  readonly firstLook: Promise<void>;
  /** Looks once a second until the daemon ends, more seldom while all agents rest. */
  watch(): Service;
};

/**
 * Looks at all panes of a machine together, by one call a second at most, whatever their number: hooks tell sooner, this is what makes sure.
 * Without an instance that could be there nothing is asked.
 */
export const openPaneWatch = (services: DaemonServices, hearing: Hearing): PaneWatch => {
  let { promise: news, resolve: wake } = Promise.withResolvers<void>();
  const ring = (): void => wake();
  const { promise: firstLook, resolve: hasLooked } = Promise.withResolvers<void>();
  let isWatching = false;

  const { log, signal, store } = services;
  const complaint = 'looking at the panes failed';
  const machines = services.targets.map(({ host }) => ({
    host,
    rounds: makeRounds({ complaint, everyMs: LOOK_MS, log, signal }),
  }));
  const lookOn = async (): Promise<void> => {
    isWatching = true;
    signal.addEventListener('abort', ring, { once: true });
    const look = makeLooks(services, machines, hearing, ring);
    watchOutput(services, ring);
    const pace = makeLookPace();
    const leave = store.subscribe(() => pace.isLong() && ring());
    let isNews: boolean = false;
    while (!signal.aborted) {
      ({ promise: news, resolve: wake } = Promise.withResolvers<void>());
      const isCalm: boolean = await look();
      hasLooked();
      const ms: number = pace.next(store.state, isCalm && !isNews) - LOOK_MS + untilBeat(LOOK_MS);
      isNews = await Promise.race([news.then(() => true), pause(ms, false, { ref: false })]);
    }
    leave();
  };

  const watch = (): Service => ({
    name: 'pane-watch',
    capabilities: ['see how programs end', 'read screens', 'find agents that hang'],
    health: () => joinRounds(machines),
    done: lookOn(),
  });
  return { look: ring, isWatching: () => isWatching, firstLook, watch };
};
