import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openServer } from '../../../src/daemon/serve/server.ts';
import { pathsOf } from '../../../src/lib/paths.ts';
import { unixTransport } from '../../../src/link/unix.ts';
import type { Reply } from '../../../src/ports/swarm.ts';
import type { RunFrame } from '../../../src/protocol/frame.ts';
import { STATE_FORMAT } from '../../../src/state/index.ts';
import { openStore } from '../../../src/state/store/open.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { firstSegment } from '../../state/store/place.ts';

const replyTo = (frame: RunFrame): Reply => {
  const message = `heard ${frame.text}`;
  const rest = { data: null, sideEffects: [], elapsedMs: 0, correlation: 'c', confirm: null };
  return { exit: 0, message, hint: frame.text === 'hint' ? 'Try again.' : null, text: message, ...rest };
};

const stage = async (more: { run?: (frame: RunFrame) => Promise<Reply>; mostWaiting?: number } = {}) => {
  const folder = temporaryFolder('server');
  const path = join(folder.path, 's');
  const place = {
    root: folder.path,
    key: 'k',
    commonDir: folder.path,
    home: folder.path,
    data: folder.path,
    worktrees: folder.path,
    socket: path,
  };
  const paths = pathsOf(place);
  const store = await openStore({ paths, now: () => new Date().toISOString() });
  const log: string[] = [];
  const run = async (frame: RunFrame) => replyTo(frame);
  const server = await openServer([{ transport: unixTransport, address: path }], {
    store,
    run,
    note: () => expect.unreachable('nobody notes anything here'),
    answered: () => undefined,
    resolveSpeaker: async () => ({ kind: 'person', because: 'it is a test' }),
    recognise: async (_speaker, name) => ({ name, role: 'viewer', instance: null }),
    log: (line) => void log.push(line),
    ...more,
  });
  const note = (message: string) =>
    store.append([{ type: 'journal.repaired', data: { message } }], { actor: 'cli', corr: 'c' });
  return {
    path,
    paths,
    log,
    store,
    note,
    server,
    async [Symbol.asyncDispose]() {
      await server.close('test');
      await store[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
};

const client = async (path: string) => {
  const socket = connect({ path, allowHalfOpen: true });
  await once(socket, 'connect');
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.once('end', resolve).once('close', () => resolve());
  });
  return {
    socket,
    closed,
    text: () => text,
    frames: () =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { kind: string; events?: { seq: number }[] }),
    sees: (words: string) => vi.waitUntil(() => text.includes(words), { timeout: 30_000, interval: 5 }),
    [Symbol.dispose]: () => void socket.destroy(),
  };
};

const run = (id: string, text: string) =>
  `${JSON.stringify({ v: 1, kind: 'run', id, text, actor: 'cli', view: { columns: 80, color: false } })}\n`;

test('words are answered in words, also to somebody who has said all and only listens, without a last line feed', async () => {
  const slow = Promise.withResolvers<void>();
  await using server = await stage({ run: (frame) => slow.promise.then(() => replyTo(frame)) });
  using nc = await client(server.path);
  nc.socket.end('status\n\n   \nhint');
  slow.resolve();
  await nc.sees('Try again.');
  expect(nc.text()).toBe('heard status\nheard hint\nTry again.\n');
  await nc.closed;
});

test('frames are answered by their ids, in whatever pieces they come', async () => {
  await using server = await stage();
  using one = await client(server.path);
  const text = run('a', 'größe');
  const bytes = Buffer.from(text + run('b', 'x'));
  for (const byte of [bytes.subarray(0, 70), bytes.subarray(70, 73), bytes.subarray(73)]) one.socket.write(byte);
  await one.sees('"id":"b"');
  expect(one.frames()).toMatchObject([
    { kind: 'reply', id: 'a', reply: { message: 'heard größe' } },
    { kind: 'reply', id: 'b' },
  ]);
});

test.each(['{"v":1', '{"v":9,"kind":"run"}', '{}'])('%s is refused in words and the line is closed', async (line) => {
  await using server = await stage();
  using one = await client(server.path);
  one.socket.write(`${line}\n`);
  await one.sees('not a frame of this version');
  one.socket.end();
  await one.closed;
});

test('a line without an end is let go of before it fills the memory', async () => {
  await using server = await stage();
  using one = await client(server.path);
  const block = 'x'.repeat(1024 * 1024);
  for (let i = 0; i < 6; i += 1) one.socket.write(block);
  await one.closed;
  using two = await client(server.path);
  two.socket.write('still there\n');
  await two.sees('heard still there');
});

