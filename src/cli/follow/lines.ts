import type { Readable } from 'node:stream';
import { makeLineCutter } from '../../lib/lines.ts';

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

/** The lines of a stream, as many at a time as have come; a line ends with a line feed, with or without a carriage return before it. */
export async function* lineChunksOf(stream: Readable): AsyncGenerator<readonly string[]> {
  stream.setEncoding('utf8');
  const cutter = makeLineCutter();
  for await (const chunk of stream as AsyncIterable<string>) {
    const lines = cutter.push(chunk);
    if (lines.length > 0) yield lines.map(withoutReturn);
  }
  if (cutter.begun !== '') yield [cutter.begun];
}

/** The lines of a stream as they come. */
export async function* linesOf(stream: Readable): AsyncGenerator<string> {
  for await (const lines of lineChunksOf(stream)) yield* lines;
}

/** All of a stream as text. */
export const textOf = async (stream: Readable): Promise<string> => {
  stream.setEncoding('utf8');
  let text = '';
  for await (const chunk of stream as AsyncIterable<string>) text += chunk;
  return text;
};
