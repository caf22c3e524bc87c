import type { Connection } from './connection.ts';

/** How often it is looked whether anything was heard, in milliseconds. */
const LOOK_MS = 1000;
/** After so many looks at nothing the daemon is asked, and after so many it counts as silent. */
const ASKED_AFTER = 2;
const SILENT_AFTER = 3;

/**
 * Tells since when the daemon at the other end is silent, in milliseconds since 1970, and null when it is heard again. One
 * that has nothing to say is asked whether it is there, once until it answers. Gives what is to be called with each word.
 */
export const watchSilence = (connection: Connection, tell: (since: number | null) => void): (() => void) => {
  let looks = 0;
  let isOver = false;
  const look = (): void => {
    if (isOver) return;
    looks += 1;
    if (looks === ASKED_AFTER) connection.send({ v: 1, kind: 'ping' });
    if (looks === SILENT_AFTER) tell(Date.now() - SILENT_AFTER * LOOK_MS);
  };
  // What came while this process itself was stopped or busy is read before it is judged.
  const timer = setInterval(() => setImmediate(look), LOOK_MS);
  const hear = (): void => {
    const wasSilent = looks >= SILENT_AFTER;
    looks = 0;
    if (wasSilent) tell(null);
  };
  // One that is gone is not silent.
  void connection.closed.then(() => {
    hear();
    isOver = true;
    clearInterval(timer);
  });
  return hear;
};
