import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { limitFacts } from '../../../src/daemon/watch/resource-limits.ts';
import { openResourceWatch } from '../../../src/daemon/watch/watch-resources.ts';
import type { Measured } from '../../../src/process/measure.ts';
import { usesOf } from '../../../src/process/target-processes.ts';
import { resourcesSchema } from '../../../src/state/cost-settings.ts';
import { type EventDraft, emptyState, reduceAll, type State } from '../../../src/state/index.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';
import { AT, instanceCreated, numbered } from '../../state/story.ts';

const MB = 1024 * 1024;
const ROOT = { pid: 100, parent: 1, tty: 'a', foreground: true, halted: false, cpuMs: 0, memory: 10 * MB };

/** A swarm of one agent whose processes are what the test says. */
const openScene = (limits: object, instances = '') => {
  let state: State = emptyState;
  const log: string[] = [];
  const happen = (drafts: readonly EventDraft[]) => {
    const events = numbered(drafts, state.seq + 1);
    state = reduceAll(state, events);
    return events;
  };
  happen([
    instanceCreated('claude-1'),
    instanceCreated('claude-2', 1),
    { type: 'instance.started', data: { instance_id: 'claude-1', session: 's', pane: '%1', pid: 100 } },
  ]);
  const stop = new AbortController();
  let table: readonly Measured[] | Error = [ROOT];
  const measure = async (pids: readonly number[]) => {
    if (table instanceof Error) throw table;
    return usesOf(table, pids);
  };
  const asked: (readonly number[])[] = [];
  const halted = async (pids: readonly number[]) => {
    asked.push(pids);
    return table instanceof Error ? null : table.filter((one) => one.halted).map(({ pid }) => pid);
  };
  const services = servicesWith({
    ...servicesOn({
      processes: {
        measure,
        halted,
        lineages: async () => new Map(),
        marks: async () => new Map(),
        run: async () => ({ code: 0, stdout: '' }),
      },
      paths: { instances },
    }),
    settings: { resources: resourcesSchema.parse(limits) },
    signal: stop.signal,
    now: () => AT,
    log: (line: string) => void log.push(line),
    store: {
      get state() {
        return state;
      },
    },
    decide: async (facts: (now: State) => readonly EventDraft[]) => happen(facts(state)),
  });
  const watch = openResourceWatch(services);
  return {
    ...{ watch, happen, log, stop, asked },
    state: () => state,
    alerts: () => Object.values(state.alerts).map(({ text, suggestion }) => `${text} → ${suggestion}`),
    /** A glance, and below a look, with the agent having taken so much until then. */
    glance: async (at: number, changes: Partial<Measured>) => {
      table = [{ ...ROOT, ...changes }];
      await watch.glance(at);
    },
    look: async (at: number, changes: Partial<Measured> | readonly Measured[] | Error) => {
      table = changes instanceof Error || Array.isArray(changes) ? changes : [{ ...ROOT, ...changes }];
      await watch.look(at);
    },
  };
};

test('what an agent takes is that of all its processes, since the last look and over the time of the limit', async () => {
  const scene = openScene({ cpu_ms: 4000 });
  const use = () => scene.watch.uses()[0];
  expect(scene.watch.uses()).toEqual([]);
  const child = { pid: 101, parent: 100, tty: '', foreground: false, halted: false, cpuMs: 500, memory: 5 * MB };
  await scene.look(1000, [ROOT, child, { ...child, pid: 7, parent: 1 }]);
  expect(use()).toEqual({
    instance_id: 'claude-1',
    cpu_percent: null,
    cpu_average: null,
    memory_mb: 15,
    processes: 2,
    at: AT,
  });
  await scene.look(3000, [ROOT, { ...child, cpuMs: 1500 }]);
  expect(use()).toMatchObject({ cpu_percent: 50, cpu_average: null });
  // The child has ended; its time is its parent's now.
  await scene.look(5000, [{ ...ROOT, cpuMs: 3500 }]);
  expect(use()).toMatchObject({ cpu_percent: 100, cpu_average: 75, processes: 1 });
  // One whose parent had gone takes its time along: nobody has used less than nothing.
  await scene.look(7000, [{ ...ROOT, cpuMs: 100 }]);
  expect(use()).toMatchObject({ cpu_percent: 0, cpu_average: 50 });
  await scene.look(7000, [{ ...ROOT, cpuMs: 100 }]);
  expect(use()).toMatchObject({ cpu_percent: null });
  // It is another program now.
  scene.happen([{ type: 'instance.started', data: { instance_id: 'claude-1', session: 's', pane: '%1', pid: 200 } }]);
  await scene.look(9000, [{ ...ROOT, pid: 200, cpuMs: 9000 }]);
  expect(use()).toMatchObject({ cpu_percent: null });
  scene.happen([{ type: 'instance.moved', data: { instance_id: 'claude-1', state: 'failed', source: 'terminal' } }]);
  await scene.look(11_000, []);
  expect(scene.watch.uses()).toEqual([]);
});

