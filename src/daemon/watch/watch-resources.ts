import type { ResourceUse } from '../../ports/machine.ts';
import type { Target } from '../../ports/target.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { isAlive } from '../../state/moves.ts';
import { repeatRounds, type Service } from '../health/service.ts';
import { type DaemonServices, instancesOn } from '../services.ts';
import { recordHalts } from './halts.ts';
import { limitFacts } from './resource-limits.ts';
import { makeTracks, SLACK_MS } from './resource-tracks.ts';

const LOOK_MS = 2000;

/** As long as nothing happens, each look is twice as far from the one before, up to this time, in milliseconds. */
const CALM_MS = 8000;

/** An agent that takes less than this of a core, in percent, does nothing. */
const CALM_PERCENT = 1;

/** Between two looks it is only asked whether a program was stopped or goes on: so often at most, in milliseconds. */
const GLANCE_MS = 250;

/** So many programs are glanced at in that time; of more, each less often. */
const GLANCED = 10;

/** However many there are, it is asked so often whether a look is due, in milliseconds. */
const ASK_MS = 1000;

const CAPABILITIES = ['measure memory and processor time of agents', 'act on limits of them', 'see who was stopped'];

/** What was seen of an instance at one look. */
type Measured = {
  readonly id: string;
  readonly use: ResourceUse;
  readonly foreground: readonly number[];
  readonly halted: readonly number[];
};

/** The programs of a machine that are looked at between two looks, and those of them that were stopped. */
type Glanced = { readonly target: Target; readonly programs: readonly number[]; readonly halted: readonly number[] };

type ResourceWatch = {
  /** What each living agent took at the last look. */
  uses(): readonly ResourceUse[];
  /** Measures once and acts on it; `at` is a time that only goes on, in milliseconds. */
  look(at: number): Promise<void>;
  /** Looks when it is time for it, which is later and later while nothing happens, or when a program was stopped or goes on since the last look. */
  glance(at: number): Promise<void>;
  /** Glances until the daemon ends. */
  watch(): Service;
};

/** The programs of those that live on a machine. */
const rootsOn = (target: Target, state: State): ReadonlyMap<string, number> =>
  new Map(
    instancesOn(target, state).flatMap(({ instance_id, pid, state: { kind } }) =>
      pid !== null && isAlive(kind) ? [[instance_id, pid] as const] : [],
    ),
  );

/** Whether a program was stopped or goes on since the last look. */
const hasChanged = async ({ target, programs, halted }: Glanced): Promise<boolean> => {
  const now = programs.length === 0 ? null : await target.processes.halted(programs);
  return now !== null && now.join() !== halted.join();
};

/** How far apart the glances at so many programs are, in milliseconds. */
const glanceMsOf = (glanced: readonly Glanced[]): number => {
  const many = glanced.reduce((sum, { programs }) => sum + programs.length, 0);
  return (GLANCE_MS * many) / GLANCED;
};

/** When the next look is due: later and later while no agent does anything, as before once anything happens. */
const makePace = () => {
  let ms = LOOK_MS;
  let known: State | undefined;
  return {
    note: (state: State, uses: readonly ResourceUse[]): void => {
      const isCalm = known === state && uses.every(({ cpu_percent }) => (cpu_percent ?? 0) < CALM_PERCENT);
      ms = isCalm ? Math.min(2 * ms, CALM_MS) : LOOK_MS;
      known = state;
    },
    /** Milliseconds from the last look on. */
    dueMs: (state: State): number => (state === known ? ms : LOOK_MS),
  };
};

/** Measures what the processes of all agents take, in one pass over those of each machine; nothing is recorded of it. */
export const openResourceWatch = (services: DaemonServices): ResourceWatch => {
  const tracks = makeTracks(services);
  let uses: readonly ResourceUse[] = [];
  let lookedAt = Number.NEGATIVE_INFINITY;
  let glancedAt = lookedAt;
  const pace = makePace();
  let glanced: readonly Glanced[] = [];

  const measureOn = async (
    { processes }: Target,
    roots: ReadonlyMap<string, number>,
    at: number,
  ): Promise<readonly Measured[]> => {
    if (roots.size === 0) return [];
    const measured = await processes.measure([...roots.values()]);
    return [...roots].flatMap(([id, pid]) => {
      const use = measured.get(pid);
      if (!use) return [];
      const { foreground, halted } = use;
      return [{ id, foreground, halted, use: tracks.add({ id, pid, at }, use) }];
    });
  };

  const look = async (at: number): Promise<void> => {
    const before = services.store.state;
    lookedAt = at;
    const all = services.targets.map((target) => ({ target, roots: rootsOn(target, before) }));
    tracks.keep((id) => all.some(({ roots }) => roots.has(id)));
    const found = await Promise.all(
      all.map(async ({ target, roots }) => ({ target, measured: await measureOn(target, roots, at) })),
    );
    glanced = found.map(({ target, measured }) => ({
      target,
      programs: measured.flatMap(({ foreground }) => foreground),
      halted: measured.flatMap(({ halted }) => halted),
    }));
    const measured = found.flatMap((one) => one.measured);
    uses = measured.map(({ use }) => use);
    pace.note(before, uses);
    await recordHalts(services, before, new Map(measured.map(({ id, halted }) => [id, halted])));
    const { resources } = services.settings;
    const facts = (state: State): EventDraft[] => uses.flatMap((use) => limitFacts(state, use, resources));
    if (facts(services.store.state).length === 0) return;
    const done = await services.decide(facts);
    // What an instance took before it was frozen or ended is not held against it when it goes on.
    for (const { type, data } of done)
      if (type === 'instance.pause_requested' || type === 'instance.stop_requested') tracks.forget(data.instance_id);
  };

  const glance = async (at: number): Promise<void> => {
    if (at - lookedAt >= pace.dueMs(services.store.state) - SLACK_MS) return await look(at);
    if (at - glancedAt < glanceMsOf(glanced) - SLACK_MS) return undefined;
    glancedAt = at;
    const changes = await Promise.all(glanced.map(hasChanged));
    return changes.includes(true) ? await look(at) : undefined;
  };

  return {
    uses: () => uses,
    look,
    glance,
    watch: () => {
      const { log, signal } = services;
      const capabilities = CAPABILITIES;
      // Of many the glances are further apart anyway.
      const pauseMs = (): number => (glanceMsOf(glanced) >= ASK_MS ? ASK_MS : GLANCE_MS);
      return repeatRounds({ name: 'resource-meter', capabilities, everyMs: ASK_MS, pauseMs, log, signal }, () =>
        glance(performance.now()),
      );
    },
  };
};