test('a request that fails by a mistake of ours is written down and its client let go', async () => {
  await using server = await stage({ run: () => Promise.reject(new Error('oops')) });
  using one = await client(server.path);
  one.socket.write(run('a', 'x'));
  await one.closed;
  expect(server.log[0]).toContain('a request failed: Error: oops');
});

test('a subscriber gets the state and then what happens', async () => {
  await using server = await stage();
  await server.note('before');
  using one = await client(server.path);
  one.socket.write('{"v":1,"kind":"subscribe"}\n');
  await one.sees('"kind":"state"');
  await server.note('after');
  await one.sees('after');
  expect(one.frames().map(({ kind }) => kind)).toEqual(['state', 'events']);
});

test('who asks for the past gets every event once and in order, though more happen meanwhile', async () => {
  await using server = await stage();
  for (let n = 0; n < 300; n += 1) await server.note(`event ${n} ${'x'.repeat(2000)}`);
  using one = await client(server.path);
  one.socket.pause();
  one.socket.write('{"v":1,"kind":"subscribe","from":11}\n');
  const meanwhile = (async () => {
    for (let n = 300; n < 400; n += 1) await server.note(`event ${n}`);
  })();
  await meanwhile;
  one.socket.resume();
  await one.sees('event 399');
  const seqs = one.frames().flatMap(({ events = [] }) => events.map(({ seq }) => seq));
  expect(seqs).toEqual(Array.from({ length: 390 }, (_, n) => n + 11));
  using late = await client(server.path);
  late.socket.write('{"v":1,"kind":"subscribe","from":9999}\n');
  late.socket.write('and words\n');
  await late.sees('heard and words');
  expect(late.text()).toBe('{"kind":"journal","last":400}\nheard and words\n');
});

const follow = (after: object): string => `${JSON.stringify({ v: 1, kind: 'subscribe', after })}\n`;

test('who comes back is told what was missed, and not all that there is', async () => {
  await using server = await stage();
  for (let n = 1; n < 4; n += 1) await server.note(`event ${n}`);
  const known = { ...server.store.position(), format: STATE_FORMAT };
  for (let n = 4; n < 7; n += 1) await server.note(`event ${n}`);
  using one = await client(server.path);
  one.socket.write(follow(known));
  await one.sees('event 6');
  const at = server.store.position();
  expect(one.frames()).toMatchObject([{ kind: 'resumed', crc: at.crc, events: [{ seq: 4 }, { seq: 5 }, { seq: 6 }] }]);
  await server.note('event 7');
  await one.sees('event 7');
  expect(one.frames()[1]).toMatchObject({ kind: 'events', crc: server.store.position().crc, events: [{ seq: 7 }] });
  using two = await client(server.path);
  two.socket.write(follow({ ...server.store.position(), format: STATE_FORMAT }));
  await two.sees('resumed');
  expect(two.frames()).toEqual([{ kind: 'resumed', crc: server.store.position().crc, events: [] }]);
});

test('who comes back while much happens is told everything once and in order', async () => {
  await using server = await stage();
  await server.note('event 1');
  const known = { ...server.store.position(), format: STATE_FORMAT };
  using one = await client(server.path);
  const before = Promise.all(Array.from({ length: 100 }, (_, n) => server.note(`before ${n}`)));
  one.socket.write(follow(known));
  for (let n = 0; n < 100; n += 1) await server.note(`while ${n}`);
  await before;
  await server.note('the last');
  await one.sees('the last');
  const seqs = one.frames().flatMap(({ events = [] }) => events.map(({ seq }) => seq));
  expect(one.frames()[0]?.kind).toBe('resumed');
  expect(seqs).toEqual(Array.from({ length: 201 }, (_, n) => n + 2));
});

test.each([
  ['another past', { crc: 1 }],
  ['a state of another format', { format: STATE_FORMAT + 1 }],
  ['more than has happened', { seq: 9 }],
])('who comes back with %s is sent the state', async (_what, other) => {
  await using server = await stage();
  for (let n = 1; n < 4; n += 1) await server.note(`event ${n}`);
  const known = { ...server.store.position(), format: STATE_FORMAT, ...other };
  using one = await client(server.path);
  one.socket.write(follow(known));
  await one.sees('"kind":"state"');
  await server.note('event 4');
  await one.sees('event 4');
  expect(one.frames()).toMatchObject([
    { kind: 'state', state: { seq: 3 } },
    { kind: 'events', events: [{ seq: 4 }] },
  ]);
});

test('who has missed more than the state is worth is sent the state', async () => {
  await using server = await stage();
  await server.note('event 1');
  const known = { ...server.store.position(), format: STATE_FORMAT };
  const many = Array.from({ length: 5001 }, () => ({ type: 'journal.repaired', data: { message: 'one' } }) as const);
  await server.store.append(many, { actor: 'cli', corr: 'c' });
  using one = await client(server.path);
  one.socket.write(follow(known));
  await one.sees('"kind":"state"');
  expect(one.frames()).toMatchObject([{ kind: 'state', state: { seq: 5002 } }]);
});

