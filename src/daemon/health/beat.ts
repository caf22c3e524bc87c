/** What comes so much of a pause too early, by a timer or a busy moment, has been at the beat. */
const EARLY = 0.1;

/**
 * Milliseconds until the next beat of so many milliseconds: parts that wait as long, or a multiple of it, wake this program
 * together instead of each for itself, which costs more than most of them do then.
 */
export const untilBeat = (ms: number, now = performance.now()): number => {
  const left = ms - (now % ms);
  return left < ms * EARLY ? left + ms : left;
};
