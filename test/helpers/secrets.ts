import type { Context } from '../../src/commands/define.ts';

/** What a command hears of secrets of these names. */
export const secretsOf = (...names: readonly string[]): Context['secrets'] => ({
  list: async () => names.map((name) => ({ name, changed_at: '2026-01-01T00:00:00.000Z' })),
  has: async (name) => names.includes(name),
  remove: async () => false,
});
