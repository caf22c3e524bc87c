import fc from 'fast-check';
import { expect, test } from 'vitest';
import { projectLayer } from '../../../src/daemon/config/project-layer.ts';
import { networkFor, sandboxFor, sandboxForChecks, sandboxForSetUp } from '../../../src/state/sandbox-choice.ts';
import { NETWORKS, SANDBOX_MODES, SANDBOX_NEEDS } from '../../../src/state/sandbox-settings.ts';
import { type Layer, mergedLayers, type Values } from '../../../src/state/setting-layers.ts';
import { type Settings, settingsSchema } from '../../../src/state/settings.ts';
import { emptySwarm } from '../../../src/state/swarm.ts';
import { narrowsIn, withheldIn, withheldNames } from '../../../src/state/trust.ts';
import { settingsOf } from '../../../src/text/setting-rows.ts';
import { narrowsSentence, withheldKeys, withheldSentence } from '../../../src/text/trust-rows.ts';

/** Somebody who has trusted nothing. */
const NOBODY = { HOME: '/nonexistent', XDG_STATE_HOME: '/nonexistent' };
const FILE = '/nonexistent/r/.drover/config.json';

/** All layers where the person and their environment say this and a repository that nobody trusts says that. */
const layersOf = (said: { readonly file: object; readonly user?: object; readonly variables?: object }): Layer[] => {
  const others: Layer[] = [
    { origin: 'env', values: said.variables ?? {} },
    { origin: 'user', values: said.user ?? {} },
  ];
  return [...others, projectLayer(said.file, { file: FILE, env: NOBODY, others })];
};

const maybe = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
const some = (values: readonly string[]) => fc.option(fc.subarray([...values]), { nil: undefined });
const without = (one: object): Values =>
  Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined));

const AGENTS = ['claude', 'codex', 'own'];
const MODES = [null, 'beast', 'mine'];

/** What anybody may say of sandboxes. */
const words = fc
  .record({
    sandbox: fc
      .record({
        ...{ mode: maybe(SANDBOX_MODES), need: maybe(SANDBOX_NEEDS), network: maybe(NETWORKS) },
        ...{ checks: maybe(SANDBOX_MODES), checks_network: maybe(NETWORKS), setup: maybe(SANDBOX_MODES) },
        ...{ hosts: some(['a.org', 'b.org']), read: some(['/srv/a', '/srv/b']), write: some(['/srv/c']) },
      })
      .map(without),
    agents: fc.dictionary(fc.constantFrom(...AGENTS), maybe(SANDBOX_MODES), { maxKeys: 2, noNullPrototype: true }),
    modes: fc.dictionary(fc.constantFrom('beast', 'mine'), maybe(SANDBOX_MODES), { maxKeys: 2, noNullPrototype: true }),
  })
  .map(({ sandbox, agents, modes }) => {
    const own = (table: object) =>
      Object.fromEntries(Object.entries(table).map(([name, mode]) => [name, without({ sandbox: mode })]));
    return { sandbox, agents: own(agents), modes: own(modes) };
  });

/** How far programs are shut in; of two of them, each number of the stricter one is at least that of the other. */
const strictness = (settings: Settings): Readonly<Record<string, number>> => {
  const { hosts, read, write } = settings.sandbox;
  const of = (name: string, mode: (typeof SANDBOX_MODES)[number], network: Settings['sandbox']['network']) => ({
    [`${name} mode`]: SANDBOX_MODES.indexOf(mode),
    [`${name} network`]: NETWORKS.indexOf(network ?? 'on'),
    ...(network === 'allow-list'
      ? Object.fromEntries(['a.org', 'b.org'].map((host) => [`${name} ${host}`, hosts.includes(host) ? 0 : 1]))
      : {}),
    ...(mode === 'off'
      ? {}
      : Object.fromEntries([
          ...['/srv/a', '/srv/b'].map((path) => [`${name} ${path}`, read.includes(path) ? 0 : 1]),
          [`${name} /srv/c`, write.includes('/srv/c') ? 0 : 1],
        ])),
  });
  const agents = AGENTS.flatMap((agent) =>
    MODES.map((mode) => {
      const wanted = sandboxFor(settings, { agent, mode });
      return of(`${agent} in ${mode}`, wanted.mode, networkFor(settings, wanted.mode));
    }),
  );
  const checks = sandboxForChecks(settings, emptySwarm);
  const beside = sandboxForChecks(settings, { had_shut_in: true });
  const setUp = sandboxForSetUp(settings, { had_shut_in: true });
  return Object.assign(
    { need: SANDBOX_NEEDS.indexOf(settings.sandbox.need) },
    of('checks', checks.mode, checks.network),
    of('checks beside who is shut in', beside.mode, beside.network),
    of('set-up', setUp.mode, setUp.network),
    ...agents,
  );
};

