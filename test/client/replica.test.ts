import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { daemonRefused, otherVersion } from '../../src/client/errors.ts';
import { openReplica } from '../../src/client/replica.ts';
import { ask } from '../../src/client/request.ts';
import { pathsOf } from '../../src/lib/paths.ts';
import { unixTransport } from '../../src/link/unix.ts';
import type { Link } from '../../src/ports/link.ts';
import { emptyState, STATE_FORMAT } from '../../src/state/index.ts';
import { temporaryFolder } from '../helpers/folder.ts';

/** Whoever listens in the place of a daemon; `said` is all that clients said to it. */
const listenAt = async (answer: (text: string, link: Link) => void) => {
  const folder = temporaryFolder('replica');
  const socket = join(folder.path, 's');
  const said: string[] = [];
  const links: Link[] = [];
  const listener = await unixTransport.listen(socket, (link) => {
    links.push(link);
    link.onFrame((text) => {
      said.push(text);
      answer(text, link);
    });
    void link.ended.then(() => link.close());
  });
  onTestFinished(async () => {
    await listener.close();
    for (const link of links) link.close();
    folder[Symbol.dispose]();
  });
  const paths = pathsOf({
    root: folder.path,
    key: 'k',
    commonDir: folder.path,
    home: folder.path,
    data: folder.path,
    worktrees: folder.path,
    socket,
  });
  return { paths, said, links };
};

const view = { columns: 80, color: false };
type Frame = { readonly id?: string; readonly after?: unknown; readonly knew?: number };
const eventOf = (seq: number) => ({
  ...{ seq, at: new Date(0).toISOString(), actor: 'daemon', corr: 'c' },
  ...{ type: 'journal.repaired', data: { message: 'x' } },
});
const stateOf = (format: unknown, seq = 1) => JSON.stringify({ kind: 'state', format, state: { ...emptyState, seq } });

test.each([
  ['of a later version', STATE_FORMAT + 1],
  ['of a version that named none', undefined],
])('a state in the format %s is not followed, and the error says what to do', async (_what, format) => {
  const { paths } = await listenAt((_text, link) => link.send(stateOf(format)));
  const error = await openReplica({ paths, env: {}, view: () => view, actor: 'tui' }).catch((why: unknown) => why);
  expect(error).toSatisfy(otherVersion.matches);
  expect(error).toMatchObject({ exit: 6, hint: expect.stringContaining('drover daemon restart') });
});

test('a replica says nothing to a daemon whose state it cannot follow, and answers for it', async () => {
  let format = STATE_FORMAT;
  const { paths, said, links } = await listenAt((_text, link) => link.send(stateOf(format, format)));
  const replica = await openReplica({ paths, env: {}, view: () => view, actor: 'tui' });
  onTestFinished(() => replica.close());
  format += 1;
  links[0]!.close();
  await vi.waitUntil(() => !replica.connected);
  const secret = randomUUID();
  expect(await replica.run(`create task "${secret}"`)).toMatchObject({
    exit: 6,
    message: expect.stringContaining('another version'),
  });
  expect(said.filter((text) => text.includes(secret))).toEqual([]);
  expect(replica.state.seq).toBe(STATE_FORMAT);
});

test('a client that lost its daemon says how far it knows, and goes on from there with what came since', async () => {
  const known = { format: STATE_FORMAT, crc: 7 };
  const { paths, said, links } = await listenAt((text, link) => {
    if (!text.includes('subscribe')) return;
    const which = said.filter((one) => one.includes('subscribe')).length;
    if (which === 1) link.send(JSON.stringify({ kind: 'state', ...known, state: { ...emptyState, seq: 3 } }));
    else if (which === 2) link.send(JSON.stringify({ kind: 'resumed', crc: 9, events: [eventOf(4), eventOf(5)] }));
  });
  const heard: unknown[] = [];
  const replica = await openReplica({
    ...{ paths, env: {}, view: () => view, actor: 'tui' },
    heard: (events) => void heard.push(events?.map(({ seq }) => seq) ?? null),
  });
  onTestFinished(() => replica.close());
  links[0]!.close();
  await vi.waitUntil(() => replica.state.seq === 5);
  links[1]!.send(JSON.stringify({ kind: 'events', events: [eventOf(6)] }));
  await vi.waitUntil(() => replica.state.seq === 6);
  // A daemon that does not say where its journal is cannot be asked to go on from there.
  links[1]!.close();
  await vi.waitUntil(() => said.filter((text) => text.includes('subscribe')).length === 3);
  const asked = said.filter((text) => text.includes('subscribe')).map((text) => (JSON.parse(text) as Frame).after);
  expect(asked).toEqual([undefined, { seq: 3, crc: 7, format: STATE_FORMAT }, undefined]);
  expect(heard).toEqual([null, [4, 5], [6]]);
});

