import { type InputEvent, makeDecoder } from './decoder.ts';

/** A keyboard that can be closed: then not one key is read, so that another program gets all of them. */
export type KeySource = {
  /** `onGone` is called when there is no keyboard any more. */
  open(onBytes: (bytes: Uint8Array) => void, onGone: () => void): void;
  close(): void;
};

/** How long to wait for the rest of a sequence, in milliseconds: after a lone Escape a person waits, so less. */
const WAIT_MS = { escape: 40, sequence: 500 } as const;

/** Turns a source's bytes into keys, each batch handed over at once so that a burst costs one frame. */
export const makeKeyboard = (
  source: KeySource,
  onEvents: (events: readonly InputEvent[]) => void,
  onGone: () => void,
) => {
  let decoder = makeDecoder();
  let timer: NodeJS.Timeout | undefined;
  const hand = (events: readonly InputEvent[]): void => {
    if (events.length > 0) onEvents(events);
  };
  return {
    open: (): void => {
      decoder = makeDecoder();
      source.open((bytes) => {
        clearTimeout(timer);
        hand(decoder.feed(bytes));
        if (decoder.pending !== 'nothing') timer = setTimeout(() => hand(decoder.flush()), WAIT_MS[decoder.pending]);
      }, onGone);
    },
    close: (): void => {
      clearTimeout(timer);
      source.close();
    },
  };
};
