import { expect, test } from 'vitest';
import {
  type Layer,
  mergedLayers,
  originOf,
  putSetting,
  settingAt,
  settingKeys,
  variableOf,
} from '../../src/state/setting-layers.ts';
import { settingsInEnvironment } from '../../src/state/setting-values.ts';
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

test('a variable is read as its setting wants it: text stays text, lists are JSON', () => {
  const values = settingsInEnvironment({
    DROVER_AGENT: 'kiro',
    DROVER_AGENTS: '{"x":{"command":["x"]}}',
    DROVER_TMUX_COLS: '',
    DROVER_CHECKS_TASK: 'true',
    DROVER_BRANCHES_BASE: '2026',
  });
  expect(values).toEqual({
    agent: 'kiro',
    agents: { x: { command: ['x'] } },
    checks: { task: 'true' },
    branches: { base: '2026' },
  });
  expect(settingAt(values, 'agents.x.command')).toEqual(['x']);
  expect(settingAt(values, 'agent.name')).toBeUndefined();
});

test('what a group says key by key adds up, and nothing reaches beyond it', () => {
  const values = { limits: { maxInstances: 1 } };
  putSetting(values, 'limits.other', 2);
  putSetting(values, 'toString.x', 3);
  expect(values).toEqual({ limits: { maxInstances: 1, other: 2 }, toString: { x: 3 } });
});
