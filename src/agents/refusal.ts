import type { Signal } from './adapter.ts';
import { readHookMessage } from './hook-message.ts';

/** What an agent that was refused something waits to be told. */
export const INSTEAD = 'What shall it do instead? It was refused what it asked for.';

/** Reads the hooks of agents that end their turn when they are refused something, in the words of an interrupt. */
export const readRefusableHook = (body: unknown): Signal | undefined => {
  const signal = readHookMessage(body);
  return signal?.kind === 'failed' && signal.class === 'stopped' ? { ...signal, ifAsking: INSTEAD } : signal;
};
