import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type SettingSchema, settingKeys, settingsJsonSchema } from '../../src/state/setting-layers.ts';
import { POWER } from '../../src/state/setting-power.ts';
import { isGuarded } from '../../src/state/setting-values.ts';
import { settingsSchema } from '../../src/state/settings.ts';
import { canonicalJson, powerChanges, powerOf, splitPowers, withPowers } from '../../src/state/trust.ts';

/** Every setting without a word on its power, in itself or in a group that has one. */
const silent = (schema: SettingSchema, path: string): string[] => {
  const power = (schema as { [POWER]?: string })[POWER];
  const open = schema.additionalProperties;
  const inner = Object.entries({
    ...schema.properties,
    ...(typeof open === 'object' && open !== null ? { '<name>': open as SettingSchema } : {}),
  });
  if (power === 'run' || power === 'allow') return [];
  if (inner.length === 0) return power === undefined ? [path] : [];
  return inner.flatMap(([name, one]) => silent(one, path === '' ? name : `${path}.${name}`));
};

test('[SEC-8] every setting says whether it can run or allow something', () => {
  expect(silent(settingsJsonSchema() as SettingSchema, '')).toEqual([]);
});

test('[SEC-8] what can run or allow something is what the documents say', () => {
  const powers = settingKeys().filter(({ key }) => powerOf(key) !== 'none');
  expect(powers.map(({ key }) => `${key} ${powerOf(key)}`)).toEqual([
    'agents run',
    'modes run',
    'security.localRole allow',
    'security.unknownRole allow',
    'permissions.policy allow',
    'permissions.allow allow',
    'permissions.deny allow',
    'sandbox.mode allow',
    'sandbox.need allow',
    'sandbox.network allow',
    'sandbox.hosts allow',
    'sandbox.read allow',
    'sandbox.write allow',
    'sandbox.checks allow',
    'sandbox.checks_network allow',
    'sandbox.setup allow',
    'limits.maxInstances allow',
    'limits.checks allow',
    'limits.starts allow',
    'limits.nice allow',
    'limits.disk_mb allow',
    'limits.memory_mb allow',
    'tmux.socket run',
    'branches.integration allow',
    'checks.task run',
    'checks.merge run',
    'checks.gates run',
    'checks.env run',
    'checks.pass_env run',
    'worktrees.folder run',
    'worktrees.sparse allow',
    'worktrees.copy allow',
    'worktrees.link allow',
    'worktrees.include allow',
    'worktrees.included allow',
    'worktrees.setup run',
    'worktrees.teardown run',
    'worktrees.env run',
    'integration.resolve run',
    'integration.send_back allow',
    'integration.send_back_rounds allow',
    'review allow',
    'git.guard allow',
    'plan.workflow allow',
  ]);
  expect(['agents.x.pass_env', 'agents.x.env.LD_PRELOAD', 'modes.m.gates', 'nonsense', 'checks'].map(powerOf)).toEqual(
    Array.from({ length: 5 }, () => 'run'),
  );
  expect(powerOf('modes.m.permissions.policy')).toBe('allow');
});

test('a setting that a command asks about before it changes has power in a file as well', () => {
  const guarded = settingKeys().filter(({ key }) => isGuarded(key));
  expect(guarded.filter(({ key }) => powerOf(key) === 'none')).toEqual([]);
});

const HOSTILE = {
  agent: 'claude',
  agents: { claude: { command: ['./evil.sh'] } },
  checks: { task: './evil.sh', timeout_ms: 5 },
  tmux: { socket: 'x', cols: 90 },
};

test('the harmless rest of a file stays, and the powers of another are put in place of its own', () => {
  const { harmless, powers } = splitPowers(HOSTILE);
  expect(harmless).toEqual({ agent: 'claude', checks: { timeout_ms: 5 }, tmux: { cols: 90 } });
  expect(powers).toEqual({
    agents: { claude: { command: ['./evil.sh'] } },
    checks: { task: './evil.sh' },
    tmux: { socket: 'x' },
  });
  expect(settingsSchema.parse(withPowers(HOSTILE, { checks: { task: 'make test' } }))).toEqual(
    settingsSchema.parse({ agent: 'claude', checks: { task: 'make test', timeout_ms: 5 }, tmux: { cols: 90 } }),
  );
});

test('nothing is lost and nothing comes twice when a file is split', () => {
  const key = fc.constantFrom('agent', 'checks', 'task', 'agents', 'tmux', 'socket', 'x', 'a.b', 'limits', '__proto');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ depthSize: 'small' }, fc.string(), fc.integer(), tie('object')),
    object: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  }));
  const isObject = (one: unknown): boolean => typeof one === 'object' && one !== null;
  fc.assert(
    fc.property(value.filter(isObject), (file) => {
      const { powers } = splitPowers(file);
      expect(canonicalJson(withPowers(file, powers))).toBe(canonicalJson(file));
      // What is left of it has no power, and what was taken has no rest.
      expect(splitPowers(splitPowers(file).harmless).powers).toEqual({});
    }),
  );
});

test('the order of keys does not matter, that of lists does', () => {
  expect(canonicalJson({ b: [1, 2], a: { d: 1, c: 2 } })).toBe(canonicalJson({ a: { c: 2, d: 1 }, b: [1, 2] }));
  expect(canonicalJson({ b: [1, 2] })).not.toBe(canonicalJson({ b: [2, 1] }));
});

test('a change is told setting by setting, with what was there before', () => {
  const changes = powerChanges({ checks: { task: 'a' }, tmux: { socket: 's' } }, { checks: { task: 'b', merge: 'c' } });
  expect(changes.map(({ path, before, after }) => [path.join('.'), before, after])).toEqual([
    ['checks.task', 'a', 'b'],
    ['tmux.socket', 's', undefined],
    ['checks.merge', undefined, 'c'],
  ]);
});
