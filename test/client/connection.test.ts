import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openConnection } from '../../src/client/connection.ts';
import { daemonRefused, notADaemon } from '../../src/client/errors.ts';
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
  const said = [
    { kind: 'events', events: [1] },
    { kind: 'events', events: [text] },
    { kind: 'bye', why: 'down' },
  ];
  const bytes = Buffer.from(said.map((frame) => `${JSON.stringify(frame)}\n`).join(''));
  const connection = await open((socket) => {
    for (let at = 0; at < bytes.length; at += 1000) socket.write(bytes.subarray(at, at + 1000));
  });
  const frames: unknown[] = [];
  await new Promise(setImmediate);
  connection.onFrame((frame) => void frames.push(frame));
  await vi.waitUntil(() => frames.length === 3);
  expect(frames).toEqual(said);
  connection.close();
  await connection.closed;
});

test('a peer that goes away in the middle closes the connection and breaks nothing', async () => {
  const connection = await open((socket) => {
    socket.write('{"half":');
    socket.destroy();
  });
  connection.onFrame(() => expect.fail('no frame came'));
  connection.send({ v: 1, kind: 'subscribe' });
  await connection.closed;
  connection.send({ v: 1, kind: 'subscribe' });
});

test('frames of a kind that only a later version knows are passed over', async () => {
  const connection = await open((socket) => void socket.write('{"kind":"later"}\n{"kind":"events","events":[]}\n'));
  const frames: unknown[] = [];
  connection.onFrame((frame) => void frames.push(frame));
  await vi.waitUntil(() => frames.length > 0);
  expect(frames).toEqual([{ kind: 'events', events: [] }]);
  connection.close();
  expect(await connection.closed).toBeUndefined();
});

test.each([
  ['words', 'HTTP/1.1 400 Bad Request\n'],
  ['a list', '[]\n'],
  ['an answer without an id', '{"kind":"reply","reply":{}}\n'],
  ['a state without a number', '{"kind":"state","state":{}}\n'],
])('who says %s is no daemon, and that is told as the reason of the end', async (_what, text) => {
  const connection = await open((socket) => void socket.write(text));
  connection.onFrame(() => expect.fail('it is no frame'));
  expect(await connection.closed).toSatisfy(notADaemon.matches);
});

test('a daemon that does not understand us is told of in its words', async () => {
  const connection = await open((socket) => void socket.write('{"kind":"refused","message":"no such frame"}\n'));
  connection.onFrame(() => expect.fail('it is an end'));
  const why = await connection.closed;
  expect(why).toSatisfy(daemonRefused.matches);
  expect(why?.message).toContain('no such frame');
});
