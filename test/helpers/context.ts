import { expect } from 'vitest';
import type { Actor, Context } from '../../src/commands/define.ts';
import type { State } from '../../src/state/index.ts';

/** What has these parts of a type alone: whoever reaches for another fails the test. */
export const partOf = <T extends object>(parts: Partial<T>): T =>
  new Proxy(parts as T, {
    get: (target, key) =>
      key in target ? Reflect.get(target, key) : expect.unreachable(`nobody may reach ${String(key)} here`),
  });

/** A context with these parts of it alone. */
export const contextWith = (parts: Partial<Context>): Context => partOf<Context>(parts);

/** The state to look at, and nothing that could change it. */
export const readOnlyStore = (state: State): Context['store'] => ({
  state,
  events: () => expect.unreachable('nobody may read events here'),
  until: () => expect.unreachable('nobody may wait here'),
});

/** Somebody of a role who is no agent. */
export const personOf = (name: string, role: Actor['role']): Actor => ({ name, role, instance: null });
