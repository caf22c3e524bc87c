import { appendFileSync, existsSync, truncateSync } from 'node:fs';
import { behaviour } from './options.ts';

type Message = Readonly<Record<string, unknown>>;

const path = process.env['KIRO_ACP_RECORD_PATH'];
const HALF_MS = 40;
let isLost = behaviour.record === 'none' || path === undefined;
let ids = 0;

/** Lines come one after the other, also where their halves do not come at once. */
let last: Promise<void> = Promise.resolve();

const write = (line: string): void => {
  if (!behaviour.halves) {
    appendFileSync(path!, line);
    return;
  }
  const middle = Math.floor(line.length / 2);
  last = last.then(async () => {
    appendFileSync(path!, line.slice(0, middle));
    await new Promise((resolve) => void setTimeout(resolve, HALF_MS));
    appendFileSync(path!, line.slice(middle));
  });
};

const put = (dir: 'out' | 'in', message: Message): void => {
  if (isLost) return;
  const msg = { jsonrpc: '2.0', ...message };
  write(`${JSON.stringify({ ts: Date.now(), dir, msg: behaviour.record === 'string' ? JSON.stringify(msg) : msg })}\n`);
};

/** Writes down the frames between the interface, which this program is, and the engine that it plays as well. */
export const recorder = {
  /** The interface asks its engine; the id tells the answer apart. */
  request: (method: string, params: object): number => {
    ids += 1;
    put('out', { id: ids, method, params });
    return ids;
  },
  /** The engine answers a request of the interface. */
  result: (id: number, result: object): void => put('in', { id, result }),
  failure: (id: number, message: string): void => put('in', { id, error: { code: -32603, message } }),
  notify: (method: string, params: object, dir: 'out' | 'in' = 'in'): void => put(dir, { method, params }),
  /** The engine asks the interface, which answers. */
  ask: (id: string | number, method: string, params: object): void => put('in', { id, method, params }),
  answer: (id: string | number, result: object): void => put('out', { id, result }),
  /** What happens to the file before the last word of the first turn, if anything is to happen. */
  trouble: (): void => {
    if (isLost || behaviour.loses === null) return;
    if (behaviour.loses === 'file' && existsSync(path!)) truncateSync(path!);
    else isLost = true;
  },
  flushed: (): Promise<void> => last,
};
