import { mkdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { SpoolMessage } from '../../../src/agents/spool-message.ts';
import { watchSpool } from '../../../src/daemon/watch/watch-spool.ts';
import { localFiles } from '../../../src/files/open.ts';

type Left = { readonly instance?: string; readonly source?: string; readonly seconds?: number };

/** Leaves a whole message in a folder, of instance r-1 if nothing else is said. */
export const leave = (folder: string, name: string, body: unknown, left: Left = {}): void => {
  const { instance = 'r-1', source = 'hook', seconds } = left;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.json`);
  writeFileSync(`${file}.tmp`, JSON.stringify({ instance, source, token: 't', body }));
  if (seconds !== undefined) utimesSync(`${file}.tmp`, seconds, seconds);
  renameSync(`${file}.tmp`, file);
};

type Options = {
  readonly take?: (message: SpoolMessage) => Promise<void>;
  /** Those that a version before started are `old`: they have no folder. */
  readonly instances?: readonly string[];
  readonly old?: readonly string[];
};

/** The watch of a spool whose instances are r-1 and r-2. */
export const openSpool = async (folder: string, { take, instances = ['r-1', 'r-2'], old = [] }: Options = {}) => {
  const stop = new AbortController();
  const log: string[] = [];
  const taken: unknown[] = [];
  const keep = async ({ body }: SpoolMessage) => void taken.push(body);
  const living = new Set(instances);
  const spool = {
    ...{ files: localFiles, folder, signal: stop.signal },
    instances: () =>
      [...living, ...old].map((id) => ({
        ...{ id, hasOwnFolder: !old.includes(id) },
      })),
    log: (line: string) => void log.push(line),
  };
  const watch = await watchSpool(spool, take ?? keep);
  return {
    ...watch,
    ...{ living, log, taken, stop },
    sees: (n: number) => vi.waitUntil(() => taken.length >= n, { timeout: 30_000, interval: 5 }),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await watch.done;
    },
  };
};
