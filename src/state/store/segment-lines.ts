import { isAscii } from 'node:buffer';
import type { Position } from '../reducer.ts';
import { CHECKSUM_LENGTH } from './line.ts';

export type SegmentLine = Position & { readonly json: Buffer };

/** The lines of a segment, each made when it is asked for: kept as so many objects they cost more than what they hold. */
export type SegmentLines = Iterable<SegmentLine> & {
  readonly length: number;
  /** The line of an index, from the end where that is negative. */
  at(index: number): SegmentLine | undefined;
  /** The JSON of the lines from an index on. */
  texts(from: number): Iterable<{ readonly seq: number; readonly text: string }>;
};

/** The JSON of a line stands behind its checksum and a blank. */
export const JSON_AT = CHECKSUM_LENGTH + 1;

/** Notes where in the bytes of a segment its lines end: the first of them begins at `offset`. */
export const noteLines = (bytes: Buffer, first: number, offset: number) => {
  const ends: number[] = [];
  const crcs: number[] = [];
  const beginOf = (index: number): number => (index === 0 ? offset : ends[index - 1]! + 1) + JSON_AT;
  const lineOf = (index: number): SegmentLine => ({
    seq: first + index,
    crc: crcs[index]!,
    json: bytes.subarray(beginOf(index), ends[index]),
  });
  const linesOf = (length: number): SegmentLines => ({
    length,
    at: (index) => {
      const place = index < 0 ? length + index : index;
      return place >= 0 && place < length ? lineOf(place) : undefined;
    },
    *texts(from) {
      if (from >= length) return;
      const start = beginOf(from);
      const end = ends[length - 1]!;
      // As one text where each character is a byte: the lines are parts of it then.
      const whole = isAscii(bytes.subarray(start, end)) ? bytes.toString('latin1', start, end) : undefined;
      for (let index = from; index < length; index += 1) {
        const [at, until] = [beginOf(index), ends[index]!];
        const text = whole?.slice(at - start, until - start) ?? bytes.toString('utf8', at, until);
        yield { seq: first + index, text };
      }
    },
    *[Symbol.iterator]() {
      for (let index = 0; index < length; index += 1) yield lineOf(index);
    },
  });
  return {
    add: (end: number, crc: number): void => {
      ends.push(end);
      crcs.push(crc);
    },
    /** The first so many of them. */
    first: linesOf,
    get count() {
      return ends.length;
    },
  };
};
