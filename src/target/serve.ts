import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { Target } from '../ports/target.ts';
import { EDGES } from './edges.ts';
import { type Answer, failureOf, type Order, type WorkerPlace } from './frames.ts';
import { readLines } from './lines.ts';
import { decodeLine, encodeLine } from './wire.ts';

type Ask = Extract<Order, { args: unknown }>;
type Method = (...args: readonly unknown[]) => unknown;

/** An order that is being carried out; of a stream `credit` more items may be sent. */
type Work = { readonly stop: AbortController; credit: number; wake: () => void };

/** The method that is asked for; undefined for what is on no list. */
const methodOf = (target: Target, { edge, method, kind }: Ask): Method | undefined => {
  const edges: Readonly<Record<string, Readonly<Record<string, string>>>> = EDGES;
  const isListed = Object.hasOwn(edges, edge) && Object.hasOwn(edges[edge]!, method) && edges[edge]![method] === kind;
  if (!isListed) return undefined;
  const methods = target[edge as keyof typeof EDGES] as unknown as Readonly<Record<string, Method>>;
  return methods[method];
};

const end = (work: Work): void => {
  work.stop.abort();
  work.wake();
};

const untilCredit = async (work: Work): Promise<void> => {
  while (work.credit === 0 && !work.stop.signal.aborted)
    await new Promise<void>((resolve) => {
      work.wake = resolve;
    });
};

type Line = {
  readonly input: Readable;
  readonly output: Writable;
  readonly open: (place: WorkerPlace) => Promise<Target>;
};

/** Carries out what comes over a line on this machine until the other end is gone; then everything is ended and put away. */
export const serveTarget = async ({ input, output, open }: Line): Promise<void> => {
  const works = new Map<number, Work>();
  let target: Target | undefined;
  const send = (answer: Answer): void => void output.write(`${encodeLine(answer)}\n`);

  const sendItems = async (id: number, work: Work, items: AsyncIterable<unknown>): Promise<void> => {
    for await (const value of items) {
      await untilCredit(work);
      if (work.stop.signal.aborted) return;
      work.credit -= 1;
      send({ kind: 'item', id, value });
    }
  };
  const carryOut = async (ask: Ask, work: Work): Promise<void> => {
    const { id, edge, method, args } = ask;
    try {
      const run = target && methodOf(target, ask);
      if (!run) throw new Error(`this machine knows nothing of "${edge}.${method}"`);
      const result = run(...args);
      const value = ask.kind === 'call' ? await result : await sendItems(id, work, result as AsyncIterable<unknown>);
      send({ kind: 'done', id, value });
    } catch (error) {
      send({ kind: 'failed', id, failure: failureOf(error) });
    } finally {
      works.delete(id);
    }
  };
  const openPlace = async (place: WorkerPlace): Promise<void> => {
    try {
      target = await open(place);
      const { env, isRoot, git } = target;
      send({ kind: 'opened', env, isRoot, root: git.root, commonDir: git.commonDir });
    } catch (error) {
      send({ kind: 'refused', failure: failureOf(error) });
    }
  };
  const take = async (order: Order, stop: AbortController): Promise<void> => {
    if (order.kind === 'open') return openPlace(order.place);
    const known = works.get(order.id);
    if (order.kind === 'cancel') {
      if (known) end(known);
    } else if (order.kind === 'more') {
      if (known) known.credit += 1;
      known?.wake();
    } else {
      const work: Work = { stop, credit: order.window, wake: () => undefined };
      works.set(order.id, work);
      void carryOut(order, work);
    }
  };

  const gone = new AbortController();
  // A broken output is the end as well; that there is somebody to be told of it nobody knows.
  output.on('error', () => undefined).once('close', () => gone.abort());
  try {
    for await (const line of readLines(input)) {
      const stop = new AbortController();
      await take(decodeLine(line, stop.signal) as Order, stop);
      // While the other end does not read its answers it gets no more of them.
      if (output.writableNeedDrain) await once(output, 'drain', { signal: gone.signal });
    }
  } finally {
    for (const work of works.values()) end(work);
    await target?.[Symbol.asyncDispose]();
  }
};
