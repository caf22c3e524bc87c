/** A sequence at the start of the input: its length, and the name of its key; null when it is no key. */
type Escape = { readonly length: number; readonly name: string | null };

const LONGEST = 4096;

const LETTERS: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
};

const NUMBERS: Readonly<Record<string, string>> = {
  '1': 'home',
  '2': 'insert',
  '3': 'delete',
  '4': 'end',
  '5': 'pageup',
  '6': 'pagedown',
  '7': 'home',
  '8': 'end',
};

/** Keys that kitty's protocol numbers by their character. */
const CODES: Readonly<Record<number, string>> = { 9: 'tab', 13: 'enter', 27: 'esc', 127: 'backspace' };

/** `shift+`, `ctrl+`, `alt+` of the number that a terminal adds to a key. */
const modifiersOf = (parameter: string | undefined): string => {
  const bits = Math.max(0, Number.parseInt(parameter ?? '1', 10) - 1) || 0;
  return `${bits & 4 ? 'ctrl+' : ''}${bits & 2 ? 'alt+' : ''}${bits & 1 ? 'shift+' : ''}`;
};

const keyOfCode = (code: string): string | null => {
  const value = Number(code);
  if (CODES[value] !== undefined) return CODES[value];
  return value >= 32 && value < 0xe000 ? String.fromCodePoint(value) : null;
};

const csiName = (parameters: string, final: string): string | null => {
  if (final === 'n') return parameters === '0' ? 'shown' : null;
  const [first = '', second] = parameters.split(';');
  if (final === 'Z') return 'shift+tab';
  // With two parameters this is the place of the cursor, which the terminal was asked for; with one it is F3.
  if (final === 'R' && second !== undefined && first !== '1') return null;
  const name = final === '~' ? NUMBERS[first] : final === 'u' ? keyOfCode(first) : LETTERS[final];
  if (parameters === '200' && final === '~') return '200~';
  return name === undefined || name === null ? null : modifiersOf(second) + name;
};

const CSI = /^\u001B\[(?<parameters>[0-?]*)(?<between>[ -/]*)(?<final>[@-~])/u;
const STRING = /^\u001B[\]PX^_](?:[^\u0007\u001B]|\u001B(?!\\))*(?:\u0007|\u001B\\)/u;

const csi = (buffer: string): Escape | 'incomplete' => {
  // A mouse report of the oldest kind: three more characters that look like keys.
  if (buffer.startsWith('\u001B[M')) return buffer.length < 6 ? 'incomplete' : { length: 6, name: null };
  const match = CSI.exec(buffer);
  if (!match) return /^\u001B\[[ -?]*$/u.test(buffer) ? 'incomplete' : { length: 2, name: null };
  const { parameters = '', between = '', final = '' } = match.groups ?? {};
  const meant = between === '' && /^[\d;]*$/u.test(parameters);
  return { length: match[0].length, name: meant ? csiName(parameters, final) : null };
};

/**
 * Reads the escape sequence that the buffer starts with. `alt` stands for Escape before a character. With `final`,
 * what is incomplete is taken for an Escape, or dropped when it can be no key.
 */
export const escapeSequence = (buffer: string, final: boolean): Escape | 'incomplete' => {
  const found = sequence(buffer);
  if (found !== 'incomplete') return found;
  if (!final && buffer.length < LONGEST) return found;
  return buffer.length === 1 ? { length: 1, name: 'esc' } : { length: buffer.length, name: null };
};

const sequence = (buffer: string): Escape | 'incomplete' => {
  const kind = buffer[1];
  if (kind === undefined) return 'incomplete';
  if (kind === '[') return csi(buffer);
  if (kind === 'O') {
    if (buffer.length < 3) return 'incomplete';
    return { length: 3, name: LETTERS[buffer[2]!] ?? null };
  }
  if (/[\]PX^_]/u.test(kind)) {
    const match = STRING.exec(buffer);
    return match ? { length: match[0].length, name: null } : 'incomplete';
  }
  // Two Escapes in a row: the first one stands for itself.
  return kind === '\u001B' ? { length: 1, name: 'esc' } : { length: 2, name: 'alt' };
};
