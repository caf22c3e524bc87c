import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { openServer } from '../../src/daemon/serve/server.ts';
import { pathsOf } from '../../src/lib/paths.ts';
import type { Link, LinkTransport } from '../../src/ports/link.ts';
import type { Reply } from '../../src/ports/swarm.ts';
import type { RunFrame } from '../../src/protocol/frame.ts';
import { STATE_FORMAT } from '../../src/state/index.ts';
import { openStore } from '../../src/state/store/open.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import type { LinkStage } from './link-stage.ts';

const PATIENCE = { timeout: 30_000, interval: 5 } as const;

const replyTo = async ({ text }: RunFrame): Promise<Reply> => {
  const message = `heard ${text}`;
  const rest = { data: null, sideEffects: [], elapsedMs: 0, correlation: 'c', confirm: null };
  return { exit: 0, message, hint: text === 'hint' ? 'Try again.' : null, text: message, ...rest };
};

type Said = { readonly kind: string; readonly id?: string; readonly why?: string; readonly events?: { seq: number }[] };

const hear = (link: Link) => {
  const texts: string[] = [];
  link.onFrame((text) => void texts.push(text));
  const frames = (): Said[] => texts.map((text) => JSON.parse(text) as Said);
  return {
    texts,
    frames,
    seqs: () => frames().flatMap(({ events = [] }) => events.map(({ seq }) => seq)),
    sees: (words: string) => vi.waitUntil(() => texts.some((text) => text.includes(words)), PATIENCE),
  };
};

const runFrame = (id: string, text: string): string =>
  JSON.stringify({ v: 1, kind: 'run', id, text, actor: 'cli', view: { columns: 80, color: false } });
const SUBSCRIBE = '{"v":1,"kind":"subscribe"}';

