import type { Readable, Writable } from 'node:stream';
import { type Answer, errorOf, type Order } from './frames.ts';
import { readLines } from './lines.ts';
import { decodeLine, encodeLine } from './wire.ts';

/** So many pieces of a stream are under way before the first of them was taken. */
const WINDOW = 4;

/** What hears the answers to one order. */
type Waiting = {
  readonly onItem: (value: unknown) => void;
  readonly onDone: (value: unknown) => void;
  readonly onFailed: (error: Error) => void;
};

export type Caller = {
  /** Asks a method of an edge; a signal among the arguments ends it there as well. */
  call(edge: string, method: string, args: readonly unknown[]): Promise<unknown>;
  stream(edge: string, method: string, args: readonly unknown[]): AsyncGenerator<unknown>;
  /** Sends an order that is answered by `onOther`. */
  send(order: Order): void;
  /** Rejects what is open, and all that comes, with this error. */
  lose(error: Error): void;
};

type Options = {
  readonly input: Readable;
  readonly output: Writable;
  /** Hears what answers no call. */
  readonly onOther: (answer: Answer) => void;
  /** Hears once that no answer comes any more, with the reason where it is not the end of the input. */
  readonly onEnd: (error?: unknown) => void;
};

/** Answers bring no signals. */
const NO_SIGNAL = new AbortController().signal;

/** The signal by which whoever asks ends it. */
const signalIn = (args: readonly unknown[]): AbortSignal | undefined =>
  args.find((arg): arg is AbortSignal => arg instanceof AbortSignal);

const deliver = (waiting: Map<number, Waiting>, answer: Extract<Answer, { id: number }>): void => {
  const one = waiting.get(answer.id);
  if (answer.kind !== 'item') waiting.delete(answer.id);
  if (answer.kind === 'item') one?.onItem(answer.value);
  else if (answer.kind === 'done') one?.onDone(answer.value);
  else one?.onFailed(errorOf(answer.failure));
};

/** Items that wait to be taken, and the end behind the last of them. */
const makeQueue = (onTaken: () => void) => {
  const items: unknown[] = [];
  let end: { readonly error?: Error } | undefined;
  let wake = (): void => undefined;
  const finish = (error?: Error): void => {
    end ??= error ? { error } : {};
    wake();
  };
  async function* take(signal: AbortSignal | undefined): AsyncGenerator<unknown> {
    while (!signal?.aborted) {
      if (items.length > 0) {
        yield items.shift();
        onTaken();
      } else if (end?.error) throw end.error;
      else if (end) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }
  const onItem = (value: unknown): void => {
    items.push(value);
    wake();
  };
  return { onItem, finish, take };
};

/** Calls that run side by side over one line, each answered by its id. */
export const openCaller = ({ input, output, onOther, onEnd }: Options): Caller => {
  const waiting = new Map<number, Waiting>();
  let lost: Error | undefined;
  let next = 1;
  const send = (order: Order): void => {
    if (!lost) output.write(`${encodeLine(order)}\n`);
  };
  const lose = (error: Error): void => {
    lost ??= error;
    for (const one of waiting.values()) one.onFailed(lost);
    waiting.clear();
  };
  const read = async (): Promise<void> => {
    for await (const line of readLines(input)) {
      const answer = decodeLine(line, NO_SIGNAL) as Answer;
      if ('id' in answer) deliver(waiting, answer);
      else onOther(answer);
    }
  };
  read().then(() => onEnd(), onEnd);
  // That it is gone is said by the end of the input.
  output.on('error', () => undefined);

  const call: Caller['call'] = async (edge, method, args) => {
    if (lost) throw lost;
    const signal = signalIn(args);
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const id = next++;
    const cancel = (): void => send({ kind: 'cancel', id });
    waiting.set(id, { onItem: () => undefined, onDone: resolve, onFailed: reject });
    signal?.addEventListener('abort', cancel, { once: true });
    send({ kind: 'call', id, edge, method, args, window: 0 });
    try {
      return await promise;
    } finally {
      signal?.removeEventListener('abort', cancel);
      // What was ended here counts as ended, whatever it came to there.
      if (!lost) signal?.throwIfAborted();
    }
  };

  async function* stream(edge: string, method: string, args: readonly unknown[]): AsyncGenerator<unknown> {
    if (lost) throw lost;
    const signal = signalIn(args);
    if (signal?.aborted) return;
    const id = next++;
    const { onItem, finish, take } = makeQueue(() => send({ kind: 'more', id }));
    const stop = (): void => finish();
    waiting.set(id, { onItem, onDone: stop, onFailed: finish });
    signal?.addEventListener('abort', stop, { once: true });
    send({ kind: 'stream', id, edge, method, args, window: WINDOW });
    try {
      yield* take(signal);
    } finally {
      signal?.removeEventListener('abort', stop);
      if (waiting.delete(id)) send({ kind: 'cancel', id });
    }
  }

  return { call, stream, send, lose };
};
