import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { isMissing } from '../../src/lib/missing.ts';
import { testServer } from './server.ts';

/** What a file holds; nothing where its writer has taken it away meanwhile. */
const bytesOf = (file: string) => {
  try {
    return readFileSync(file);
  } catch (error) {
    if (isMissing(error)) return Buffer.alloc(0);
    throw error;
  }
};

const logOf = (folder: string) =>
  existsSync(folder)
    ? Buffer.concat(
        readdirSync(folder)
          .sort()
          .map((name) => bytesOf(`${folder}/${name}`)),
      )
    : Buffer.alloc(0);

test('the first and last words of an agent that prints 512 KB and exits at once are in its log, 60 of 60', async () => {
  await using server = testServer();
  const words = "printf 'FIRST WORDS'; head -c 524288 /dev/zero | tr '\\0' x; printf 'LAST WORDS'";
  const size = 'FIRST WORDS'.length + 524_288 + 'LAST WORDS'.length;
  await server.raw('new-session', '-d', 'cat');
  const wordsOf = async (name: string) => {
    const folder = server.path('logs', name);
    const { pane } = await server.tmux.create(server.spec(name, words));
    await vi.waitUntil(async () => (await server.tmux.list('')).some((info) => info.pane === pane && info.dead), {
      timeout: 30_000,
      interval: 50,
    });
    await vi.waitUntil(() => logOf(folder).length >= size, { timeout: 30_000, interval: 10 }).catch(() => undefined);
    const text = logOf(folder).toString();
    await server.tmux.kill(`/repo/${name}`);
    return [text.length, text.startsWith('FIRST WORDS'), text.endsWith('LAST WORDS')];
  };
  const ended: unknown[] = [];
  while (ended.length < 60) {
    const names = [0, 1, 2, 3, 4, 5].map((i) => `s${ended.length + i}`);
    ended.push(...(await Promise.all(names.map(wordsOf))));
  }
  expect(ended).toEqual(Array.from({ length: 60 }, () => [size, true, true]));
});

test('an agent that prints 50 MB as fast as it can is not held up by its log, which stays bounded', async () => {
  await using server = testServer();
  const line = 'x'.repeat(1000);
  const { pane } = await server.tmux.create(
    server.spec('flood', `yes ${line} | head -c 50000000; printf 'THE END'; touch finished; exec sleep 1000`),
  );
  const folder = server.path('logs/flood');
  let largest = 0;
  await vi.waitUntil(
    () => {
      const sizes = existsSync(folder)
        ? readdirSync(folder).map((name) => statSync(`${folder}/${name}`, { throwIfNoEntry: false })?.size ?? 0)
        : [];
      largest = Math.max(
        largest,
        sizes.reduce((a, b) => a + b, 0),
      );
      return existsSync(server.path('finished'));
    },
    { timeout: 50_000, interval: 50 },
  );
  await vi.waitUntil(() => logOf(folder).subarray(-10).includes('THE END'));
  expect(largest).toBeLessThan(4 * 2 * 4 * 1024 * 1024);
  expect(readdirSync(folder).length).toBeLessThanOrEqual(3);
  expect(await server.tmux.capture(pane)).toContain('THE END');
});

test('a log that cannot be written does not stop the agent', async () => {
  await using server = testServer();
  const { pane } = await server.tmux.create(
    server.spec('p', 'yes | head -c 3000000; printf "THE END"; exec sleep 1000', { logDir: '/dev/null/nowhere' }),
  );
  await vi.waitUntil(async () => (await server.tmux.capture(pane)).includes('THE END'));
});
