import { readdir, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Signal } from '../agents/adapter.ts';
import { oneLine } from '../lib/text.ts';
import type { PaneInfo } from '../ports/index.ts';
import type { Draft, State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import { isAlive, moved } from '../state/moves.ts';
import { thawLeft } from './hold.ts';
import { makePhotographer } from './log-folder.ts';
import { makeAsides } from './read-asides.ts';
import { endFacts, lossFacts, runningTask } from './signals.ts';
import { instanceTrouble, troubleOver } from './trouble.ts';
import { idleRunFacts } from './watch-idle-runs.ts';
import type { Heard } from './watch-register.ts';
import type { World } from './world.ts';

const LOOK_MS = 1000;

type Take = (instance: string, signal: Signal) => Promise<void>;

export type PaneWatch = {
  /** Looks now instead of at the next second. */
  look(): void;
  readonly done: Promise<void>;
};

/** When the newest segment of an instance's log grew last, in milliseconds since 1970; 0 when there is none. */
export const lastOutput = async (logs: string, instance: string): Promise<number> => {
  const names = (await readdir(`${logs}/${instance}`).catch(() => []))
    .filter((name) => name.endsWith('.log'))
    .toSorted();
  const newest = names.at(-1);
  return newest === undefined ? 0 : (await stat(`${logs}/${instance}/${newest}`).catch(() => ({ mtimeMs: 0 }))).mtimeMs;
};

const oneShot = (world: World, agent: string): boolean => world.adapterFor(agent).prompt === 'argument';

/** What one look at the panes means for the instances. */
const compare = async (world: World, panes: readonly PaneInfo[]): Promise<void> => {
  const byMark = new Map(panes.map((pane) => [pane.droverId, pane]));
  const unclear = panes.some((pane) => pane.dead && pane.exitCode === null && pane.exitSignal === null);
  if (unclear) await world.tmux.nudge();
  const facts = (state: World['store']['state']): Draft[] =>
    Object.values(state.instances).flatMap((instance): Draft[] => {
      const id = instance.instance_id;
      if (instance.pane === null || !isAlive(instance.state.kind)) return [];
      const pane = byMark.get(`${world.paths.key}/${id}`);
      if (!pane) return lossFacts(state, id);
      if (!pane.dead || pane.pane !== instance.pane || (pane.exitCode === null && pane.exitSignal === null)) return [];
      return endFacts(state, id, {
        code: pane.exitCode,
        signal: pane.exitSignal,
        oneShot: oneShot(world, instance.agent),
      });
    });
  if (facts(world.store.state).length === 0) return;
  await world.decide(facts);
  await thawLeft(world);
};

/** Agents at work that show no sign of life, and those that never got ready. */
const silence = async (world: World): Promise<void> => {
  const now = Date.parse(world.now());
  const { idle_ms, start_ms } = world.settings.timeouts;
  for (const instance of Object.values(world.store.state.instances)) {
    const id = instance.instance_id;
    const since = Date.parse(instance.state.since);
    if (instance.state.kind === 'starting' && now - since > start_ms) {
      const text = `${id} did not get ready within ${start_ms} ms`;
      await world.decide((state) => [
        ...moved(state, id, { state: 'failed', source: 'drover', evidence: 'hang: not ready in time' }),
        instanceTrouble(id, text),
      ]);
    }
    if (instance.state.kind !== 'working' || now - since < idle_ms) continue;
    if (now - (await lastOutput(world.paths.logs, id)) < idle_ms) continue;
    const text = `${id} hangs: at work without a sign of life for ${idle_ms} ms`;
    await world.decide((state) => {
      const facts = moved(state, id, { state: 'stuck', source: 'drover', evidence: 'hang: no output' });
      return facts.length === 0 ? [] : [...facts, instanceTrouble(id, text, 'stuck')];
    });
  }
};

/** A stuck one that prints again is at work again. */
const revived = async (world: World): Promise<void> => {
  for (const instance of Object.values(world.store.state.instances)) {
    if (instance.state.kind !== 'stuck') continue;
    const id = instance.instance_id;
    if ((await lastOutput(world.paths.logs, id)) <= Date.parse(instance.state.since)) continue;
    await world.decide((state) => [
      ...moved(state, id, { state: 'working', source: 'terminal', evidence: 'prints again' }),
      ...troubleOver(state, `stuck:${id}`, 'it prints again'),
    ]);
  }
};

/** Those that rest in the middle of a run. */
const idleRuns = async (world: World): Promise<void> => {
  const facts = (state: State): Draft[] => idleRunFacts(state, Date.parse(world.now()));
  if (facts(world.store.state).length > 0) await world.decide(facts);
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
 * when the screen has said so over two looks without a change: in between it may only not have begun yet.
 */
const makeScreens = (world: World, take: Take, heard: Heard) => {
  const asides = makeAsides(world, heard, take);
  const seen = new Map<string, { grown: number; settled: boolean }>();
  return {
    /** The panes whose screens have to be read again. */
    wanted: async (): Promise<readonly { id: string; pane: string; settled: boolean }[]> => {
      const wanted: { id: string; pane: string; settled: boolean }[] = [];
      for (const instance of Object.values(world.store.state.instances)) {
        const { instance_id: id, pane, state, agent } = instance;
        if (pane === null || !isAlive(state.kind)) continue;
        if (!world.adapterFor(agent).readScreen && !asides.wanted(instance)) continue;
        const grown = await lastOutput(world.paths.logs, id);
        const known = seen.get(id);
        const settled = known?.grown === grown;
        if (settled && known.settled) continue;
        seen.set(id, { grown, settled });
        wanted.push({ id, pane, settled });
      }
      return wanted;
    },
    read: async (id: string, screen: string, settled: boolean): Promise<void> => {
      const { state } = world.store;
      const instance = state.instances[id];
      if (!instance) return;
      if (asides.wanted(instance)) await asides.read(instance, screen);
      const { readScreen, hooks } = world.adapterFor(instance.agent);
      if (!readScreen) return;
      const signal = readScreen(sincePrompt(screen, state, instance));
      // Where hooks tell of its turns, an error on the screen is of this one only after they told that it began.
      const old = hooks && (instance.state.kind !== 'working' || instance.state.source !== 'hook');
      const ends = signal?.kind === 'finished' || signal?.kind === 'failed';
      if (signal && (!ends || (settled && !(signal.kind === 'failed' && old)))) await take(id, signal);
      // A question that was read from the screen is answered when it is not there any more.
      if (!signal && instance.state.kind === 'waiting' && instance.state.source === 'screen')
        await take(id, { kind: 'working' });
    },
  };
};

/**
 * Looks at all panes together, by one call a second, whatever their number: hooks tell sooner, this is what makes sure.
 * Without an instance that could be there nothing is asked.
 */
export const watchPanes = (world: World, onScreen: Take, heard: Heard = new Map()): PaneWatch => {
  let { promise: news, resolve: wake } = Promise.withResolvers<void>();
  const screens = makeScreens(world, onScreen, heard);
  const photograph = makePhotographer(world);
  const look = async (): Promise<void> => {
    if (!Object.values(world.store.state.instances).some((one) => isAlive(one.state.kind))) return;
    const wanted = await screens.wanted();
    const seen = await world.tmux.look(
      `${world.paths.key}/`,
      wanted.map(({ pane }) => pane),
    );
    const { panes } = seen;
    await compare(world, panes);
    await silence(world);
    await revived(world);
    await idleRuns(world);
    for (const { id, pane, settled } of wanted) {
      const screen = seen.screens.get(pane);
      if (screen !== undefined) await screens.read(id, screen, settled);
    }
    await photograph(panes);
  };
  const run = async (): Promise<void> => {
    while (!world.signal.aborted) {
      ({ promise: news, resolve: wake } = Promise.withResolvers<void>());
      await look().catch((error: unknown) => {
        if (!world.signal.aborted)
          world.log(`looking at the panes failed: ${error instanceof Error ? error.message : error}`);
      });
      await Promise.race([news, pause(LOOK_MS, undefined, { ref: false })]);
    }
  };
  world.signal.addEventListener('abort', () => wake(), { once: true });
  return { look: () => wake(), done: run() };
};
