import { pickedEnv } from '../../agents/launch-script.ts';
import { checksFolder, spoolFolderOf } from '../../lib/paths.ts';
import type { ProxyOptions } from '../../proxy/proxy.ts';
import { inTurnWithOthers } from '../../proxy/resolve.ts';
import { thisWorld, type World } from '../../proxy/world.ts';
import { proxySocket } from '../../sandbox/network.ts';
import type { Instance } from '../../state/instances.ts';
import { networkFor, sandboxForChecks, sandboxForInstance, sandboxForSetUp } from '../../state/sandbox-choice.ts';
import { type HostRule, loopbackPorts, parseHostRule } from '../../state/sandbox-hosts.ts';
import type { DaemonServices } from '../services.ts';
import { forgetKept, makeKeptFrom } from './kept-from.ts';

/** The name of the way out of checks and gates. No instance is called so: their ids end with a number. */
const CHECKS = 'checks';

/** The hosts of the model of an instance, by what its program is told of them as well; none where nobody knows of a model. */
export const modelHosts = (services: DaemonServices, instance: Pick<Instance, 'agent'>): readonly string[] => {
  const { hosts = [], hostsFor, passEnv } = services.adapterFor(instance.agent);
  const own = services.settings.agents[instance.agent]?.env ?? {};
  const seen = { ...pickedEnv(services.home.env, passEnv), ...own };
  return [...hosts, ...(hostsFor?.(seen) ?? [])];
};

/** The ports of this machine's loopback that sandboxes are to have as well: those of the list, and where its model answers there. */
export const namedServices = (services: DaemonServices, instance?: Pick<Instance, 'agent'>): readonly number[] =>
  loopbackPorts([...services.settings.sandbox.hosts, ...(instance ? modelHosts(services, instance) : [])]);

type Way = {
  readonly folder: string;
  readonly rules: () => readonly HostRule[];
  readonly instance: string | null;
};

type Open = { readonly proxy: Promise<AsyncDisposable>; readonly keptFrom: ReturnType<typeof makeKeptFrom> };

const rulesOf = (entries: readonly string[]): readonly HostRule[] =>
  entries.flatMap((entry) => parseHostRule(entry) ?? []);

type Whose = Pick<Instance, 'instance_id' | 'agent' | 'mode' | 'sandbox' | 'was_shut_in'>;

/** Whether the settings give an instance a list of whom it reaches. */
const hasList = ({ settings }: DaemonServices, instance: Whose): boolean =>
  networkFor(settings, sandboxForInstance(settings, instance).mode) === 'allow-list';

/** Ways out of sandboxes on the daemon's own machine, each a proxy in the folder of whom it is for. */
type WaysOut = {
  /** The program of an instance is started: what it was kept from before is told no more, whatever it reaches now. */
  startAnew(instance: string): void;
  /** Opens the way of an instance before its program is started, if it is to have one. */
  ensure(instance: Whose): Promise<void>;
  /** The same for checks and gates. */
  ensureForChecks(): Promise<void>;
  /** Opens those that these instances are to have, closes all others. */
  settle(instances: readonly Instance[]): Promise<void>;
  close(): Promise<void>;
  count(): number;
};

/** A server of HTTP takes a tenth of a daemon's start to load, and few daemons need one. */
const openLate = async (options: ProxyOptions): Promise<AsyncDisposable> => {
  const { openProxy } = await import('../../proxy/proxy.ts');
  return openProxy(options);
};

const openWaysOut = (services: DaemonServices, world: World): WaysOut => {
  const all = new Map<string, Open>();
  const listed = (): readonly HostRule[] => rulesOf(services.settings.sandbox.hosts);

  const open = async (name: string, { folder, rules, instance }: Way): Promise<void> => {
    const known = all.get(name);
    if (known) {
      await known.proxy;
      return;
    }
    const keptFrom = makeKeptFrom(services, { name, instance });
    const own = { ...world, resolve: inTurnWithOthers(world.resolve) };
    const proxy = openLate({ socket: proxySocket(folder), rules, world: own, refused: keptFrom.note });
    all.set(name, { proxy, keptFrom });
    // One that could not be opened is tried again by whoever comes next.
    await proxy.catch((error: unknown) => {
      all.delete(name);
      throw error;
    });
  };

  const shut = async (name: string): Promise<void> => {
    const { proxy } = all.get(name)!;
    all.delete(name);
    await (await proxy)[Symbol.asyncDispose]();
  };

  const ensure: WaysOut['ensure'] = async (instance) => {
    if (!hasList(services, instance)) return;
    const { instance_id: id } = instance;
    const folder = spoolFolderOf(services.home.paths, id);
    const own = rulesOf(modelHosts(services, instance));
    await open(id, { folder, instance: id, rules: () => [...own, ...listed()] });
  };

  /** Set-up and teardown go out by the way of checks. */
  const wantsChecks = (): boolean => {
    const { settings, store } = services;
    const { setup, teardown } = settings.worktrees;
    const walls = [sandboxForChecks, ...(setup !== undefined || teardown !== undefined ? [sandboxForSetUp] : [])];
    return walls.some((wallsFor) => wallsFor(settings, store.state.swarm).network === 'allow-list');
  };
  const ensureForChecks = async (): Promise<void> => {
    if (!wantsChecks()) return;
    const folder = checksFolder(services.paths);
    await services.home.files.makeFolder(folder);
    await open(CHECKS, { folder, instance: null, rules: listed });
  };

  return {
    startAnew: (id) => {
      const known = all.get(id);
      if (known) known.keptFrom.forgetAll();
      else forgetKept(services, id);
    },
    ensure,
    ensureForChecks,
    settle: async (instances) => {
      const wanted = new Set(instances.filter((one) => hasList(services, one)).map((one) => one.instance_id));
      if (wantsChecks()) wanted.add(CHECKS);
      const closed = await eachOf(
        [...all.keys()].filter((name) => !wanted.has(name)),
        shut,
      );
      const failures = [...closed, ...(await eachOf(instances, ensure))];
      // Also those that were opened just now: what an earlier daemon told of may be in the list since then.
      for (const { keptFrom } of all.values()) keptFrom.forgetAllowed();
      if (failures.length > 0) throw failures[0];
    },
    close: async () => void (await eachOf([...all.keys()], shut)),
    count: () => all.size,
  };
};

/** Does it for each, and resolves with what failed: in its own folder an agent does what it likes, and holds up no other. */
const eachOf = async <T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<readonly unknown[]> => {
  const failures: unknown[] = [];
  for (const one of all) await work(one).catch((error: unknown) => failures.push(error));
  return failures;
};

const opened = new WeakMap<DaemonServices, WaysOut>();

/** The ways out of a daemon: whoever starts something opens its way, and one watch keeps and closes them. */
export const waysOutOf = (services: DaemonServices, world?: World): WaysOut => {
  const ways = opened.get(services) ?? openWaysOut(services, world ?? thisWorld(services.home.env));
  opened.set(services, ways);
  return ways;
};