test('a request says what its client knew, unless somebody may have said it before under that id', async () => {
  const { paths, said } = await listenAt((text, link) => {
    const { id } = JSON.parse(text) as Frame;
    if (id === undefined) link.send(stateOf(STATE_FORMAT, 12));
    else link.send(JSON.stringify({ kind: 'reply', id, reply: {} }));
  });
  const replica = await openReplica({ paths, env: {}, view: () => view, actor: 'tui' });
  onTestFinished(() => replica.close());
  await replica.run('status');
  await replica.run('status', { id: 'mine' });
  await replica.run('status', { id: 'again', knew: 3 });
  expect(said.slice(1).map((text) => (JSON.parse(text) as Frame).knew)).toEqual([12, undefined, 3]);
});

test('a request that the daemon does not understand is not said again', async () => {
  const { paths, said } = await listenAt((_text, link) => {
    link.send('{"kind":"refused","message":"not a frame of this version"}');
    link.end();
  });
  const error = await ask(paths, {}, { text: 'status', actor: 'cli', view }).catch((why: unknown) => why);
  expect(error).toSatisfy(daemonRefused.matches);
  expect(said.length).toBe(1);
});

test('a daemon that falls silent is noticed and asked once; one that answers is asked, and nothing changes by that', async () => {
  let isSilent = false;
  const { paths, said, links } = await listenAt((text, link) => {
    if (text.includes('subscribe')) link.send(stateOf(STATE_FORMAT));
    else if (!isSilent) link.send('{"kind":"pong"}');
  });
  const replica = await openReplica({ paths, env: {}, view: () => view, actor: 'tui' });
  onTestFinished(() => replica.close());
  let changes = 0;
  replica.subscribe(() => {
    changes += 1;
  });
  const pings = (): number => said.filter((text) => text.includes('ping')).length;
  await vi.waitUntil(() => pings() === 2);
  expect([replica.silentSince, changes]).toEqual([null, 0]);

  isSilent = true;
  await vi.waitUntil(() => replica.silentSince !== null);
  expect([replica.connected, changes, replica.silentSince! < Date.now()]).toEqual([true, 1, true]);
  const asked = pings();
  links[0]!.send('{"kind":"pong"}');
  await vi.waitUntil(() => replica.silentSince === null);
  expect([changes, pings()]).toEqual([2, asked]);

  await vi.waitUntil(() => replica.silentSince !== null);
  isSilent = false;
  links[0]!.close();
  await vi.waitUntil(() => replica.connected && links.length === 2);
  expect(replica.silentSince).toBeNull();
});

test('a request that was sent to a daemon that ends is answered as one of which nobody knows whether it was carried out', async () => {
  const { paths, said } = await listenAt((text, link) => {
    if (text.includes('subscribe')) link.send(stateOf(STATE_FORMAT));
    else {
      link.send('{"kind":"bye","why":"somebody stopped it"}');
      link.end();
    }
  });
  const replica = await openReplica({ paths, env: {}, view: () => view, actor: 'tui' });
  onTestFinished(() => replica.close());
  const reply = await replica.run('create task "Perhaps"');
  expect(reply).toMatchObject({ exit: 7, message: expect.stringContaining('it was told to end. Whether the command') });
  expect(said.filter((text) => text.includes('Perhaps')).length).toBe(1);
});
