import type { Readable } from 'node:stream';

/** Whole lines of a stream, each as soon as its end has come; half a line at the end is left out. */
export async function* readLines(input: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  for await (const chunk of input as AsyncIterable<Uint8Array>) {
    const pieces = decoder.decode(chunk, { stream: true }).split('\n');
    const last = pieces.pop() ?? '';
    for (const piece of pieces) {
      parts.push(piece);
      yield parts.join('');
      parts = [];
    }
    if (last !== '') parts.push(last);
  }
}