test('an agent beyond its limit is told of once, and that is over when it is within it again', async () => {
  const scene = openScene({ memory_mb: 100, cpu_percent: 90, cpu_ms: 2000 });
  await scene.look(0, { memory: 101 * MB });
  expect(scene.alerts()).toEqual([
    'claude-1 takes 101 MB of memory, more than its limit of 100 MB → pause instance claude-1',
  ]);
  await scene.look(2000, { memory: 200 * MB, cpuMs: 2000 });
  expect(scene.alerts()).toEqual([
    expect.stringContaining('101 MB'),
    'claude-1 takes 100 % of a core over 2s, more than its limit of 90 % → pause instance claude-1',
  ]);
  expect(scene.state().instances['claude-1']!.hold).toBeNull();
  await scene.look(4000, { memory: 99 * MB, cpuMs: 2100 });
  expect(scene.alerts()).toEqual([]);
});

test('one that is paused for its time begins anew when it goes on, and is paused again when it has not changed', async () => {
  const scene = openScene({ cpu_percent: 90, cpu_ms: 2000, action: 'pause' });
  await scene.look(0, { cpuMs: 0 });
  await scene.look(2000, { cpuMs: 2000 });
  expect(scene.state().instances['claude-1']!.hold).toBe('pausing');
  await scene.look(4000, { cpuMs: 2000 });
  expect(scene.alerts()).toHaveLength(1);
  scene.happen([{ type: 'instance.resumed', data: { instance_id: 'claude-1', evidence: 'goes on' } }]);
  await scene.look(6000, { cpuMs: 2000 });
  expect([scene.alerts(), scene.state().instances['claude-1']!.hold]).toEqual([[], null]);
  await scene.look(8000, { cpuMs: 4000 });
  expect(scene.state().instances['claude-1']!.hold).toBe('pausing');
});

test('between two looks it is seen that a program was stopped and that it goes on, and nothing is measured', async () => {
  using folder = temporaryFolder();
  mkdirSync(join(folder.path, 'claude-1'));
  const scene = openScene({}, folder.path);
  const kind = () => scene.state().instances['claude-1']!.hold;
  // Nothing is known before the first look, which is due at once.
  await scene.glance(0, {});
  expect([scene.asked, scene.watch.uses().length]).toEqual([[], 1]);
  await scene.glance(250, { memory: 90 * MB });
  expect([scene.asked, scene.watch.uses()[0]!.memory_mb]).toEqual([[[100]], 10]);
  await scene.glance(500, { halted: true, memory: 90 * MB });
  expect([kind(), scene.watch.uses()[0]!.memory_mb]).toEqual(['frozen', 90]);
  await scene.glance(750, { halted: true });
  expect([kind(), scene.asked.length]).toEqual(['frozen', 3]);
  await scene.glance(1000, {});
  expect(kind()).toBeNull();
  await scene.glance(3000, { memory: 20 * MB });
  expect([scene.asked.length, scene.watch.uses()[0]!.memory_mb]).toEqual([4, 20]);
});

test('of many programs each is glanced at less often', async () => {
  const scene = openScene({});
  const many = Array.from({ length: 25 }, (_, n) => ({ ...ROOT, pid: 100 + n, parent: n === 0 ? 1 : 100 }));
  await scene.look(0, many);
  for (const at of [250, 500, 750, 1000, 1250]) await scene.watch.glance(at);
  expect(scene.asked.map((pids) => pids.length)).toEqual([25, 25, 25]);
});

test('while nothing happens it is measured less and less often, and as before once something does', async () => {
  const scene = openScene({});
  /** When it was measured, of glances every quarter of a second, with so much memory at each. */
  const lookedAt = async (from: number, to: number, cpuOf: (at: number) => number = () => 0) => {
    const times: number[] = [];
    for (let at = from; at < to; at += 250) {
      await scene.glance(at, { memory: at * MB, cpuMs: cpuOf(at) });
      if (scene.watch.uses()[0]!.memory_mb === at) times.push(at);
    }
    return times;
  };
  expect(await lookedAt(250, 40_000)).toEqual([250, 2000, 5750, 13_500, 21_250, 29_000, 36_750]);
  scene.happen([{ type: 'instance.resumed', data: { instance_id: 'claude-1', evidence: 'goes on' } }]);
  expect(await lookedAt(40_000, 44_000)).toEqual([40_000, 41_750]);
  expect(await lookedAt(44_000, 56_000, (at) => at / 10)).toEqual([45_500, 47_250, 49_000, 50_750, 52_500, 54_250]);
});

test('with the action stop it is asked to end, and of one that is not there nothing follows', () => {
  const scene = openScene({});
  const limits = resourcesSchema.parse({ memory_mb: 1, action: 'stop' });
  const use = { instance_id: 'claude-1', cpu_percent: 0, cpu_average: 0, memory_mb: 5, processes: 1, at: AT };
  expect(limitFacts(scene.state(), use, limits)).toMatchObject([
    { type: 'alert.raised', data: { text: expect.stringMatching(/; it is stopped$/), instance: null } },
    { type: 'instance.stop_requested', data: { force: false, remove: false } },
  ]);
  expect(limitFacts(scene.state(), { ...use, instance_id: 'gone-1' }, limits)).toEqual([]);
  expect(limitFacts(scene.state(), { ...use, instance_id: 'claude-2' }, limits)).toEqual([]);
});

test('that nothing can be measured is said in the log', async () => {
  const scene = openScene({});
  await expect(scene.look(0, new Error('ps ended with 1'))).rejects.toThrow('ps ended with 1');
  const watching = scene.watch.watch();
  await vi.waitUntil(() => scene.log.length > 0);
  scene.stop.abort();
  await watching.done;
  expect(scene.log).toEqual(['ps ended with 1']);
});