test('who asks for the past is told first where the journal begins and ends, and nothing is missing behind its end', async () => {
  await using server = await stage();
  for (let n = 1; n < 4; n += 1) await server.note(`event ${n}`);
  using one = await client(server.path);
  one.socket.write('{"v":1,"kind":"subscribe","from":2}\n');
  await one.sees('event 3');
  expect(one.frames()[0]).toEqual({ kind: 'journal', first: 1, last: 3 });
  using late = await client(server.path);
  late.socket.write('{"v":1,"kind":"subscribe","from":15}\n');
  await late.sees('journal');
  await server.note('event 4');
  await late.sees('event 4');
  expect(late.frames()).toMatchObject([
    { kind: 'journal', last: 3 },
    { kind: 'events', events: [{ seq: 4 }] },
  ]);
});

test('who asks for a past that is damaged is told why and let go, and that is written down once', async () => {
  await using server = await stage();
  await server.note('before');
  const file = firstSegment(server.paths);
  writeFileSync(file, readFileSync(file, 'utf8').replace('before', 'Before'));
  for (let n = 0; n < 2; n += 1) {
    using one = await client(server.path);
    one.socket.write('{"v":1,"kind":"subscribe","from":1}\n');
    await one.closed;
    expect(one.frames()).toContainEqual({
      kind: 'refused',
      message: `${file} is damaged at line 2: its checksum does not fit`,
      error: { code: 'store/damaged', exit: 1, hint: expect.stringContaining('drover doctor --fix') },
    });
  }
  expect(server.log).toEqual([`a follower was refused: ${file} is damaged at line 2: its checksum does not fit`]);
});

test('who asks for a past that the system does not give is told why as well', async () => {
  await using server = await stage();
  await server.note('before');
  rmSync(server.paths.journal, { recursive: true });
  using one = await client(server.path);
  one.socket.write('{"v":1,"kind":"subscribe","from":1}\n');
  await one.closed;
  expect(one.frames()).toContainEqual({
    kind: 'refused',
    message: expect.stringMatching(/^past events could not be read: .*ENOENT/u),
    error: { code: 'events/unread', exit: 1, hint: expect.stringContaining('drover doctor') },
  });
});

test('a reader that left in the middle of the past is forgotten', async () => {
  await using server = await stage();
  for (let n = 0; n < 200; n += 1) await server.note(`event ${n} ${'x'.repeat(5000)}`);
  using one = await client(server.path);
  one.socket.pause();
  one.socket.write('{"v":1,"kind":"subscribe","from":1}\n');
  using two = await client(server.path);
  two.socket.write('{"v":1,"kind":"subscribe","from":1}\n');
  await two.sees('event 199');
  one.socket.destroy();
  await server.note('after');
  await two.sees('after');
});

test('a subscriber that does not read is let go when too much waits for it', async () => {
  await using server = await stage({ mostWaiting: 300_000 });
  using one = await client(server.path);
  one.socket.pause();
  one.socket.write('{"v":1,"kind":"subscribe"}\n');
  using two = await client(server.path);
  two.socket.write('{"v":1,"kind":"subscribe"}\n');
  await two.sees('"kind":"state"');
  for (let n = 0; n < 10; n += 1) await server.note(`${n} ${'x'.repeat(100_000)}`);
  await two.sees('9 xxx');
  one.socket.resume();
  await one.closed;
  expect(one.text()).not.toContain('9 xxx');
});

test('[MON-1] a server whose socket somebody removed says so of itself, and still answers those who are there', async () => {
  await using server = await stage();
  using one = await client(server.path);
  expect(await server.server.health()).toMatchObject({ state: 'ok', why: null, indicators: { doors: 'unix' } });
  rmSync(server.path);
  expect(server.server.isInPlace()).toBe(false);
  expect(await server.server.health()).toMatchObject({
    state: 'degraded',
    why: `No client comes in by unix any more: Nobody listens at ${server.path}.`,
  });
  one.socket.write('x\n');
  await one.sees('heard x');
});

test('the end is told to everybody, and nobody who does not listen holds it up', async () => {
  await using server = await stage();
  using one = await client(server.path);
  using deaf = await client(server.path);
  deaf.socket.pause();
  one.socket.write('x\n');
  await one.sees('heard x');
  await server.server.close('down').catch(() => undefined);
  await one.sees('{"kind":"bye","why":"down"}');
  await expect(client(server.path)).rejects.toMatchObject({ code: 'ENOENT' });
  Object.assign(server, { server: { close: async () => undefined } });
});
