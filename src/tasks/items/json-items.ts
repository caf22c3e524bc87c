import { jsonFault } from '../../lib/json-fault.ts';
import { tooDeepAt } from '../../lib/nesting.ts';
import { type Mistake, type ReadItems, readItems } from './item.ts';

type Parsed = { readonly value: unknown } | { readonly mistake: Mistake };

/** Nobody writes tasks deeper than this, and whoever goes through the value must not run out of the stack. */
const DEEPEST = 200;

const parsed = (text: string, firstLine: number): Parsed => {
  try {
    if (tooDeepAt(text, DEEPEST) === undefined) return { value: JSON.parse(text) };
  } catch {
    // What is wrong is told below, in words of ours and with its place.
  }
  const { what, line } = jsonFault(text);
  return { mistake: { line: firstLine + line - 1, message: `this is not JSON: ${what}`, fix: 'Correct it.' } };
};

/** How much deeper, or less deep, each bracket leads. */
const DEPTHS: Readonly<Record<string, number>> = { '[': 1, '{': 1, ']': -1, '}': -1 };

/** The place of the quote that closes the string which begins at `from`. */
const endOfString = (text: string, from: number): number => {
  let at = from + 1;
  for (; at < text.length && text[at] !== '"'; at += 1) if (text[at] === '\\') at += 1;
  return at;
};

/** The lines in which the elements of a JSON array begin. */
const elementLines = (text: string): number[] => {
  const lines: number[] = [];
  let depth = 0;
  let line = 1;
  let isElementNext = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === '\n') line += 1;
    if (/\s/u.test(character)) continue;
    const deeper = DEPTHS[character] ?? 0;
    if (isElementNext && deeper >= 0) lines.push(line);
    depth += deeper;
    isElementNext = depth === 1 && (deeper > 0 || character === ',');
    // A string cannot hold a line feed as such, so that lines need no counting in it.
    if (character === '"') at = endOfString(text, at);
  }
  return lines;
};

const bad = (mistake: Mistake): ReadItems => ({ items: [], mistakes: [mistake], warnings: [] });

/** A JSON array of tasks, or one task. */
export const readJson = (text: string): ReadItems => {
  const read = parsed(text, 1);
  if ('mistake' in read) return bad(read.mistake);
  if (!Array.isArray(read.value)) return readItems([{ record: read.value, line: 1 }]);
  const lines = elementLines(text);
  return readItems(read.value.map((record, i) => ({ record, line: lines[i] ?? 1 })));
};

/** A task a line; empty lines do not count. */
export const readJsonLines = (text: string): ReadItems => {
  const mistakes: Mistake[] = [];
  const records = text.split(/\r?\n/u).flatMap((content, i) => {
    if (content.trim() === '') return [];
    const read = parsed(content, i + 1);
    if ('value' in read) return [{ record: read.value, line: i + 1 }];
    mistakes.push(read.mistake);
    return [];
  });
  const read = readItems(records);
  return { ...read, mistakes: [...mistakes, ...read.mistakes].toSorted((a, b) => a.line - b.line) };
};
