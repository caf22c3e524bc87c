import { appendFileSync, mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { type FollowOptions, followLog } from '../../src/logs/follow.ts';
import { CHUNK_BYTES, readLog } from '../../src/logs/read.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const collected = async (chunks: AsyncIterable<Uint8Array>) => {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString();
};

const SIZE = { cols: 80, rows: 24 };

/** A folder of a log, a follower of it, and what the follower was told: resets in brackets. */
const following = (options: Partial<FollowOptions> = {}) => {
  const folder = temporaryFolder('log');
  const path = (name: string) => join(folder.path, name);
  let told = '';
  let follower: ReturnType<typeof followLog> | undefined;
  return {
    path,
    log: (segment: number, text: string) => appendFileSync(path(`00000${segment}.log`), text),
    seed: (segment: number, text: string) => {
      writeFileSync(path(`00000${segment}.seed.part`), JSON.stringify({ segment, cols: 100, rows: 30, text }));
      renameSync(path(`00000${segment}.seed.part`), path(`00000${segment}.seed`));
    },
    start: (dir = folder.path) => {
      const sink = {
        reset: ({ cols, rows, text }: { cols: number; rows: number; text: string }) => {
          told += `[${cols}x${rows} ${text}]`;
        },
        data: (bytes: Uint8Array) => {
          told += Buffer.from(bytes).toString();
        },
      };
      follower = followLog(dir, sink, { size: SIZE, pollMs: 100, ...options });
      return follower;
    },
    told: () => told,
    says: (text: string) =>
      vi.waitUntil(() => told === text, { timeout: 30_000, interval: 2 }).catch(() => expect(told).toBe(text)),
    async [Symbol.asyncDispose]() {
      follower?.close();
      await follower?.ended;
      folder[Symbol.dispose]();
    },
  };
};

test('a log is followed from its first byte across its segments', async () => {
  await using log = following();
  log.log(1, 'one');
  log.start();
  await log.says('[80x24 ][80x24 ]one');
  log.log(1, ' two');
  await log.says('[80x24 ][80x24 ]one two');
  log.log(2, ' three');
  log.log(2, ' four');
  await log.says('[80x24 ][80x24 ]one two three four');
});

test('following begins at the newest photograph, and a newer one is gone over to', async () => {
  await using log = following();
  log.log(1, 'old');
  log.log(2, 'since');
  log.seed(2, 'screen');
  log.start();
  await log.says('[80x24 ][100x30 screen]since');
  log.log(2, ' last');
  log.log(3, 'new');
  log.seed(3, 'newer');
  await vi.waitUntil(() => log.told().endsWith('[100x30 newer]new'));
  log.log(3, ' more');
  await vi.waitUntil(() => log.told().endsWith('[100x30 newer]new more'));
});

test('a photograph that is being made is waited for, one that was given up is not', async () => {
  await using log = following();
  log.log(1, 'one');
  log.start();
  await log.says('[80x24 ][80x24 ]one');
  writeFileSync(log.path('000002.seed.part'), '');
  log.log(2, 'two');
  log.log(1, '.');
  await log.says('[80x24 ][80x24 ]one.');
  log.seed(2, 'screen');
  await log.says('[80x24 ][80x24 ]one.[100x30 screen]two');
  writeFileSync(log.path('000003.seed.part'), '');
  utimesSync(log.path('000003.seed.part'), 1, 1);
  log.log(3, 'three');
  await log.says('[80x24 ][80x24 ]one.[100x30 screen]twothree');
});

test('when segments are gone the screen begins anew at the oldest that is left', async () => {
  await using log = following();
  log.log(1, 'one');
  log.start();
  await log.says('[80x24 ][80x24 ]one');
  log.log(4, 'four');
  log.log(5, 'five');
  rmSync(log.path('000001.log'));
  await vi.waitUntil(() => log.told().endsWith('fourfive'));
});

test('a segment that was removed after the next one began is read to its end first', async () => {
  await using log = following();
  log.log(1, 'one');
  log.start();
  await log.says('[80x24 ][80x24 ]one');
  log.log(1, ' end');
  rmSync(log.path('000001.log'));
  log.log(2, 'two');
  await log.says('[80x24 ][80x24 ]one endtwo');
});

test('a photograph that cannot be read counts as none', async () => {
  await using log = following();
  log.log(1, 'one');
  writeFileSync(log.path('000001.seed'), '{');
  log.start();
  await log.says('[80x24 ][80x24 ]one');
});

test('a folder that comes later is followed when it is there', async () => {
  await using log = following({ pollMs: 20 });
  log.start(log.path('later'));
  await log.says('[80x24 ]');
  mkdirSync(log.path('later'));
  writeFileSync(log.path('later/000001.log'), 'here');
  await log.says('[80x24 ][80x24 ]here');
});

test('a folder that another one takes the place of is followed there', async () => {
  await using log = following({ pollMs: 20 });
  mkdirSync(log.path('later'));
  writeFileSync(log.path('later/000001.log'), 'here');
  log.start(log.path('later'));
  await log.says('[80x24 ][80x24 ]here');
  rmSync(log.path('later'), { recursive: true });
  mkdirSync(log.path('later'));
  writeFileSync(log.path('later/000002.log'), 'there');
  await log.says('[80x24 ][80x24 ]herethere');
});

test('what is printed reaches the sink without waiting for the next look at the folder', async () => {
  await using log = following({ pollMs: 3_600_000 });
  log.log(1, 'a');
  log.start();
  await log.says('[80x24 ][80x24 ]a');
  log.log(1, 'b');
  await log.says('[80x24 ][80x24 ]ab');
});

test('much is passed on in order and in pieces', async () => {
  await using log = following();
  const text = Array.from({ length: 200_000 }, (_, i) => `${i}\n`).join('');
  log.log(1, text);
  log.start();
  await log.says(`[80x24 ][80x24 ]${text}`);
});

test('what is read waits until what was read before is taken', async () => {
  await using log = following();
  log.log(1, 'x'.repeat(3 * CHUNK_BYTES));
  let order = '';
  const data = async () => {
    order += '(';
    await turn();
    order += ')';
  };
  const follower = followLog(log.path(''), { reset: () => {}, data }, { size: SIZE });
  await vi.waitUntil(() => order.length === 6);
  expect(order).toBe('()()()');
  follower.close();
  await follower.ended;
});

test('a follower ends when it is closed or its signal aborts, and says what made reading impossible', async () => {
  await using log = following();
  log.log(1, 'one');
  const closed = log.start();
  closed.close();
  expect(await closed.ended).toBeNull();
  const aborted = followLog(
    log.path(''),
    { reset: () => {}, data: () => {} },
    { size: SIZE, signal: AbortSignal.abort() },
  );
  expect(await aborted.ended).toBeNull();
  const broken = followLog(log.path('000001.log'), { reset: () => {}, data: () => {} }, { size: SIZE });
  expect(await broken.ended).toMatchObject({ code: 'ENOTDIR' });
});

test.each([
  [undefined, 'one two three '],
  [8, 'o three '],
  [100, 'one two three '],
  [0, ''],
])('the last %s bytes of a log are read in order', async (tailBytes, expected) => {
  await using log = following();
  log.log(1, 'one ');
  log.log(2, 'two ');
  log.log(4, 'three ');
  const options = tailBytes === undefined ? {} : { tailBytes };
  expect(await collected(readLog(log.path(''), options))).toBe(expected);
  expect(await collected(readLog(log.path('nowhere')))).toBe('');
});
