import { expect, test } from 'vitest';
import { recordHangs, recordRevivals } from '../../../src/daemon/watch/hangs.ts';
import { idleRunFacts, recordIdleRuns, unansweredFacts } from '../../../src/daemon/watch/idle-runs.ts';
import { ageBy, makeVigil, type Vigil } from '../../../src/daemon/watch/vigil.ts';
import type { AppEvent, EventDraft, State } from '../../../src/state/index.ts';
import { emptyState, reduce } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';
import { instanceCreated, taskCreated } from '../../state/story.ts';

const ID = 'opencode-1';
const START = Date.parse('2026-01-01T12:00:00.000Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PATIENCE = 10 * MINUTE;

/** A machine that goes on evenly, whose clock of the wall is set, and the looks of daemons at it. */
const machine = () => {
  let up = HOUR;
  let wrong = 0;
  const clocks = () => ({ wall: START + up - HOUR + wrong, steady: up, up });
  const daemon = (before?: number) => makeVigil(clocks, before);
  return {
    daemon,
    wall: () => clocks().wall,
    started: () => clocks().wall - up,
    set: (ms: number) => {
      wrong += ms;
    },
    /** So many milliseconds go by with a look a second; the last one tells. */
    watch: (look: () => Vigil, ms: number): Vigil => {
      for (const end = up + ms; up < end; up += 1000) look();
      return look();
    },
    pass: (ms: number) => {
      up += ms;
    },
  };
};

/** Facts that happen one after the other, each at its time by the clock of the wall. */
const story = () => {
  let state: State = emptyState;
  const add = (at: number, ...drafts: readonly EventDraft[]): void => {
    for (const draft of drafts) {
      const head = { seq: state.seq + 1, at: new Date(at).toISOString(), actor: 'daemon', corr: '' };
      state = reduce(state, { ...draft, ...head } as AppEvent);
    }
  };
  return { add, state: () => state };
};

const move = (state: 'starting' | 'working' | 'idle' | 'waiting' | 'stuck'): EventDraft => ({
  type: 'instance.moved',
  data: { instance_id: ID, state, source: 'hook', ...(state === 'waiting' ? { question: 'Which?' } : {}) },
});
const given: readonly EventDraft[] = [
  instanceCreated(ID),
  move('starting'),
  move('idle'),
  taskCreated('1'),
  { type: 'task.assigned', data: { id: '1', instance: ID, pinned: false, reason: 'x' } },
  { type: 'run.started', data: { id: '1', instance: ID, branch: 'b', start_commit: 'c' } },
];

const placeOf = (state: State, printedAt: number) => {
  const recorded: EventDraft[] = [];
  const place = servicesOn({ logs: { grownAt: async () => printedAt }, paths: { logs: '/l' } });
  const services = servicesWith({
    ...place,
    store: { state },
    settings: settingsSchema.parse({ timeouts: { idle_ms: PATIENCE, start_ms: PATIENCE } }),
    now: () => new Date(START).toISOString(),
    decide: async (rule: (now: State) => EventDraft[]) => {
      recorded.push(...rule(state));
      return recorded;
    },
  });
  return { services, home: place.home, recorded };
};

/** Whether an agent is recorded as hanging that printed something last at this time. */
const hangs = async (state: State, printedAt: number, vigil: Vigil): Promise<boolean> => {
  const { services, home, recorded } = placeOf(state, printedAt);
  await recordHangs(services, home, vigil);
  return recorded.length > 0;
};

const revives = async (state: State, printedAt: number, vigil: Vigil): Promise<boolean> => {
  const { services, home, recorded } = placeOf(state, printedAt);
  await recordRevivals(services, home, vigil);
  return recorded.length > 0;
};

test('looks tell since when none was missed', () => {
  let up = 0;
  const vigil = makeVigil(() => ({ wall: START + up, steady: up, up }));
  const looks = [0, 1000, 9000, 39_000, 40_000].map((next) => {
    up = next;
    return vigil().watchedSince;
  });
  expect(looks).toEqual([0, 0, 0, START + 39_000, START + 39_000]);
});

test.each([HOUR, -HOUR])(
  'a clock that is set by %d ms makes no agent hang, and one that does is found after its time',
  async (jump) => {
    const place = machine();
    const { add, state } = story();
    const look = place.daemon();
    add(place.wall(), ...given, move('working'));
    const printed = place.wall();
    place.watch(look, MINUTE);
    place.set(jump);
    expect(await hangs(state(), printed, look())).toBe(false);
    expect(await hangs(state(), printed, place.watch(look, PATIENCE - 5000))).toBe(false);
    expect(await hangs(state(), printed, place.watch(look, 6000))).toBe(true);
  },
);

test('one that begins while the clock is ahead is watched as any other when that is set right, by the next daemon as well', async () => {
  const place = machine();
  const { add, state } = story();
  const look = place.daemon();
  place.watch(look, MINUTE);
  place.set(HOUR);
  place.watch(look, MINUTE);
  add(place.wall(), ...given, move('working'));
  const printed = place.wall();
  place.watch(look, 2000);
  const noted = place.started();
  place.set(-HOUR);
  for (const after of [look, place.daemon(noted), place.daemon()]) {
    expect(await hangs(state(), printed, place.watch(after, PATIENCE - 5000))).toBe(false);
    expect(await hangs(state(), printed, place.watch(after, 6000))).toBe(true);
  }
});

test('a daemon that comes after the clock was set forward, while none was there, gives everybody their time once more', async () => {
  const place = machine();
  const { add, state } = story();
  add(place.wall(), ...given, move('working'));
  const printed = place.wall();
  place.watch(place.daemon(), MINUTE);
  const noted = place.started();
  place.set(HOUR);
  place.pass(2000);
  const next = place.daemon(noted);
  expect(await hangs(state(), printed, next())).toBe(false);
  expect(await hangs(state(), printed, place.watch(next, PATIENCE - 5000))).toBe(false);
  expect(await hangs(state(), printed, place.watch(next, 6000))).toBe(true);
});

test('an agent that hung by a clock that was ahead is at work again as soon as it prints, and not before', async () => {
  const place = machine();
  const { add, state } = story();
  const look = place.daemon();
  place.watch(look, MINUTE);
  place.set(HOUR);
  const printed = place.wall();
  add(place.wall(), ...given, move('working'));
  place.watch(look, 12 * MINUTE);
  add(place.wall(), move('stuck'));
  place.set(-HOUR);
  expect(await revives(state(), printed, place.watch(look, 2000))).toBe(false);
  expect(await revives(state(), place.wall() - 500, place.watch(look, 2000))).toBe(true);
});

test.each([HOUR, -HOUR])('a clock that is set by %d ms makes no question overdue', (jump) => {
  const place = machine();
  const { add, state } = story();
  const look = place.daemon();
  add(place.wall(), ...given, move('waiting'));
  const overdue = (vigil: Vigil): boolean => unansweredFacts(state(), ageBy(vigil), PATIENCE).length > 0;
  expect(overdue(place.watch(look, 9 * MINUTE))).toBe(false);
  place.set(jump);
  expect(overdue(look())).toBe(false);
  expect(overdue(place.watch(look, PATIENCE - 5000))).toBe(false);
  expect(overdue(place.watch(look, 6000))).toBe(true);
});

test('a question that was asked while the clock was ahead is overdue after its time, and not an hour later', () => {
  const place = machine();
  const { add, state } = story();
  const look = place.daemon();
  place.watch(look, MINUTE);
  place.set(HOUR);
  place.watch(look, MINUTE);
  add(place.wall(), ...given, move('waiting'));
  place.set(-HOUR);
  const overdue = (vigil: Vigil): boolean => unansweredFacts(state(), ageBy(vigil), PATIENCE).length > 0;
  expect(overdue(place.watch(look, PATIENCE - 5000))).toBe(false);
  expect(overdue(place.watch(look, 10_000))).toBe(true);
});

test('an agent that rests since a moment is not taken for interrupted because the clock was set', () => {
  const place = machine();
  const { add, state } = story();
  const look = place.daemon();
  place.watch(look, MINUTE);
  add(place.wall(), ...given, move('working'), move('idle'));
  place.set(HOUR);
  expect(idleRunFacts(state(), ageBy(look()))).toEqual([]);
  expect(idleRunFacts(state(), ageBy(place.watch(look, 4000)))).not.toEqual([]);
});

test('a machine that sleeps is no clock that was set: what was asked before is as old as it is', () => {
  const place = machine();
  const { add, state } = story();
  const look = place.daemon();
  place.watch(look, MINUTE);
  add(place.wall(), ...given, move('waiting'));
  place.watch(look, MINUTE);
  place.pass(HOUR);
  const vigil = look();
  expect(vigil).toMatchObject({ setAt: 0, watchedSince: place.wall() });
  expect(unansweredFacts(state(), ageBy(vigil), PATIENCE)).not.toEqual([]);
});

test.each([
  ['at work', [move('working')], 'hang'],
  ['on its way', [move('working'), move('starting')], 'hang'],
  ['at rest since a moment', [move('working'), move('idle')], 'rest'],
] as const)(
  'a daemon that stood still for ten minutes says nothing of an agent %s that is well',
  async (_what, moves, how) => {
    const place = machine();
    const { add, state } = story();
    const look = place.daemon();
    place.watch(look, MINUTE);
    add(place.wall(), ...given, ...moves);
    const printed = place.wall();
    const alarms = async (vigil: Vigil): Promise<readonly EventDraft[]> => {
      const { services, home, recorded } = placeOf(state(), printed);
      if (how === 'hang') await recordHangs(services, home, vigil);
      else await recordIdleRuns(services, vigil);
      return recorded;
    };
    look();
    place.pass(10 * MINUTE);
    expect(await alarms(look())).toEqual([]);
    // It has all its time from then on, and no more.
    const patience = how === 'hang' ? PATIENCE : 3000;
    expect(await alarms(place.watch(look, patience - 2000))).toEqual([]);
    expect(await alarms(place.watch(look, 4000))).not.toEqual([]);
  },
);
