import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tailLog } from '../../src/logs/tail.ts';
import { temporaryFolder } from '../helpers/folder.ts';

test('[MON-3] what a writer that was replaced still had in its pipe is told although the next segment was begun', async () => {
  using folder = temporaryFolder('tail');
  const stop = new AbortController();
  const log = (segment: number, text: string) => appendFileSync(join(folder.path, `00000${segment}.log`), text);
  log(1, 'one');
  log(2, 'two');
  const heard = tailLog(folder.path, { tailBytes: 100, signal: stop.signal, pollMs: 20 });
  const next = async () => Buffer.from((await heard.next()).value as Uint8Array).toString();
  expect([await next(), await next()]).toEqual(['one', 'two']);
  log(1, ' late');
  expect(await next()).toBe(' late');
  log(2, ' more');
  expect(await next()).toBe(' more');
  stop.abort();
  expect((await heard.next()).done).toBe(true);
});
