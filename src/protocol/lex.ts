import { badCharacter, badQuote, named, refuse } from './errors.ts';
import { LIST_KEYS } from './lexicon.ts';

/** One word of a line. `text` is without its quotes; `start` and `end` are offsets in the line, quotes included. */
export type Token = {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** It began with a quote: never a keyword, a parameter or an option. */
  readonly quoted: boolean;
  /** It is `key="…"`: the value is text as it stands. */
  readonly valueQuoted: boolean;
};

/** Opening quotes with what closes them. */
export const QUOTES: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '“': '”',
  '‘': '’',
  '«': '»',
  '„': '“”',
};
/** A word as keywords are compared: in small letters, without a mark behind it, with hyphens. */
export const keyOf = (text: string): string => {
  const key = text
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/[,:]+$/u, '');
  return key.includes('_') && !key.includes('=') ? key.replaceAll('_', '-') : key;
};

const BLANK = /\s/u;
// Invisible and direction-changing characters could make a line mean something else than it shows.
const HIDDEN =
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** The end of the quote that opens at `start`, or -1. In double quotes a backslash keeps a quote or a backslash. */
const closingOf = (line: string, start: number): number => {
  const open = line[start]!;
  const close = QUOTES[open]!;
  for (let at = start + 1; at < line.length; at += 1) {
    if (open === '"' && line[at] === '\\' && (line[at + 1] === '"' || line[at + 1] === '\\')) at += 1;
    else if (close.includes(line[at]!)) return at;
  }
  return -1;
};

const unescaped = (inner: string, open: string): string =>
  open === '"' && inner.includes('\\') ? inner.replace(/\\(["\\])/gu, '$1') : inner;

const refuseHidden = (line: string): void => {
  if (!HIDDEN.test(line)) return;
  refuse(badCharacter, {
    message: 'The line contains a control or invisible character.',
    hint: 'Type the line again without pasting.',
  });
};

/** Whether a quote may open here: at the start of a word, or right after `key=`. */
const opens = (line: string, start: number, at: number): boolean =>
  QUOTES[line[at]!] !== undefined &&
  (at === start || (line[at - 1] === '=' && /^-{0,2}[a-z]/iu.test(line.slice(start, start + 3))));

/** Reads the word at `start`. */
const wordAt = (line: string, start: number): Token => {
  let text = '';
  let at = start;
  let quoted = false;
  while (at < line.length && !BLANK.test(line[at]!)) {
    const character = line[at]!;
    if (!opens(line, start, at)) {
      if (character === '"' || quoted) {
        // `"a",` and `"a";` and `"a"?` read as they look, anything else glued to a quote does not.
        if (quoted && /[,.!?;:]/u.test(character)) break;
        refuse(badQuote, {
          message: `A quote stands in the middle of the word ${named(line.slice(start, at + 12))}.`,
          hint: 'Put the whole text in quotes: "…"',
          at: { start, end: line.length },
        });
      }
      text += character;
      at += 1;
      continue;
    }
    const close = closingOf(line, at);
    if (close < 0)
      refuse(badQuote, {
        message: `The quote ${named(line.slice(at, at + 20))} is not closed.`,
        hint: 'Close it where the text ends.',
        expects: ['a closing quote'],
      });
    text += unescaped(line.slice(at + 1, close), character);
    quoted = true;
    at = close + 1;
  }
  const whole = quoted && QUOTES[line[start]!] !== undefined;
  return { text, start, end: at, quoted: whole, valueQuoted: quoted && !whole };
};

/** The words of a line. A quote that is not closed, or a character that does not show, is refused. */
export const lex = (line: string): readonly Token[] => {
  refuseHidden(line);
  const tokens: Token[] = [];
  for (let at = 0; at < line.length; ) {
    if (BLANK.test(line[at]!)) {
      at += 1;
      continue;
    }
    const token = wordAt(line, at);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
};

const PLAIN = /^[\p{L}\p{M}\p{N}./_#@:~+-]+$/u;

/** The text as one word that `lex` reads back, quoted where it must be. */
export const quoted = (text: string, always = false): string =>
  !always && PLAIN.test(text) && !text.startsWith('-') ? text : `"${text.replace(/["\\]/gu, String.raw`\$&`)}"`;

/**
 * Words that a shell has split already: each is one token, and counts as quoted where it has blanks. `keys` are the
 * parameters there are: `check=npm test` is one, for the shell has taken its quotes.
 */
export const lexArgv = (
  argv: readonly string[],
  keys: ReadonlySet<string>,
): { line: string; tokens: readonly Token[] } => {
  const tokens: Token[] = [];
  let line = '';
  let literal = false;
  for (const text of argv) {
    refuseHidden(text);
    if (text === '--' && !literal) {
      literal = true;
      continue;
    }
    const blanks = literal || text === '' || BLANK.test(text);
    const said = literal ? undefined : /^(?<dashes>--)?(?<key>[a-z][\w.-]*)=/iu.exec(text);
    const option = said && (said.groups!['dashes'] || keys.has(said.groups!['key']!)) ? said[0] : '';
    const shown = blanks ? `${option}${quoted(text.slice(option.length), true)}` : text;
    const start = line === '' ? 0 : line.length + 1;
    line = line === '' ? shown : `${line} ${shown}`;
    tokens.push({
      text,
      start,
      end: line.length,
      quoted: blanks && option === '',
      // In a sentence a comma behind a value ends it; here it is part of it.
      valueQuoted: option !== '' && (blanks || (text.endsWith(',') && !LIST_KEYS.has(said!.groups!['key']!))),
    });
  }
  return { line, tokens };
};
