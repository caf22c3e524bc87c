import { mkdirSync, writeFileSync } from 'node:fs';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { openPageFiles } from '../../../src/web/http/static-files.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

const stage = () => {
  const folder = temporaryFolder('page');
  onTestFinished(() => folder[Symbol.dispose]());
  mkdirSync(`${folder.path}/page/assets`, { recursive: true });
  writeFileSync(`${folder.path}/secret`, 'secret');
  writeFileSync(`${folder.path}/page/index.html`, '<!doctype html><p>page');
  writeFileSync(`${folder.path}/page/sw.js`, 'self');
  writeFileSync(`${folder.path}/page/assets/index-AbCd1234.js`, 'x'.repeat(5000));
  const answer = openPageFiles(`${folder.path}/page`);
  return (path: string, more: { acceptEncoding?: string; ifNoneMatch?: string } = {}) =>
    answer({ path, acceptEncoding: '', ifNoneMatch: '', ...more });
};

test('files with a hash in their name are kept for a year, the page and its worker are asked for again', async () => {
  const ask = stage();
  const cached = async (path: string) => (await ask(path)).headers.get('cache-control');
  expect(await cached('/assets/index-AbCd1234.js')).toBe('public, max-age=31536000, immutable');
  expect(await Promise.all(['/', '/index.html', '/sw.js', '/tasks'].map(cached))).toEqual(Array(4).fill('no-cache'));
});

test('they come compressed as the browser takes them, and not at all when it has them', async () => {
  const ask = stage();
  const path = '/assets/index-AbCd1234.js';
  const br = await ask(path, { acceptEncoding: 'gzip, deflate, br;q=1.0' });
  expect(br.headers.get('content-encoding')).toBe('br');
  expect(brotliDecompressSync(Buffer.from(await br.arrayBuffer())).toString()).toBe('x'.repeat(5000));
  const gzip = await ask(path, { acceptEncoding: 'gzip' });
  expect(gunzipSync(Buffer.from(await gzip.arrayBuffer())).toString()).toBe('x'.repeat(5000));
  const plain = await ask(path);
  expect([plain.headers.get('content-encoding'), (await plain.text()).length]).toEqual([null, 5000]);
  expect((await ask(path, { ifNoneMatch: plain.headers.get('etag')! })).status).toBe(304);
});

test('[WEB-6] no path leads out of the folder of the page', async () => {
  const ask = stage();
  for (const path of [
    '/../secret',
    '/%2e%2e/secret',
    '/assets/../../secret',
    '//secret',
    '/..%2fsecret',
    '/\u0000',
    '/constructor',
  ]) {
    const text = await (await ask(path)).text();
    expect([path, text.includes('secret')]).toEqual([path, false]);
  }
  expect((await ask('/assets/old-AbCd1234.js')).status).toBe(404);
});

test('a page that is not built is told as that', async () => {
  const answer = await openPageFiles('/nowhere')({ path: '/', acceptEncoding: '', ifNoneMatch: '' });
  expect(await answer.text()).toContain('npm run build');
});