/** What a daemon and its clients can rely on over every transport. */
export const servedLinkContract = (name: string, open: () => LinkStage): void => {
  describe(`a daemon that is reached over ${name}`, () => {
    const openDaemon = async (mostWaiting?: number) => {
      const stage = open();
      const folder = temporaryFolder('served');
      const place = {
        root: folder.path,
        key: 'k',
        commonDir: folder.path,
        home: folder.path,
        data: folder.path,
        worktrees: folder.path,
        socket: '',
      };
      const store = await openStore({ paths: pathsOf(place), now: () => new Date().toISOString() });
      let address = '';
      const transport: LinkTransport = {
        ...stage.transport,
        listen: async (_address, accept) => {
          const listener = await stage.listen(accept);
          address = listener.address;
          return { ...listener, isInPlace: () => true };
        },
      };
      const more = mostWaiting === undefined ? {} : { mostWaiting };
      const server = await openServer([{ transport, address: 'here' }], {
        ...{
          store,
          run: replyTo,
          note: () => expect.unreachable('nobody notes anything here'),
          answered: () => undefined,
          log: () => undefined,
          ...more,
        },
        resolveSpeaker: async () => ({ kind: 'person', because: 'it is a test' }),
        recognise: async (_speaker, name) => ({ name, role: 'viewer', instance: null }),
      });
      const links: Link[] = [];
      return {
        server,
        connect: async () => {
          const link = await stage.transport.connect(address);
          links.push(link);
          return { link, ...hear(link) };
        },
        note: (message: string) =>
          store.append([{ type: 'journal.repaired', data: { message } }], { actor: 'cli', corr: 'c' }),
        [Symbol.asyncDispose]: async () => {
          for (const link of links) link.close();
          await server.close('test');
          await store[Symbol.asyncDispose]();
          await stage[Symbol.asyncDispose]();
          folder[Symbol.dispose]();
        },
      };
    };

    test('who speaks in words is answered in words, and who speaks in frames by the id', async () => {
      await using daemon = await openDaemon();
      const words = await daemon.connect();
      words.link.send('hint');
      words.link.end();
      await words.link.ended;
      expect(words.texts).toEqual(['heard hint', 'Try again.']);
      const frames = await daemon.connect();
      for (const id of ['a', 'b']) frames.link.send(runFrame(id, `größe ${id}`));
      await frames.sees('"id":"b"');
      expect(frames.frames()).toMatchObject([
        { kind: 'reply', id: 'a', reply: { message: 'heard größe a' } },
        { kind: 'reply', id: 'b' },
      ]);
    });

    test.each(['{"v":1', '{"v":9,"kind":"run"}', '[1]{'])(
      '%s is refused or answered, and nobody else notices',
      async (text) => {
        await using daemon = await openDaemon();
        const [one, other] = [await daemon.connect(), await daemon.connect()];
        one.link.send(text);
        await vi.waitUntil(() => one.texts.length > 0, PATIENCE);
        expect(one.texts[0]).toMatch(text.startsWith('{') ? /^\{"kind":"refused"/ : /^heard /);
        other.link.send('still there');
        await other.sees('heard still there');
      },
    );

    test('a follower gets the state with its format, and then every event once and in order', async () => {
      await using daemon = await openDaemon();
      await daemon.note('before');
      const one = await daemon.connect();
      one.link.send(SUBSCRIBE);
      await one.sees('"kind":"state"');
      for (let n = 0; n < 200; n += 1) void daemon.note(`event ${n}`);
      await one.sees('event 199');
      expect(one.frames()[0]).toMatchObject({ kind: 'state', format: STATE_FORMAT, state: { seq: 1 } });
      expect(one.seqs()).toEqual(Array.from({ length: 200 }, (_, n) => n + 2));
    });

    test('who asks for the past gets every event once and in order, while more of them happen', async () => {
      await using daemon = await openDaemon();
      for (let n = 0; n < 300; n += 1) void daemon.note(`event ${n} ${'x'.repeat(2000)}`);
      await daemon.note('event 300');
      const one = await daemon.connect();
      one.link.send('{"v":1,"kind":"subscribe","from":11}');
      for (let n = 301; n < 400; n += 1) await daemon.note(`event ${n}`);
      await one.sees('event 399');
      expect(one.seqs()).toEqual(Array.from({ length: 390 }, (_, n) => n + 11));
    });

    test('a follower that does not read is let go of, and those beside it miss nothing', async () => {
      await using daemon = await openDaemon(300_000);
      const [slow, other] = [await daemon.connect(), await daemon.connect()];
      for (const { link } of [slow, other]) link.send(SUBSCRIBE);
      await Promise.all([slow, other].map((one) => one.sees('"kind":"state"')));
      slow.link.pause();
      for (let n = 0; n < 40; n += 1) {
        await daemon.note(`${n} ${'x'.repeat(100_000)}`);
        await other.sees(`${n} xxx`);
      }
      slow.link.resume();
      await slow.link.ended;
      expect(other.seqs()).toEqual(Array.from({ length: 40 }, (_, n) => n + 1));
      expect(slow.seqs().length).toBeLessThan(40);
      expect(daemon.server.traffic()).toMatchObject([{ clients: 1, followers: 1, requests: 0, waiting_bytes: 0 }]);
    });

    test('who replays the past slowly is waited for, and gets all of it', async () => {
      await using daemon = await openDaemon(10_000_000);
      for (let n = 0; n < 100; n += 1) await daemon.note(`${n} ${'x'.repeat(100_000)}`);
      const slow = await daemon.connect();
      slow.link.send('{"v":1,"kind":"subscribe","from":1}');
      await slow.sees('"events"');
      slow.link.pause();
      // However long this lasts: the daemon reads no more from the disk than the reader takes.
      await pause(30);
      expect(daemon.server.traffic()[0]!.waiting_bytes).toBeLessThan(1_000_000);
      slow.link.resume();
      await slow.sees('99 xxx');
      expect(slow.seqs()).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
    });

    test('the end is told to everybody, whoever does not listen holds nobody up, and all are gone then', async () => {
      await using daemon = await openDaemon();
      const [one, deaf] = [await daemon.connect(), await daemon.connect()];
      one.link.send('x');
      await one.sees('heard x');
      deaf.link.send(SUBSCRIBE);
      await deaf.sees('"kind":"state"');
      deaf.link.pause();
      await daemon.note('y'.repeat(10_000_000));
      await daemon.server.close('down');
      await one.link.ended;
      expect(JSON.parse(one.texts.at(-1)!)).toEqual({ kind: 'bye', why: 'down' });
      expect(daemon.server.traffic()).toMatchObject([{ clients: 0 }]);
    });
  });
};
