import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as next } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { machineUnknown } from '../../src/daemon/errors.ts';
import { noteTimes } from '../../src/daemon/logs/log-times.ts';
import { type DaemonServices, reachableInstances } from '../../src/daemon/services.ts';
import { watchEnds } from '../../src/daemon/watch/watch-ends.ts';
import { watchOsc } from '../../src/daemon/watch/watch-osc.ts';
import { watchOutput } from '../../src/daemon/watch/watch-output.ts';
import { openUsageWatch } from '../../src/daemon/watch/watch-usage.ts';
import type { EventDraft, State } from '../../src/state/index.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { servicesWith } from '../helpers/services.ts';
import { servicesOn } from '../helpers/target.ts';
import { stateOf } from '../state/fold.ts';
import { instanceCreated } from '../state/story.ts';

const started = (id: string, pid: number): EventDraft => ({
  type: 'instance.started',
  data: { instance_id: id, session: 's', pane: '%1', pid },
});

/** Two instances that start, of which the first lives on a machine that the daemon does not know. */
const stateWithStranger = (): State => {
  const state = stateOf(
    instanceCreated('claude-1'),
    instanceCreated('claude-2', 1),
    started('claude-1', 11),
    started('claude-2', 12),
  );
  const stranger = { ...state.instances['claude-1']!, host: 'elsewhere' };
  return { ...state, instances: { ...state.instances, 'claude-1': stranger } };
};

/** A daemon with those two, whose logs are real; `seen` names whose machine, adapter or program was asked for. */
const openScene = () => {
  const folder = temporaryFolder('services');
  mkdirSync(join(folder.path, 'claude-2'));
  writeFileSync(join(folder.path, 'claude-2', '000001.log'), 'abc');
  const stop = new AbortController();
  const seen: number[] = [];
  const lines: string[] = [];
  const processes = { ended: async (pid: number) => void seen.push(pid) };
  const known = servicesOn({ processes, paths: { logs: folder.path }, env: { HOME: folder.path } });
  const targetOf: DaemonServices['targetOf'] = ({ host }) => {
    if (host !== known.home.host) throw machineUnknown({ host });
    return known.home;
  };
  const adapter = { readOsc: () => [], usageLog: { counter: () => ({}) } };
  const services = servicesWith({
    ...known,
    targetOf,
    store: { state: stateWithStranger(), subscribe: () => () => undefined },
    signal: stop.signal,
    adapterFor: () => adapter,
    log: (line: string) => void lines.push(line),
    now: () => new Date(0).toISOString(),
  });
  return {
    ...{ folder, services, seen, lines },
    [Symbol.dispose]: () => {
      stop.abort();
      folder[Symbol.dispose]();
    },
  };
};

test('of instances on a machine that is not known nothing can be asked', () => {
  using it = openScene();
  const { services } = it;
  expect(reachableInstances(services, services.store.state).map((one) => one.instance_id)).toEqual(['claude-2']);
});

test('an instance on a machine that is not known keeps nobody from noting the times of the other logs', async () => {
  using it = openScene();
  await noteTimes(it.services, 7);
  expect(readFileSync(join(it.folder.path, 'claude-2', 'times'), 'utf8')).toBe('7 1 3\n');
});

test('an instance on a machine that is not known keeps nobody from watching ends, output, words and use of the others', async () => {
  using it = openScene();
  watchEnds(it.services, () => undefined);
  watchOutput(it.services, () => undefined);
  watchOsc(it.services, { works: async () => undefined, drawn: () => undefined });
  await openUsageWatch(it.services).look();
  await next();
  expect([it.seen, it.lines]).toEqual([[12], []]);
});
