import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openConnection } from '../../src/client/connection.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const open = async (greet: (socket: Socket) => void) => {
  const folder = temporaryFolder('line');
  const path = join(folder.path, 's');
  const server = createServer(greet);
  await new Promise<void>((resolve) => void server.listen(path, resolve));
  onTestFinished(() => {
    server.close();
    folder[Symbol.dispose]();
  });
  return openConnection(path);
};

test('frames arrive whole and in order, in however many pieces, also those that came before anybody listened', async () => {
  const text = '界'.repeat(200_000);
  const bytes = Buffer.from(`${JSON.stringify({ n: 1 })}\n${JSON.stringify({ text })}\n${JSON.stringify({ n: 2 })}\n`);
  const connection = await open((socket) => {
    for (let at = 0; at < bytes.length; at += 1000) socket.write(bytes.subarray(at, at + 1000));
  });
  const frames: unknown[] = [];
  await new Promise(setImmediate);
  connection.onFrame((frame) => void frames.push(frame));
  await vi.waitUntil(() => frames.length === 3);
  expect(frames).toEqual([{ n: 1 }, { text }, { n: 2 }]);
  connection.close();
  await connection.closed;
});

test('a peer that goes away in the middle closes the connection and breaks nothing', async () => {
  const connection = await open((socket) => {
    socket.write('{"half":');
    socket.destroy();
  });
  connection.onFrame(() => expect.fail('no frame came'));
  connection.send({ any: 'thing' });
  await connection.closed;
  connection.send({ too: 'late' });
});
