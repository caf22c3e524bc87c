import { expect, test } from 'vitest';
import { checkSettingKey, settingMeant, settingSchemaAt } from '../../src/state/setting-names.ts';

test.each([
  ['instance_count', 'launch.count'],
  ['instanceCount', 'launch.count'],
  ['resource_limits', 'resources'],
  ['ResourceLimits.memory_mb', 'resources.memory_mb'],
  ['resource_limits.gpu', 'resources'],
  ['deployment_targets', 'launch.target'],
  ['communication_protocol', 'communication.protocol'],
  ['task_distribution_strategy', 'plan.strategy'],
  ['integration_policy', 'integration'],
  ['integration_policy.on_conflict', 'integration.on_conflict'],
  ['max_instances', 'limits.maxInstances'],
  ['strategy', 'plan.strategy'],
])('[CFG-1] %s is no setting, and leads to %s', (name, key) => {
  expect(settingSchemaAt(key)).toBeDefined();
  expect(settingMeant(name)).toBe(key);
  expect(() => checkSettingKey(name)).toThrow(
    expect.objectContaining({ exit: 2, hint: `Did you mean ${key}?` }) as unknown as Error,
  );
});

test('a name that nothing is like leads nowhere', () => {
  for (const name of ['zzz', '', 'constructor', '__proto__', 'limits.zzz']) expect(settingMeant(name)).toBeUndefined();
});
