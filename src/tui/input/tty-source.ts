import { constants, openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import type { KeySource } from './keyboard.ts';

/**
 * The terminal's keyboard, in raw mode while it is open. Closing it gives up the descriptor: a read that stays pending
 * would take the first key away from the program that gets the terminal next.
 */
export const ttySource = (path = '/dev/tty'): KeySource => {
  let stream: ReadStream | undefined;
  return {
    open: (onBytes, onGone) => {
      stream = new ReadStream(openSync(path, constants.O_RDWR | constants.O_NOCTTY));
      // A terminal that is gone ends the stream or makes an error; without this the program would go on unseen.
      stream.on('error', onGone);
      stream.on('end', onGone);
      stream.on('data', onBytes);
      stream.setRawMode(true);
    },
    close: () => {
      const closing = stream;
      stream = undefined;
      closing?.removeAllListeners('data');
      closing?.removeAllListeners('end');
      if (closing && !closing.destroyed) closing.setRawMode(false);
      closing?.destroy();
    },
  };
};
