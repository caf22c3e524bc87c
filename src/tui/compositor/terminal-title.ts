import type { Output } from './output.ts';

const PUSH = '\u001B[22;2t';
const POP = '\u001B[23;2t';
const END = '\u001B\\';

/** The title of the terminal's window while the screen is open; the terminal keeps the one before and gets it back. */
export const makeTerminalTitle = (output: Pick<Output, 'write' | 'writeNow'>) => {
  let shown: string | null = null;
  return {
    /** Shows this title, without controls; null gives the terminal its own one back. */
    set: (title: string | null): void => {
      if (title === shown) return;
      const keep = shown === null ? PUSH : '';
      output.write(title === null ? POP : `${keep}\u001B]2;${title}${END}`);
      shown = title;
    },
    /** Gives the terminal its own title back before it returns. Harmless when it has it. */
    giveBack: (): void => {
      if (shown !== null) output.writeNow(POP);
      shown = null;
    },
  };
};
