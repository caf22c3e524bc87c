import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openSharedScreen } from '../../../src/cli/share/shared-screen.ts';
import { segmentFile } from '../../../src/logs/segments.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

/** The screen of a log that begins with this text, as a guest gets it. */
const screenOf = async (text: string) => {
  const folder = temporaryFolder('shared');
  onTestFinished(() => folder[Symbol.dispose]());
  const log = `${folder.path}/log`;
  mkdirSync(log);
  writeFileSync(segmentFile(log, 1, 'log'), text);
  const none = { folder: `${folder.path}/secrets`, keyFile: `${folder.path}/key` };
  const shared = { id: 's', socket: 's', uid: 1, instance: 'c-1', until: '', log, size: { cols: 60, rows: 4 } };
  const screen = await openSharedScreen({ ...shared, secrets: none, typing: null }, () => undefined);
  onTestFinished(screen.close);
  const see = (words: string) => vi.waitUntil(() => screen.picture()?.lines.join('\n').includes(words));
  return { ...screen, see, print: (more: string) => appendFileSync(segmentFile(log, 1, 'log'), more) };
};

test('[TMX-9] a guest gets cells and colours, and no other sequence of the agent', async () => {
  const evil = '\u001B]52;c;aGk=\u0007\u001B]0;title\u0007\u001BPq#0\u001B\\\u001B[6n\u001B[?1000h';
  const { see, picture, print } = await screenOf(`${evil}plain \u001B[1;31mred\u001B[m 世\r\n`);
  await see('世');
  expect(picture()).toMatchObject({
    cols: 60,
    rows: 4,
    lines: ['plain \u001B[0;1;31mred\u001B[m 世', '', '', ''],
    cursor: [0, 1],
  });
  print('\u001B[?25lnext');
  await see('next');
  expect(picture()?.cursor).toBeNull();
});

test('[TMX-9] what looks like a token is not shown to a guest', async () => {
  const { see, picture } = await screenOf('key \u001B[32mghp_abcdefghijklmnopqrstuvwxyz0123\u001B[m end\r\n');
  await see('end');
  expect(picture()?.lines[0]).toBe('key *** end');
});

test('[TMX-9] a token that the terminal has broken is not shown to a guest either, nor is the part of it that is still seen', async () => {
  const { see, picture, print } = await screenOf(`${'p'.repeat(50)} ghp_abcdefghijklmnopqrstuvwxyz0123 end\r\n`);
  await see('end');
  expect(picture()?.lines.slice(0, 2)).toEqual([`${'p'.repeat(50)} *** end`, '']);
  print('one\r\ntwo\r\nlast');
  await see('last');
  expect(picture()?.lines).toEqual(['*** end', 'one', 'two', 'last']);
});
