import type { Io } from '../io.ts';

const ESCAPE = '\u001B';
/** Whether frames are drawn in one piece (mode 2026), and then who it is, which every terminal answers. */
const QUESTION = `${ESCAPE}[?2026$p${ESCAPE}[c`;
const LAST = new RegExp(String.raw`${ESCAPE}\[\?[\d;]*c`, 'u');
const MODE = new RegExp(String.raw`${ESCAPE}\[\?2026;(?<value>\d)\$y`, 'u');
/** Longer than a line over half the world takes. */
const PATIENCE_MS = 1000;

/**
 * Asks the terminal whether it draws frames in one piece when told to. Null when it does not answer in time. Keys that
 * are pressed meanwhile are lost, which is why both questions end with one that is answered at once.
 */
export const askTerminal = async (
  { stdin, stdout }: Pick<Io, 'stdin' | 'stdout'>,
  patience = PATIENCE_MS,
): Promise<boolean | null> => {
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const wasRaw = stdin.isRaw === true;
  let said = '';
  const take = (chunk: Buffer | string): void => {
    said += chunk.toString();
    if (LAST.test(said)) resolve(said);
  };
  const timer = setTimeout(() => resolve(null), patience);
  stdin.setRawMode?.(true);
  stdin.on('data', take);
  try {
    stdout.write(QUESTION);
    const answer = await promise;
    const value = answer === null ? undefined : MODE.exec(answer)?.groups?.['value'];
    // 1 and 2: it knows the mode, on or off; 3: always on. What it does not know it answers by 0, or not at all.
    return answer === null ? null : ['1', '2', '3'].includes(value ?? '');
  } finally {
    clearTimeout(timer);
    stdin.off('data', take);
    stdin.setRawMode?.(wasRaw);
    stdin.pause();
  }
};
