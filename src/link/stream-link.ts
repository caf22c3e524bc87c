import type { Readable, Writable } from 'node:stream';
import { makeLineCutter } from '../lib/lines.ts';
import type { Link, Peer } from '../ports/link.ts';

/** The longest frame that is taken from whoever connects, in characters: commands, with what stdin held. */
export const LONGEST_REQUEST = 4 * 1024 * 1024;
/** The longest frame that is taken from whom we connected to, in characters: the state of a big swarm, near the longest string there is. */
export const LONGEST_ANSWER = 400 * 1024 * 1024;

type Streams = {
  /** Where frames come from and go to, one line each; both may be the same socket. */
  readonly input: Readable;
  readonly output: Writable;
  /** The link is closed when a frame is longer, in characters. */
  readonly longest: number;
  /** Who connected, where that is known. */
  readonly peer?: Peer | null;
};

const ignoreError = (): void => undefined;

/** Bytes become text whatever they are: what is no UTF-8 is replaced, and the frames beside it stay whole. */
const readFrames = (
  { input, longest }: Pick<Streams, 'input' | 'longest'>,
  { take, refuse }: { take: (frame: string) => void; refuse: () => void },
): { readonly begun: string } => {
  const cutter = makeLineCutter();
  input.setEncoding('utf8');
  input.on('data', (chunk: string) => {
    for (const line of cutter.push(chunk)) {
      if (line.length > longest) return refuse();
      take(line);
    }
    if (cutter.begun.length > longest) refuse();
  });
  return cutter;
};

/** A link over a stream in each direction. */
export const linkOver = ({ input, output, longest, peer = null }: Streams): Link => {
  const { promise: ended, resolve: resolveEnded } = Promise.withResolvers<string>();
  const { promise: closed, resolve: resolveClosed } = Promise.withResolvers<void>();
  let listener: ((frame: string) => void) | undefined;
  const close = (): void => {
    input.destroy();
    output.destroy();
  };
  const noteClosed = (): void => {
    if (!input.closed || !output.closed) return;
    resolveEnded('');
    resolveClosed();
  };
  for (const stream of new Set<Readable | Writable>([input, output])) {
    // A stream that fails destroys itself, and that is all there is to know.
    stream.on('error', ignoreError);
    stream.on('close', noteClosed);
  }
  return {
    peer,
    send: (frame) => !output.writable || output.write(`${frame}\n`),
    drained: () =>
      new Promise((resolve) => {
        if (output.writableLength === 0 || output.destroyed) resolve();
        else if (output.writableEnded) output.once('finish', resolve).once('close', resolve);
        // It is called back when all before it is gone, and when the stream is destroyed.
        else output.write('', () => resolve());
      }),
    get waitingBytes() {
      return output.destroyed ? 0 : output.writableLength;
    },
    onFrame: (next) => {
      const isFirst = listener === undefined;
      listener = next;
      if (!isFirst) return;
      const frames = readFrames({ input, longest }, { take: (frame) => listener?.(frame), refuse: close });
      input.on('end', () => resolveEnded(frames.begun));
    },
    pause: () => void input.pause(),
    resume: () => {
      if (listener) input.resume();
    },
    ended,
    closed,
    get isClosed() {
      return input.destroyed && output.destroyed;
    },
    end: () => void output.end(),
    close,
  };
};
