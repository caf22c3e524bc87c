import { isRecord } from '../../lib/entry.ts';

/** So much is made at a time: what takes longer would keep everybody else waiting. */
const PIECE = 64 * 1024;

/** So deep records are written one by one: the document, the state, its parts, and their records. */
const DEPTH = 3;

/** The texts that follow each other in what `JSON.stringify(value, null, 2)` gives. */
const textsOf = function* (value: unknown, indent: string, depth: number): Generator<string, void, void> {
  const entries = isRecord(value) && depth > 0 ? Object.entries(value).filter(([, one]) => one !== undefined) : [];
  if (entries.length === 0) {
    // A line feed inside of a text is written as \n: the others are those between lines.
    yield JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`);
    return;
  }
  const deeper = `${indent}  `;
  let before = `{\n${deeper}`;
  for (const [key, one] of entries) {
    yield `${before}${JSON.stringify(key)}: `;
    yield* textsOf(one, deeper, depth - 1);
    before = `,\n${deeper}`;
  }
  yield `\n${indent}}`;
};

/** A document as `JSON.stringify(value, null, 2)` gives it, piece by piece: a large one is not made in one go. */
export const jsonPieces = function* (value: unknown): Generator<string, void, void> {
  let piece = '';
  for (const text of textsOf(value, '', DEPTH)) {
    piece += text;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}\n`;
};
