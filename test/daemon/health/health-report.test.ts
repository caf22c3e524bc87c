import { expect, expectTypeOf, test } from 'vitest';
import type { reflectEdges } from '../../../src/daemon/health/edge-health.ts';
import { healthy, reportHealth } from '../../../src/daemon/health/health-report.ts';
import type { Service } from '../../../src/daemon/health/service.ts';
import type { Ledgers } from '../../../src/daemon/logs/ledgers.ts';
import type { Reactor } from '../../../src/daemon/reactor.ts';
import type { Server } from '../../../src/daemon/serve/server.ts';
import type { DaemonServices } from '../../../src/daemon/services.ts';
import type { takeUp } from '../../../src/daemon/startup.ts';
import type { Health, Reflective } from '../../../src/ports/reflective.ts';
import type { Target } from '../../../src/ports/target.ts';

const part = (name: string, health: Reflective['health']): Reflective => ({
  name,
  capabilities: [`do ${name}`],
  health,
});
const well = part('well', () => healthy({ rounds: 3 }));
const ill = (state: 'degraded' | 'failed'): Health => ({ state, why: 'It is tired.', indicators: {} });

test('[MON-1] the whole is as bad as the worst of its parts', async () => {
  expect(await reportHealth([])).toEqual({ state: 'ok', services: [] });
  expect(await reportHealth([well])).toEqual({
    state: 'ok',
    services: [{ name: 'well', state: 'ok', why: null, indicators: { rounds: 3 }, capabilities: ['do well'] }],
  });
  const tired = part('tired', () => ill('degraded'));
  const broken = part('broken', () => ill('failed'));
  expect(await reportHealth([well, tired])).toMatchObject({ state: 'degraded' });
  expect(await reportHealth([broken, tired, well])).toMatchObject({ state: 'failed' });
});

test('[MON-1] a part that is silent or fails at telling has failed, and the others are heard all the same', async () => {
  const silent = part('silent', () => new Promise<Health>(() => undefined));
  const throwing = part('throwing', () => {
    throw new Error('no such thing');
  });
  const rejecting = part('rejecting', () => Promise.reject(new Error('gone.')));
  const { services } = await reportHealth([silent, throwing, rejecting, well], 20);
  expect(services.map(({ name, state, why }) => [name, state, why])).toEqual([
    ['silent', 'failed', 'It does not tell within 20 ms how it is.'],
    ['throwing', 'failed', 'no such thing.'],
    ['rejecting', 'failed', 'gone.'],
    ['well', 'ok', null],
  ]);
});

test('[MON-1] the compiler asks every part of the daemon how it is', () => {
  expectTypeOf<Server>().toExtend<Reflective>();
  expectTypeOf<Reactor>().toExtend<Reflective>();
  expectTypeOf<Ledgers>().toExtend<Reflective>();
  // Whatever goes on until the daemon ends is waited for through this list alone.
  expectTypeOf<Awaited<ReturnType<typeof takeUp>>['watches'][number]>().toExtend<Service>();
  expectTypeOf<Service>().toExtend<Reflective>();
  // Without its health a loop is none of them.
  expectTypeOf<{ done: Promise<void> }>().not.toExtend<Service>();

  type Edges = ReturnType<typeof reflectEdges>;
  expectTypeOf<keyof Edges>().toExtend<keyof DaemonServices | keyof Target>();
  expectTypeOf<Edges[keyof Edges]>().toEqualTypeOf<Reflective>();
  // Whatever else is given to the parts of the daemon is known to be no part: a new one has to be told of here or there.
  type Given = 'ballast' | 'decide' | 'decideAs' | 'env' | 'home' | 'launchTarget' | 'log' | 'now' | 'paths';
  type Agents = 'adapterFor' | 'adapterToStart' | 'agentTrouble';
  expectTypeOf<Exclude<keyof DaemonServices, keyof Edges>>().toEqualTypeOf<
    Given | Agents | 'atIntegration' | 'processesStarted' | 'settings' | 'signal' | 'targetOf'
  >();
});
