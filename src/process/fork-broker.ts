import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forkProgram } from './fork-program.ts';

/** A process that starts others, and when it has begun. */
type Forked = { readonly child: ChildProcess; readonly spawned: Promise<unknown> };

// Built, this is a part of a chunk; from the sources Node strips the types of both.
const MAIN = fileURLToPath(new URL(`../process/broker-main${extname(import.meta.url)}`, import.meta.url));

const forkBroker = (): Forked => {
  const child = forkProgram(MAIN);
  const spawned = once(child, 'spawn');
  // Whoever waits for it hears of it; who does not hears that what is ordered fails.
  spawned.catch(() => undefined);
  return { child, spawned };
};

let early: Forked | undefined;

/** Forks the broker before it is asked for: it begins while the rest of us is loaded. */
export const forkEarly = (): void => {
  try {
    early = forkBroker();
  } catch {
    // Whoever asks for it tries again, and can say why it fails.
  }
};

/** The broker that was forked early, if it still runs, or a new one. */
export const takeBroker = (): Forked => {
  const forked = early;
  early = undefined;
  return forked?.child.connected ? forked : forkBroker();
};
