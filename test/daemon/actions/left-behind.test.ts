import { expect, test } from 'vitest';
import {
  findLeftBehind,
  leftBehindFacts,
  noteLeftTold,
  recordEndedLeft,
} from '../../../src/daemon/actions/left-behind.ts';
import type { EventDraft, State } from '../../../src/state/index.ts';
import type { Instance } from '../../../src/state/instances.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated } from '../../state/story.ts';

const ID = 'rehearsal-1';
const left = (...pids: readonly number[]) => pids.map((pid) => ({ pid, words: `run ${pid}` }));
const textOf = ([fact]: readonly EventDraft[]): unknown => (fact?.type === 'alert.raised' ? fact.data.text : fact);

test('several processes that go on are named, not all with their words, and each where it is to be ended', () => {
  const facts = leftBehindFacts(stateOf(instanceCreated(ID)), ID, { left: left(5, 6, 7, 8), isNews: true });
  expect(textOf(facts)).toBe(
    'What rehearsal-1 has started goes on without it in its worktree: processes 5 (run 5), 6 (run 6), 7 (run 7) and 1 more. End them with "kill 5 6 7 8", or leave them where that is meant: what they change or commit there is taken for work of the next task.',
  );
});

test('what was told of and put away is not told of again; what stands follows what there is, and goes with it', () => {
  const before = [instanceCreated(ID)];
  const raised = leftBehindFacts(stateOf(...before), ID, { left: left(5, 6), isNews: true });
  const known = stateOf(...before, ...raised);
  expect(leftBehindFacts(known, ID, { left: left(5, 6), isNews: false })).toEqual([]);
  expect(textOf(leftBehindFacts(known, ID, { left: left(6), isNews: false }))).toContain('process 6 (run 6)');
  expect(leftBehindFacts(known, ID, { left: [], isNews: false })).toEqual([
    { type: 'alert.cleared', data: { id: `behind:${ID}`, because: 'it has ended' } },
  ]);
  expect(leftBehindFacts(stateOf(...before), ID, { left: left(5, 6), isNews: false })).toEqual([]);
  expect(leftBehindFacts(stateOf(...before), ID, { left: [], isNews: false })).toEqual([]);
});

/** A daemon on a machine where these run, by their ids with their marks, all of the agent. */
const daemonOn = (runs: Map<number, string>, before: readonly EventDraft[] = [instanceCreated(ID)]) => {
  const facts: EventDraft[] = [...before];
  let failure: Error | undefined;
  let looks = 0;
  const log: string[] = [];
  const spool = { DROVER_INSTANCE: ID, DROVER_SPOOL: `/spool/${ID}` };
  const services = servicesWith({
    ...{ signal: new AbortController().signal, log: (line: string) => log.push(line) },
    ...servicesOn({
      paths: { spool: '/spool' },
      files: { realPath: async (path: string) => path },
      processes: {
        livingIn: async () => {
          looks += 1;
          if (failure) throw failure;
          return [...runs.keys()].map((pid) => ({ pid, argv: ['serve'] }));
        },
        lineages: async (pids: readonly number[]) => new Map(pids.map((pid) => [pid, [{ env: spool }]])),
        marks: async () => {
          if (failure) throw failure;
          return new Map(runs);
        },
      },
    }),
    store: {
      get state() {
        return stateOf(...facts);
      },
    },
    decide: async (make: (now: State) => readonly EventDraft[]) => {
      facts.push(...make(stateOf(...facts)));
      return [];
    },
  });
  const instance = { ...stateOf(instanceCreated(ID)).instances[ID]!, pid: 4 } as Instance;
  const alert = () => stateOf(...facts).alerts[`behind:${ID}`]?.text;
  /** Looks, and records it where that comes about. */
  const find = async ({ settles = false, isRecorded = true } = {}): Promise<void> => {
    const found = await findLeftBehind(services, instance, { settles });
    const made = isRecorded ? leftBehindFacts(stateOf(...facts), ID, found) : [];
    facts.push(...made);
    noteLeftTold(services, ID, found, made);
  };
  const fail = (error?: Error): void => {
    failure = error;
  };
  return { services, facts, alert, find, fail, log, looks: () => looks };
};

test('what is told of processes is put away once none of them runs, also when others have their numbers; a failed look changes nothing', async () => {
  const runs = new Map([
    [5, 'a'],
    [6, 'b'],
  ]);
  const { services, alert, find, fail, log } = daemonOn(runs);
  await find();
  const told = alert();
  expect(told).toContain('kill 5 6');
  fail(new Error('no files'));
  await find();
  expect([alert(), log]).toEqual([told, [`what ${ID} left running could not be looked for: no files`]]);
  await expect(recordEndedLeft(services)).rejects.toThrow('no files');
  fail();
  runs.delete(5);
  await recordEndedLeft(services);
  expect(alert()).toBe(told);
  runs.set(6, 'of somebody else');
  await recordEndedLeft(services);
  expect(alert()).toBeUndefined();
});

test('what ends within a moment of its agent is not told of where there is time to wait for it', async () => {
  const runs = new Map([[5, 'a']]);
  const { alert, find, looks } = daemonOn(runs);
  const finding = find({ settles: true });
  await expect.poll(looks).toBeGreaterThan(0);
  runs.clear();
  await finding;
  expect(alert()).toBeUndefined();
});

test('what could not be recorded when it was found is told of at the next look, and what was told of and put away is not', async () => {
  const { facts, alert, find } = daemonOn(new Map([[5, 'a']]));
  await find({ isRecorded: false });
  await find();
  expect(alert()).toContain('kill 5');
  facts.push({ type: 'alert.cleared', data: { id: `behind:${ID}`, because: 'dismissed' } });
  await find();
  expect(alert()).toBeUndefined();
});

test('a daemon puts away what the one before it has told of once none of it runs, whatever else has those numbers', async () => {
  const first = daemonOn(
    new Map([
      [5, 'a'],
      [6, 'b'],
    ]),
  );
  await first.find();
  const told = first.alert();
  // The program of the agent itself runs there again.
  const runs = new Map([
    [6, 'b'],
    [9, 'its own'],
  ]);
  const next = daemonOn(runs, first.facts);
  next.fail(new Error('no files'));
  await expect(recordEndedLeft(next.services)).rejects.toThrow('no files');
  next.fail();
  await recordEndedLeft(next.services);
  expect(next.alert()).toBe(told);
  runs.set(6, 'of somebody else');
  await recordEndedLeft(next.services);
  expect(next.alert()).toBeUndefined();
});

test('what a daemon before has told of an agent that was removed is put away, for nothing tells it from others any more', async () => {
  const first = daemonOn(new Map([[5, 'a']]));
  await first.find();
  const removed: EventDraft = { type: 'instance.removed', data: { instance_id: ID } };
  const next = daemonOn(new Map([[5, 'of somebody else']]), [...first.facts, removed]);
  expect(next.alert()).toContain('kill 5');
  await recordEndedLeft(next.services);
  expect(next.alert()).toBeUndefined();
});
