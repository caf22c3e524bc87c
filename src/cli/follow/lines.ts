import type { Readable } from 'node:stream';

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

/** The lines of a stream, as many at a time as have come; a line ends with a line feed, with or without a carriage return before it. */
export async function* lineChunksOf(stream: Readable): AsyncGenerator<readonly string[]> {
  stream.setEncoding('utf8');
  let begun: string[] = [];
  for await (const chunk of stream as AsyncIterable<string>) {
    const [first = '', ...others] = chunk.split('\n');
    begun.push(first);
    if (others.length === 0) continue;
    const whole = begun.join('');
    begun = [others.pop()!];
    yield [whole, ...others].map(withoutReturn);
  }
  const rest = begun.join('');
  if (rest !== '') yield [rest];
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
