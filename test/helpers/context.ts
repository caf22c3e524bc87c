import { expect } from 'vitest';
import type { Actor, Context } from '../../src/commands/define.ts';
import type { State } from '../../src/state/index.ts';

/** A context with these parts of it alone: a command that reaches for any other fails its test. */
export const contextWith = (parts: Partial<Context>): Context =>
  new Proxy(parts as Context, {
    get: (target, key) =>
      key in target ? Reflect.get(target, key) : expect.unreachable(`nobody may reach ${String(key)} here`),
  });

/** The state to look at, and nothing that could change it. */
export const readOnlyStore = (state: State): Context['store'] => ({
  state,
  events: () => expect.unreachable('nobody may read events here'),
  until: () => expect.unreachable('nobody may wait here'),
});

/** Somebody of a role who is no agent. */
export const personOf = (name: string, role: Actor['role']): Actor => ({ name, role, instance: null });
