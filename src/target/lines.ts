import type { Readable } from 'node:stream';
import { makeLineCutter } from '../lib/lines.ts';

/** Whole lines of a stream, each as soon as its end has come; half a line at the end is left out. */
export async function* readLines(input: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const cutter = makeLineCutter();
  for await (const chunk of input as AsyncIterable<Uint8Array>)
    yield* cutter.push(decoder.decode(chunk, { stream: true }));
}
