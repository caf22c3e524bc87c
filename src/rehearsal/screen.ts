import { once } from 'node:events';
import { oneLine } from '../lib/text.ts';

/** Where the screen is drawn: a terminal, or a stream that stands for one. */
export type Output = NodeJS.WritableStream & { readonly columns?: number };

const TONES = { plain: '', dim: '2', good: '32', bad: '31', warn: '33', accent: '36', strong: '1' } as const;
/** In which voice a line is said; each has its colour. */
export type Tone = keyof typeof TONES;

/** The screen of the rehearsal agent: a log, and one line of input below. */
export type Screen = Disposable & {
  /** Prints a line above the prompt, cut to the width of the terminal. */
  say(text: string, tone?: Tone): void;
  /** Shows what is being typed. */
  edit(input: string): void;
  /** Changes the sign before the input. */
  mark(sign: '❯' | '?'): void;
  /** Writes a text as it is, above the prompt; resolves when the terminal takes more. */
  raw(text: string, signal?: AbortSignal): Promise<void>;
};

const USUAL_COLUMNS = 80;
const ERASE = '\r\u001B[J';
const PASTE_ON = '\u001B[?2004h';
const PASTE_OFF = '\u001B[?2004l';

const TWO_CELLS =
  /^[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}]/u;

const cellsOf = (character: string): number => (/^\p{M}/u.test(character) ? 0 : TWO_CELLS.test(character) ? 2 : 1);

/** How many of the characters fit into that many cells. */
const fitting = (characters: readonly string[], cells: number): number => {
  let left = cells;
  const end = characters.findIndex((character) => {
    left -= cellsOf(character);
    return left < 0;
  });
  return end < 0 ? characters.length : end;
};

const cutToCells = (text: string, cells: number): string => {
  const characters = [...text];
  if (fitting(characters, cells) === characters.length) return text;
  return `${characters.slice(0, fitting(characters, cells - 1)).join('')}…`;
};

const inOneLine = (text: string): string => `${/^ */u.exec(text)![0]}${oneLine(text)}`;

/** A log with one input line below. Nothing but that line is moved, so resizing and scrolling stay the terminal's. */
export const openScreen = (output: Output, colours: boolean): Screen => {
  let input = '';
  let sign = '❯';
  let gone = false;
  const write = (text: string): boolean => gone || output.write(text);
  const width = () => Math.max(10, (output.columns ?? USUAL_COLUMNS) - 1);
  const paint = (text: string, tone: Tone) =>
    colours && TONES[tone] !== '' ? `\u001B[${TONES[tone]}m${text}\u001B[0m` : text;
  const prompt = () => {
    // The end is what a person types at; a prompt of one row needs no knowledge of how the terminal wraps.
    const backwards = [...oneLine(input)].reverse();
    const shown = backwards
      .slice(0, fitting(backwards, width() - 2))
      .reverse()
      .join('');
    return `${paint(sign, 'accent')} ${shown}`;
  };
  // The terminal may go away at any moment; whoever reads the input hears of it.
  output.on('error', () => {
    gone = true;
  });
  write(PASTE_ON);
  return {
    say: (text, tone = 'plain') => {
      write(`${ERASE}${paint(cutToCells(inOneLine(text), width()), tone)}\r\n${prompt()}`);
    },
    edit: (text) => {
      input = text;
      write(`${ERASE}${prompt()}`);
    },
    mark: (as) => {
      sign = as;
      write(`${ERASE}${prompt()}`);
    },
    raw: async (text, signal) => {
      if (!write(text)) await once(output, 'drain', signal ? { signal } : {});
    },
    [Symbol.dispose]: () => {
      write(`${ERASE}${PASTE_OFF}`);
    },
  };
};
