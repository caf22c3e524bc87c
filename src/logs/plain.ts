/** Turns what a terminal was sent into lines of text: nothing that a terminal would act on is left. */
export type PlainText = {
  /** The lines that these bytes completed. */
  push(bytes: Uint8Array): readonly string[];
  /** What stands in the line that is not complete yet. */
  unfinished(): string;
  /** What is left when nothing more will come. */
  end(): readonly string[];
};

// Where in a control sequence the stream stands; a sequence may be cut anywhere between two chunks.
type Mode = 'text' | 'escape' | 'intermediate' | 'csi' | 'string' | 'stringEscape';

// A program that draws a screen may never send a line feed.
const LONGEST_LINE = 16_384;
// A string that a terminal keeps to itself (a title, the clipboard) is taken for text once it is longer than this.
const LONGEST_STRING = 16_384;
const STRING_STARTS = ']PX^_';
// Cursor movements to another row part what stands there from what came before.
const ROW_MOVES = 'HfABEFd';

type Scan = { mode: Mode; parameters: string; held: string; line: string; atReturn: boolean; lines: string[] };

// In UTF-8 they are no control characters for tmux: mojibake is full of them, and obeying one would hide what follows.
const isC1 = (character: string): boolean => character >= '\u0080' && character <= '\u009F';

const endLine = (scan: Scan): void => {
  scan.lines.push(scan.line.trimEnd());
  scan.line = '';
  scan.atReturn = false;
};

const print = (scan: Scan, character: string): void => {
  // After a lone carriage return a progress line is written anew.
  if (scan.atReturn) scan.line = '';
  scan.atReturn = false;
  scan.line += character;
  if (scan.line.length >= LONGEST_LINE) endLine(scan);
};

const finishCsi = (scan: Scan, final: string): void => {
  scan.mode = 'text';
  if (final === 'C') for (let n = Math.min(Number(scan.parameters) || 1, 200); n > 0; n -= 1) print(scan, ' ');
  else if (ROW_MOVES.includes(final) && scan.line.trim() !== '') endLine(scan);
};

const inText = (scan: Scan, character: string): void => {
  const code = character.codePointAt(0)!;
  if (code === 0x1b) scan.mode = 'escape';
  else if (character === '\n') endLine(scan);
  else if (character === '\r') scan.atReturn = true;
  else if (character === '\t') print(scan, '\t');
  else if (character === '\b') scan.line = scan.line.slice(0, -1);
  else if (code >= 0x20 && code !== 0x7f) print(scan, character);
};

const beginCsi = (scan: Scan): void => {
  scan.mode = 'csi';
  scan.parameters = '';
};

const beginString = (scan: Scan): void => {
  scan.mode = 'string';
  scan.held = '';
};

/** A string that nobody ended was none: what stands in it is shown. */
const giveOut = (scan: Scan): void => {
  scan.mode = 'text';
  for (const character of scan.held) print(scan, character);
  scan.held = '';
};

const inEscape = (scan: Scan, character: string): void => {
  if (character === '[') beginCsi(scan);
  else if (STRING_STARTS.includes(character)) beginString(scan);
  else if (character >= ' ' && character <= '/') scan.mode = 'intermediate';
  else if (character !== '\u001B') scan.mode = 'text';
};

const inCsi = (scan: Scan, character: string): void => {
  if (character === '\u001B') scan.mode = 'escape';
  else if (character >= '@' && character <= '~') finishCsi(scan, character);
  else if (character === '\u0018' || character === '\u001A') scan.mode = 'text';
  else if (character >= ' ' && scan.parameters.length < 64) scan.parameters += character;
};

const inString = (scan: Scan, character: string): void => {
  if (character === '\u0007' || character === '\u0018' || character === '\u001A') scan.mode = 'text';
  else if (character === '\u001B') scan.mode = 'stringEscape';
  else if (character === '\n') {
    giveOut(scan);
    endLine(scan);
  } else if (character === '\t' || (character >= ' ' && character !== '\u007F')) {
    scan.held += character;
    if (scan.held.length >= LONGEST_STRING) giveOut(scan);
  }
};

const STEPS: Readonly<Record<Mode, (scan: Scan, character: string) => void>> = {
  text: inText,
  escape: inEscape,
  intermediate: (scan, character) => {
    if (character < ' ' || character > '/') scan.mode = 'text';
  },
  csi: inCsi,
  string: inString,
  stringEscape: (scan, character) => {
    if (character === '\\') scan.mode = 'text';
    else {
      scan.mode = 'escape';
      inEscape(scan, character);
    }
  },
};

/** One stream from bytes to plain lines; characters and sequences may be cut anywhere. */
export const plainText = (): PlainText => {
  const decoder = new TextDecoder();
  const scan: Scan = { mode: 'text', parameters: '', held: '', line: '', atReturn: false, lines: [] };
  const take = (text: string): readonly string[] => {
    for (const character of text) if (!isC1(character)) STEPS[scan.mode](scan, character);
    return scan.lines.splice(0);
  };
  return {
    push: (bytes) => take(decoder.decode(bytes, { stream: true })),
    unfinished: () => scan.line,
    end: () => {
      const lines = [...take(decoder.decode())];
      if (scan.mode === 'string') giveOut(scan);
      lines.push(...scan.lines.splice(0));
      return scan.line.trim() === '' ? lines : [...lines, scan.line.trimEnd()];
    },
  };
};

/** The same for a whole stream, line by line. */
export async function* plainLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const plain = plainText();
  for await (const chunk of chunks) yield* plain.push(chunk);
  yield* plain.end();
}
