import { type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { tooDeepAt } from './nesting.ts';

/** Why a text is no JSON, as the end of a sentence, and where: the offset, and the line counted from 1. */
export type JsonFault = { readonly what: string; readonly at: number; readonly line: number };

/** Nobody writes anything deeper by hand, and whoever reads a text by calling itself must not run out of the stack. */
const DEEPEST = 200;

/** What each kind of fault is to somebody who wrote the text, by the names that the reader has for them. */
const WORDS: Readonly<Record<string, string>> = {
  InvalidSymbol: 'a word stands there that needs quotes',
  InvalidNumberFormat: 'a number is not written as one',
  PropertyNameExpected: 'a name in double quotes is missing, or a comma is too many',
  ValueExpected: 'a value is missing, or a comma is too many',
  ColonExpected: 'a colon is missing behind a name',
  CommaExpected: 'a comma is missing',
  CloseBraceExpected: 'a closing } is missing',
  CloseBracketExpected: 'a closing ] is missing',
  EndOfFileExpected: 'something follows behind its end',
  InvalidCommentToken: 'a comment stands in it',
  UnexpectedEndOfComment: 'a comment stands in it',
  UnexpectedEndOfString: 'the closing quote of a text is missing',
  UnexpectedEndOfNumber: 'a number is not written to its end',
  InvalidUnicode: 'an escape is not written as \\u and four hexadecimal digits',
  InvalidEscapeCharacter: 'a backslash stands before something that needs none',
  InvalidCharacter: 'a line end or another control character stands in a text',
};

/** The line of a text in which a character stands, counted from 1. */
export const lineAt = (text: string, at: number): number => text.slice(0, at).split('\n').length;

const faultAt = (text: string, at: number, what: string): JsonFault => ({ what, at, line: lineAt(text, at) });

/** What is wrong first with a text that the language does not take as JSON. */
export const jsonFault = (text: string): JsonFault => {
  const deep = tooDeepAt(text, DEEPEST);
  if (deep !== undefined) return faultAt(text, deep, 'its brackets stand too deep in each other');
  const end = text.trimEnd().length;
  if (end === 0) return faultAt(text, 0, 'there is nothing in it');
  const errors: ParseError[] = [];
  parseTree(text, errors, { disallowComments: true });
  const [first] = errors;
  const what = first && WORDS[printParseErrorCode(first.error)];
  return faultAt(text, Math.min(first?.offset ?? end, end), what ?? 'it is not written as JSON is');
};
