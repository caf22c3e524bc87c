import { setImmediate } from 'node:timers/promises';
import type { Desk } from './desk.ts';

const PIECE = 1024 * 1024;

/** Takes memory and never gives any back, like a leak. The memory is written to, or the system would only promise it. */
export const openHoard = (): ((bytes: number) => void) => {
  const taken: Buffer[] = [];
  return (bytes) => {
    for (let left = bytes; left > 0; left -= PIECE) taken.push(Buffer.alloc(Math.min(PIECE, left), 1));
  };
};

const MOST_S = 3600;

/** Keeps one core busy for `10s`; a Ctrl-C is heard meanwhile. */
export const burn = async (text: string, { signal }: Pick<Desk, 'signal'>): Promise<void> => {
  const { seconds = '10' } = /^(?<seconds>\d{1,6}(?:\.\d+)?)\s*s?$/u.exec(text)?.groups ?? {};
  const end = performance.now() + Math.min(MOST_S, Number(seconds)) * 1000;
  while (performance.now() < end) {
    signal.throwIfAborted();
    const pause = performance.now() + 20;
    while (performance.now() < pause);
    await setImmediate();
  }
};