test('[SEC-9] nobody is less shut in by a repository that is not trusted than without its file', () => {
  fc.assert(
    fc.property(words, words, words, (user, variables, file) => {
      const layers = layersOf({ user, variables, file });
      const before = strictness(settingsOf(layers.filter(({ origin }) => origin !== 'project')));
      const after = strictness(settingsOf(layers));
      // What is not counted after is closed, or stands behind something that is.
      const weaker = Object.entries(before).filter(([name, number]) => (after[name] ?? number) < number);
      expect(weaker).toEqual([]);
      // What holds and what waits are all that the file says.
      const withheld = withheldIn(layers);
      const waits = withheld ? withheldKeys(withheld) : [];
      const holds = narrowsIn(layers);
      for (const key of ['mode', 'need', 'network', 'checks'] as const)
        if (file.sandbox[key] !== undefined)
          expect((holds['sandbox'] as Values | undefined)?.[key] !== undefined).toBe(!waits.includes(`sandbox.${key}`));
    }),
    { numRuns: 100 },
  );
});

test('[SEC-9] what nobody has said a word of is not taken away by a repository that is not trusted', () => {
  const agents = { claude: { sandbox: 'off' } };
  const modes = { beast: { sandbox: 'off' } };
  const layers = layersOf({ file: { sandbox: { mode: 'off', checks: 'off' }, agents, modes } });
  const settings = settingsOf(layers);
  expect(sandboxFor(settings, { agent: 'claude', mode: 'beast' }).mode).toBe('worktree');
  expect(sandboxForChecks(settings, { had_shut_in: true }).mode).toBe('worktree');
});

test('[SEC-9] a repository that asks for a sandbox has it before anybody trusts it, and says what else it wants', () => {
  const file = { sandbox: { mode: 'strict', need: 'required', network: 'on', hosts: ['x.org'], read: ['~/.m2'] } };
  const layers = layersOf({ file });
  expect(settingsOf(layers).sandbox).toEqual(
    settingsSchema.parse({ sandbox: { mode: 'strict', need: 'required' } }).sandbox,
  );
  const withheld = withheldIn(layers)!;
  expect(withheldKeys(withheld)).toEqual(['sandbox.network', 'sandbox.hosts', 'sandbox.read']);
  expect(withheldSentence('c.json', withheld)).toBe(
    'Off until you trust it: sandbox.network, sandbox.hosts, sandbox.read, which can run or allow something, in c.json.',
  );
  expect(narrowsSentence(narrowsIn(layers))).toEqual([
    'Without your trust, because it only shuts agents in more: sandbox.mode, sandbox.need.',
  ]);
});

test('[SEC-9] a file that only shuts in waits for nothing, until somebody shuts in more than it does', () => {
  const file = { sandbox: { mode: 'worktree' }, agents: { codex: { sandbox: 'strict' } } };
  expect(withheldIn(layersOf({ file }))).toBeUndefined();
  const layers = layersOf({ file, user: { sandbox: { mode: 'strict' } } });
  expect(withheldKeys(withheldIn(layers)!)).toEqual(['sandbox.mode']);
  expect(settingsOf(layers).sandbox.mode).toBe('strict');
});

test('[SEC-8] an agent of which the file says more than how far it is shut in is not known before it is trusted', () => {
  const file = { agents: { own: { command: ['./evil.sh'], sandbox: 'strict' }, codex: { sandbox: 'strict' } } };
  const layers = layersOf({ file });
  expect(withheldNames(withheldIn(layers), 'agents')).toEqual(['own']);
  expect(mergedLayers(layers)).toEqual({ agents: { own: { sandbox: 'strict' }, codex: { sandbox: 'strict' } } });
});

test('what means nothing holds nothing: the file is refused for it elsewhere', () => {
  const file = { sandbox: { mode: 'tight', hosts: 'all', nonsense: 1 }, agents: { claude: 'x' }, modes: [] };
  expect(narrowsIn(layersOf({ file }))).toEqual({});
});
