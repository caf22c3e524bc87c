import { setTimeout as pause } from 'node:timers/promises';
import type { Guide } from '../../tui/app/options.ts';
import { makeDecoder } from '../../tui/input/decoder.ts';
import type { KeySource } from '../../tui/input/keyboard.ts';
import type { Stage } from './director.ts';

/** Beats last as long as a person reads where tasks take as long as people watch, and less where they take less. */
const BEAT_MS = 1000;
const LEAST_MS = 120;
const KEY_MS = 250;

/** Waits for so many beats, until everything is closed. */
export const beater =
  (pace: number, closing: AbortSignal): Stage['beat'] =>
  async (times = 1) => {
    await pause(Math.max(LEAST_MS, times * BEAT_MS * pace), undefined, { signal: closing });
  };

/** Whether a person did something: a terminal also answers what it was asked, and says Ctrl-D where its input has ended. */
const isPerson = (bytes: Uint8Array, decoder: ReturnType<typeof makeDecoder>): boolean =>
  decoder
    .feed(bytes)
    .some(
      (event) => event.kind === 'text' || event.kind === 'paste' || (event.kind === 'key' && event.key !== 'ctrl+d'),
    );

/**
 * The screen as a stage: captions above everything, and hands at the keyboard that let go of it for good as soon as a person
 * presses a key.
 */
export const openScreenStage = (pace: number, closing: AbortSignal) => {
  const listeners = new Set<() => void>();
  const left = Promise.withResolvers<void>();
  const decoder = makeDecoder();
  let caption = '';
  let taken = false;
  let type: ((bytes: Uint8Array) => void) | undefined;
  const guide: Guide = {
    get caption() {
      return caption;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    left: left.promise,
  };
  const keysFrom = (keys: KeySource): KeySource => ({
    open: (onBytes, onGone) => {
      type = onBytes;
      keys.open((bytes) => {
        taken ||= isPerson(bytes, decoder);
        onBytes(bytes);
      }, onGone);
    },
    close: () => {
      type = undefined;
      keys.close();
    },
  });
  const say = (text: string): void => {
    caption = text;
    for (const listener of listeners) listener();
  };
  const beat = beater(pace, closing);
  const stage: Stage = {
    tell: (title, text) => say(`${title}\n${text}`),
    press: async (...keys) => {
      for (const key of keys) {
        if (taken) return;
        type?.(new TextEncoder().encode(key));
        // A lone Escape is one when nothing follows it at once.
        await pause(Math.max(LEAST_MS, KEY_MS * pace), undefined, { signal: closing });
      }
    },
    isTaken: () => taken,
    beat,
  };
  return { stage, guide, keysFrom, say, leave: () => left.resolve() };
};
