import { badCharacter, badQuote, inQuotes, refuse } from './errors.ts';
import { LIST_KEYS } from './lexicon.ts';

/** One word of a line. `text` is without its quotes; `start` and `end` are offsets in the line, quotes included. */
export type Token = {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Whether the word began with a quote: then it is never a keyword, a parameter or an option. */
  readonly quoted: boolean;
  /** Whether the word is `key="…"`: then the value is text as it stands. */
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

const withoutEscapes = (inner: string, open: string): string =>
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

/** The text in the quotes that open at a place, and the place behind them. */
const quoteAt = (line: string, at: number): { text: string; end: number } => {
  const close = closingOf(line, at);
  if (close < 0)
    refuse(badQuote, {
      message: `The quote ${inQuotes(line.slice(at, at + 20))} is not closed.`,
      hint: 'Close it where the text ends.',
      expects: ['a closing quote'],
    });
  return { text: withoutEscapes(line.slice(at + 1, close), line[at]!), end: close + 1 };
};

const refuseGlued = (line: string, start: number, at: number): never =>
  refuse(badQuote, {
    message: `A quote stands in the middle of the word ${inQuotes(line.slice(start, at + 12))}.`,
    hint: 'Put the whole text in quotes, "…", and write \\" for a quote in it.',
    at: { start, end: line.length },
  });

/** Reads the word at `start`. */
const wordAt = (line: string, start: number): Token => {
  let text = '';
  let at = start;
  let hasQuote = false;
  while (at < line.length && !BLANK.test(line[at]!)) {
    const character = line[at]!;
    if (opens(line, start, at)) {
      const quote = quoteAt(line, at);
      text += quote.text;
      at = quote.end;
      hasQuote = true;
      continue;
    }
    // `"a",` and `"a";` and `"a"?` read as they look, anything else glued to a quote does not.
    if (hasQuote && /[,.!?;:]/u.test(character)) break;
    if (hasQuote || character === '"') refuseGlued(line, start, at);
    text += character;
    at += 1;
  }
  const isWhole = hasQuote && QUOTES[line[start]!] !== undefined;
  return { text, start, end: at, quoted: isWhole, valueQuoted: hasQuote && !isWhole };
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

/** The text as one word that `lex` reads back, in quotes where it needs them. */
export const quote = (text: string, always = false): string =>
  !always && PLAIN.test(text) && !text.startsWith('-') ? text : `"${text.replace(/["\\]/gu, String.raw`\$&`)}"`;

/** A word of a command line as it stands in the line that is made of all. */
type Argument = { readonly shown: string } & Pick<Token, 'quoted' | 'valueQuoted'>;

/** A word that a shell has taken out of its quotes; `keys` are the parameters there are. */
const argumentOf = (text: string, keys: ReadonlySet<string>): Argument => {
  const { dashes, key = '' } = /^(?<dashes>--)?(?<key>[a-z][\w.-]*)=/iu.exec(text)?.groups ?? {};
  const isOption = key !== '' && (dashes !== undefined || keys.has(key));
  const option = isOption ? `${dashes ?? ''}${key}=` : '';
  const hasBlanks = text === '' || BLANK.test(text);
  return {
    shown: hasBlanks ? `${option}${quote(text.slice(option.length), true)}` : text,
    quoted: hasBlanks && !isOption,
    // In a sentence a comma behind a value ends it; here it is part of it.
    valueQuoted: isOption && (hasBlanks || (text.endsWith(',') && !LIST_KEYS.has(key))),
  };
};

/** A word behind `--`, which is text whatever it looks like. */
const literalOf = (text: string): Argument => ({ shown: quote(text, true), quoted: true, valueQuoted: false });

/**
 * Words that a shell has split already: each is one token, and counts as quoted where it has blanks. `keys` are the
 * parameters there are: `check=npm test` is one, for the shell has taken its quotes.
 */
export const lexArgv = (
  argv: readonly string[],
  keys: ReadonlySet<string>,
): { line: string; tokens: readonly Token[] } => {
  const end = argv.indexOf('--');
  const words = argv.filter((_word, at) => at !== end);
  const tokens: Token[] = [];
  let line = '';
  for (const [place, text] of words.entries()) {
    refuseHidden(text);
    const { shown, ...marks } = end < 0 || place < end ? argumentOf(text, keys) : literalOf(text);
    const start = line === '' ? 0 : line.length + 1;
    line = line === '' ? shown : `${line} ${shown}`;
    tokens.push({ text, start, end: line.length, ...marks });
  }
  return { line, tokens };
};
