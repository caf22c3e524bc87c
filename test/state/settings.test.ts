import { expect, test } from 'vitest';
import { settingsSchema } from '../../src/state/settings.ts';

test('an empty configuration is a whole one', () => {
  const settings = settingsSchema.parse({});
  expect(settings).toMatchObject({ agent: 'claude', agents: {}, limits: { maxInstances: 10 } });
  expect(settings.timeouts.stop_ms).toBe(10_000);
});

test('a key that does not exist is refused', () => {
  expect(() => settingsSchema.parse({ limits: { maxInstance: 3 } })).toThrow(/maxInstance/);
});
