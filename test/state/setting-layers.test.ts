import { expect, test } from 'vitest';
import {
  type Layer,
  mergedLayers,
  originOf,
  settingAt,
  settingKeys,
  settingsInEnvironment,
  variableOf,
} from '../../src/state/setting-layers.ts';
import { settingsSchema } from '../../src/state/settings.ts';

const layers: readonly Layer[] = [
  { origin: 'user', values: { agent: 'kiro', limits: { maxInstances: 4 }, tmux: { cols: 100 } } },
  { origin: 'project', values: { agent: 'claude', limits: { maxInstances: 6 } } },
  { origin: 'env', values: settingsInEnvironment({ DROVER_LIMITS_MAX_INSTANCES: '3', DROVER_PLAN_BARRIER: 'false' }) },
];

test('the stronger layer wins key by key: environment, project, user, default', () => {
  const settings = settingsSchema.parse(mergedLayers(layers));
  expect([
    settings.agent,
    settings.limits.maxInstances,
    settings.tmux.cols,
    settings.tmux.rows,
    settings.plan.barrier,
  ]).toEqual(['claude', 3, 100, 36, false]);
  expect(['agent', 'limits.maxInstances', 'tmux.cols', 'tmux.rows'].map((key) => originOf(key, layers))).toEqual([
    'project',
    'env',
    'user',
    'default',
  ]);
});

test('every setting has a description and a variable of its own', () => {
  const keys = settingKeys();
  expect(keys.filter(({ description }) => description === '').map(({ key }) => key)).toEqual([]);
  expect(new Set(keys.map(({ key }) => variableOf(key))).size).toBe(keys.length);
  expect(variableOf('limits.maxInstances')).toBe('DROVER_LIMITS_MAX_INSTANCES');
});

test('a variable is JSON where it is JSON and text otherwise', () => {
  const values = settingsInEnvironment({
    DROVER_AGENT: 'kiro',
    DROVER_AGENTS: '{"x":{"command":["x"]}}',
    DROVER_TMUX_COLS: '',
  });
  expect(values).toEqual({ agent: 'kiro', agents: { x: { command: ['x'] } } });
  expect(settingAt(values, 'agents.x.command')).toEqual(['x']);
  expect(settingAt(values, 'agent.name')).toBeUndefined();
});
