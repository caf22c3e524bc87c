import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test, vi } from 'vitest';
import { claude } from '../../../src/agents/claude.ts';
import { setConfig } from '../../../src/commands/settings/set-config.ts';
import { watchNetwork } from '../../../src/daemon/sandbox/watch-network.ts';
import { namedServices, waysOutOf } from '../../../src/daemon/sandbox/ways-out.ts';
import type { DaemonServices } from '../../../src/daemon/services.ts';
import { parse } from '../../../src/protocol/parse.ts';
import { makeResolve, type Resolve } from '../../../src/proxy/resolve.ts';
import { proxySocket } from '../../../src/sandbox/network.ts';
import { type EventDraft, reduceAll, type State } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { languageOf } from '../../helpers/desk.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';
import { openOutside, PUBLIC } from '../../proxy/outside.ts';
import { talk } from '../../proxy/world.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated, numbered } from '../../state/story.ts';

const NAMES = {
  'example.org': PUBLIC,
  'api.anthropic.com': PUBLIC,
  'inner.example.org': '10.0.0.7',
  '127.0.0.1': '127.0.0.1',
};

/** A daemon with one instance, whose settings a test can change. */
const stage = async (sandbox: object, resolve?: Resolve, env: Record<string, string> = {}) => {
  const folder = temporaryFolder('ways');
  const outside = await openOutside(NAMES);
  const stop = new AbortController();
  let settings = settingsSchema.parse({ sandbox });
  let state = stateOf(instanceCreated('claude-1'));
  const facts: EventDraft[] = [];
  const paths = { commonDir: folder.path, spool: `${folder.path}/drover/spool` };
  mkdirSync(`${paths.spool}/claude-1`, { recursive: true });
  const lines: string[] = [];
  const services = servicesWith({
    ...servicesOn({ paths, env }),
    paths,
    get settings() {
      return settings;
    },
    store: {
      get state() {
        return state;
      },
    },
    adapterFor: () => claude,
    decide: async (decided: (now: State) => readonly EventDraft[]) => {
      const drafts = decided(state);
      facts.push(...drafts);
      state = reduceAll(state, numbered(drafts, state.seq + 1));
      return [];
    },
    log: (line: string) => lines.push(line),
    signal: stop.signal,
  });
  const ways = waysOutOf(services, resolve ? { ...outside.world, resolve } : outside.world);
  const socket = proxySocket(`${paths.spool}/claude-1`);
  return {
    ...{ services, ways, socket, facts, lines, stop, paths, outside },
    instance: () => state.instances['claude-1']!,
    alerts: () => Object.values(state.alerts),
    set: (changed: object) => (settings = settingsSchema.parse({ sandbox: changed })),
    ask: (host: string, name = 'claude-1') =>
      talk(socket.replace('claude-1', name), `GET http://${host}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
    [Symbol.asyncDispose]: async () => {
      await ways.close();
      await outside[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
};

const LIST = { mode: 'worktree', network: 'allow-list', hosts: ['example.org'] };

test('[SEC-9] an instance with a list reaches it and its model, and what it is kept from is told once, with the line that allows it', async () => {
  await using swarm = await stage(LIST);
  await swarm.ways.ensure(swarm.instance());
  expect(await swarm.ask('example.org')).toContain('hello from example.org');
  expect(await swarm.ask('api.anthropic.com')).toContain('hello from api.anthropic.com');
  expect(swarm.alerts()).toEqual([]);
  for (const host of ['pypi.org', 'pypi.org', 'pypi.org:8443', 'pypi.org'])
    expect(await swarm.ask(host)).toContain('403');
  expect(swarm.facts).toHaveLength(2);
  const [alert] = swarm.alerts();
  expect(alert).toMatchObject({
    id: 'network:claude-1',
    instance: 'claude-1',
    text: 'The sandbox kept claude-1 from pypi.org, pypi.org:8443 (not in sandbox.hosts).',
  });
  const said = parse(alert!.suggestion!, languageOf([setConfig]));
  expect(said).toMatchObject({ ok: true });
  expect(JSON.stringify(said)).toContain(JSON.stringify('["example.org","pypi.org","pypi.org:8443"]'));
});

const KEPT = { unlisted: [], own: [], hidden: [], more: 0 };

/** An alert as an earlier daemon has recorded it. */
const toldBefore = (services: DaemonServices, text: string, kept?: Partial<typeof KEPT> | Record<string, unknown>) =>
  services.decide(() => [
    {
      type: 'alert.raised',
      data: {
        ...{ id: 'network:claude-1', severity: 'warning', text, suggestion: null, instance: 'claude-1', task: null },
        ...(kept ? { kept_from: { ...KEPT, ...kept } } : {}),
      },
    },
  ]);

test('[SEC-9] what an earlier daemon told of goes when the list has it by now, whatever the words were', async () => {
  await using swarm = await stage({ ...LIST, hosts: ['example.org', 'pypi.org'] });
  await toldBefore(swarm.services, 'It was kept from some places.', {
    unlisted: ['pypi.org', 'crates.io'],
    hidden: ['10.0.0.7'],
  });
  await swarm.ways.settle([swarm.instance()]);
  const left =
    'The sandbox kept claude-1 from crates.io (not in sandbox.hosts) and 10.0.0.7 (the address is not on the internet).';
  expect(swarm.alerts()).toMatchObject([
    { text: left, kept_from: { unlisted: ['crates.io'], own: [], hidden: ['10.0.0.7'], more: 0 } },
  ]);
});

test('[SEC-9] an alert of an earlier daemon goes whole, and stays where it does not name all', async () => {
  const leftOf = async (kept?: Record<string, unknown>) => {
    await using swarm = await stage({ ...LIST, hosts: ['example.org', 'pypi.org'] });
    await toldBefore(swarm.services, 'The sandbox kept claude-1 from pypi.org (not in sandbox.hosts).', kept);
    await swarm.ways.settle([swarm.instance()]);
    return swarm.alerts().length;
  };
  expect(await leftOf({ unlisted: ['pypi.org'] })).toBe(0);
  expect(await leftOf({ unlisted: ['pypi.org'], more: 2 })).toBe(1);
  expect(await leftOf({ unlisted: ['pypi.org', '«redacted».org'] })).toBe(1);
  // An earlier release has recorded the words alone.
  expect(await leftOf()).toBe(1);
});

test('[SEC-9] of many places some are recorded, and how many more there are', async () => {
  await using swarm = await stage(LIST);
  await swarm.ways.ensure(swarm.instance());
  for (let n = 0; n < 22; n += 1) await swarm.ask(`h${n}.org`);
  const [alert] = swarm.alerts();
  expect(alert!.kept_from).toMatchObject({ more: 2, own: [], hidden: [] });
  expect(alert!.kept_from!.unlisted).toHaveLength(20);
});

test('[SEC-9] what leads into the private network is told as that, and no line allows it', async () => {
  await using swarm = await stage({ ...LIST, hosts: ['inner.example.org'] });
  await swarm.ways.ensure(swarm.instance());
  expect(await swarm.ask('inner.example.org')).toContain('not on the internet');
  expect(swarm.alerts()).toMatchObject([
    {
      text: 'The sandbox kept claude-1 from inner.example.org (the address is not on the internet).',
      suggestion: null,
    },
  ]);
  await swarm.ask('pypi.org');
  expect(swarm.alerts()[0]!.text).toContain('pypi.org (not in sandbox.hosts) and inner.example.org');
});

test('[SEC-9] who asks for what no list can name closes nobody’s way out, and has nothing proposed for it', async () => {
  await using swarm = await stage(LIST);
  await swarm.ways.ensure(swarm.instance());
  for (const host of ['127.0.0.1:22', '169.254.169.254', '-a.org']) expect(await swarm.ask(host)).toContain('403');
  await swarm.ways.settle([swarm.instance()]);
  expect(await swarm.ask('example.org')).toContain('hello from example.org');
  expect(swarm.alerts()).toMatchObject([{ id: 'network:claude-1', suggestion: null }]);
  expect(swarm.alerts()[0]!.text).toBe(
    'The sandbox kept claude-1 from 127.0.0.1:22 (a service of this machine that is not in sandbox.hosts) and 169.254.169.254, -a.org (the address is not on the internet).',
  );
});

test('[SEC-9] the list holds at once, and the alert goes with what it told of', async () => {
  await using swarm = await stage(LIST);
  await swarm.ways.ensure(swarm.instance());
  for (const host of ['a.org', 'b.org', 'c.org', 'd.org', 'e.org', 'f.org', 'g.org']) await swarm.ask(host);
  expect(swarm.alerts()[0]!.text).toContain('e.org and 2 more (not in sandbox.hosts)');
  swarm.set({ ...LIST, hosts: ['a.org', 'b.org'] });
  await swarm.ways.settle([swarm.instance()]);
  expect(swarm.alerts()[0]!.text).toBe(
    'The sandbox kept claude-1 from c.org, d.org, e.org, f.org, g.org (not in sandbox.hosts).',
  );
  swarm.set({ ...LIST, hosts: ['*.org', 'a.org', 'b.org', 'c.org', 'd.org', 'e.org', 'f.org', 'g.org'].slice(1) });
  await swarm.ways.settle([swarm.instance()]);
  expect(swarm.alerts()).toEqual([]);
  await swarm.ways.settle([swarm.instance()]);
  expect(swarm.facts.filter(({ type }) => type === 'alert.cleared')).toHaveLength(1);
});

test('[SEC-9] a service of this machine is told of as that, until the list has it', async () => {
  await using swarm = await stage(LIST);
  await swarm.ways.ensure(swarm.instance());
  const { port } = swarm.outside;
  expect(await swarm.ask(`localhost:${port}`)).toContain('not in sandbox.hosts');
  const text = `The sandbox kept claude-1 from localhost:${port} (a service of this machine that is not in sandbox.hosts).`;
  expect(swarm.alerts()).toMatchObject([{ text, suggestion: null }]);
  swarm.set({ ...LIST, hosts: [`localhost:${port}`] });
  await swarm.ways.settle([swarm.instance()]);
  expect(swarm.alerts()).toEqual([]);
  for (const host of ['localhost', '127.0.0.1'])
    expect(await swarm.ask(`${host}:${port}`)).toContain(`hello from ${host}`);
});

test('[SEC-9] what a program was kept from is told no more when it is started anew, with a list or without', async () => {
  await using swarm = await stage(LIST);
  for (const next of [LIST, { mode: 'worktree' }]) {
    swarm.set(LIST);
    await swarm.ways.ensure(swarm.instance());
    await swarm.ask('pypi.org');
    expect(swarm.alerts()).toHaveLength(1);
    // A look, also that of another daemon, is no new start.
    await swarm.ways.settle([]);
    await swarm.ways.settle([swarm.instance()]);
    expect(swarm.alerts()).toHaveLength(1);
    swarm.set(next);
    swarm.ways.startAnew('claude-1');
    await swarm.ways.ensure(swarm.instance());
    expect(swarm.alerts()).toEqual([]);
  }
});

test('[SEC-9] a way is closed when the settings have no list any more, and opened again by a new daemon', async () => {
  await using swarm = await stage(LIST);
  await swarm.ways.settle([swarm.instance()]);
  expect([swarm.ways.count(), existsSync(swarm.socket)]).toEqual([1, true]);
  for (const other of [{ ...LIST, mode: 'off' }, { ...LIST, network: 'off' }, { mode: 'worktree' }]) {
    swarm.set(other);
    await swarm.ways.settle([swarm.instance()]);
    expect([swarm.ways.count(), existsSync(swarm.socket)]).toEqual([0, false]);
  }
  // Without a word of it an instance has none, and nothing lies in its folder.
  swarm.set({});
  await swarm.ways.ensure(swarm.instance());
  await swarm.ways.ensureForChecks();
  expect(swarm.ways.count()).toBe(0);
  swarm.set({ mode: 'strict', checks_network: 'allow-list' });
  await swarm.ways.ensureForChecks();
  await swarm.ways.settle([swarm.instance()]);
  expect(swarm.ways.count()).toBe(2);
  await swarm.ways.settle([]);
  expect([swarm.ways.count(), existsSync(swarm.socket)]).toEqual([1, false]);
});

test('[SEC-9] one that cannot be opened is told of and tried again, and all are closed at the end', async () => {
  await using swarm = await stage(LIST);
  const { socket, services, stop } = swarm;
  mkdirSync(socket);
  await expect(swarm.ways.ensure(swarm.instance())).rejects.toThrow();
  expect(swarm.ways.count()).toBe(0);
  const watch = watchNetwork(services);
  await vi.waitFor(async () => expect((await watch.health()).state).toBe('degraded'));
  expect(swarm.lines[0]).toContain('a sandbox has no way out');
  stop.abort();
  await watch.done;
  expect(swarm.ways.count()).toBe(0);
});

test('[SEC-9] what one agent puts in the place of its way out closes no other’s, nor keeps them open', async () => {
  await using swarm = await stage(LIST);
  const { socket, services, stop, ways } = swarm;
  const other = { ...swarm.instance(), instance_id: 'claude-2' };
  const otherSocket = socket.replace('claude-1', 'claude-2');
  const odd = { ...swarm.instance(), instance_id: 'claude-0' };
  mkdirSync(dirname(otherSocket));
  await ways.settle([swarm.instance()]);
  rmSync(socket);
  mkdirSync(socket);
  // Of the one the folder of the socket is a folder, the other has none at all.
  await expect(ways.settle([odd, swarm.instance(), other])).rejects.toThrow();
  expect([ways.count(), existsSync(otherSocket)]).toEqual([2, true]);
  const watch = watchNetwork(services);
  stop.abort();
  await watch.done;
  expect([ways.count(), existsSync(otherSocket)]).toEqual([0, false]);
});

test('[SEC-9] an agent that asks for names which nobody answers keeps no other from its own', async () => {
  const asked: string[] = [];
  const hangs = Promise.withResolvers<void>();
  const ask = async (host: string) => {
    asked.push(host);
    if (host.startsWith('slow')) await hangs.promise;
    return [PUBLIC];
  };
  await using swarm = await stage({ ...LIST, hosts: ['example.org', '*.example.org'] }, makeResolve(ask));
  const { socket, ways } = swarm;
  const other = { ...swarm.instance(), instance_id: 'claude-2' };
  mkdirSync(dirname(socket.replace('claude-1', 'claude-2')));
  await ways.settle([swarm.instance(), other]);
  const slow = Array.from({ length: 20 }, (_, n) => swarm.ask(`slow${n}.example.org`));
  await vi.waitFor(() => expect(asked).toEqual(['slow0.example.org']));
  expect(await swarm.ask('example.org', 'claude-2')).toContain('hello from example.org');
  hangs.resolve();
  for (const said of await Promise.all(slow)) expect(said).toContain('hello from slow');
});

test('[SEC-9] where its model answers elsewhere an instance reaches that, and a service of this machine by its port', async () => {
  const gateway = { ANTHROPIC_BASE_URL: 'https://example.org/anthropic' };
  await using swarm = await stage({ ...LIST, hosts: [] }, undefined, gateway);
  await swarm.ways.ensure(swarm.instance());
  expect(await swarm.ask('example.org')).toContain('hello from example.org');
  expect(namedServices(swarm.services, swarm.instance())).toEqual([]);

  await using local = await stage(LIST, undefined, { ANTHROPIC_BASE_URL: 'http://127.0.0.1:8085' });
  expect(namedServices(local.services, local.instance())).toEqual([8085]);
  // Nobody else has it: a check, for instance.
  expect(namedServices(local.services)).toEqual([]);
});
