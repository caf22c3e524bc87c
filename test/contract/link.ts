import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { addressTaken, nobodyListens } from '../../src/link/errors.ts';
import type { Link } from '../../src/ports/link.ts';
import type { LinkStage } from './link-stage.ts';

/** The longest request, as every transport takes it. */
const LONGEST = 4 * 1024 * 1024;
const PATIENCE = { timeout: 30_000, interval: 5 } as const;

/** Whatever a link says, and how it ended. */
const listenTo = (link: Link) => {
  const frames: string[] = [];
  link.onFrame((frame) => void frames.push(frame));
  return { frames, has: (count: number) => vi.waitUntil(() => frames.length >= count, PATIENCE) };
};

const echo = (link: Link): void => {
  link.onFrame((frame) => void link.send(frame));
  void link.ended.then(() => link.end());
};

/** What every transport must do; one that passes can stand between a client and a daemon. */
export const linkContract = (name: string, open: () => LinkStage): void => {
  describe(`a link over ${name}`, () => {
    let stage: LinkStage;
    beforeAll(() => {
      stage = open();
    });
    afterAll(() => stage[Symbol.asyncDispose]());

    /** A link with both its ends. */
    const openPair = async (): Promise<{ near: Link; far: Link; address: string }> => {
      const { promise: accepted, resolve } = Promise.withResolvers<Link>();
      const { address } = await stage.listen(resolve);
      const near = await stage.transport.connect(address);
      return { near, far: await accepted, address };
    };

    const openRaw = async () => {
      const { promise: accepted, resolve } = Promise.withResolvers<Link>();
      const raw = await stage.speak((await stage.listen(resolve)).address);
      return { raw, far: await accepted };
    };

    test('frames arrive whole and in order in both directions, also those that came before anybody listened', async () => {
      const { near, far } = await openPair();
      far.send('early');
      echo(far);
      const said = Array.from({ length: 2000 }, (_, n) => `${n} größe 界 ${'x'.repeat(n)}`);
      for (const frame of said) near.send(frame);
      const heard = listenTo(near);
      await heard.has(said.length + 1);
      expect(heard.frames).toEqual(['early', ...said]);
      near.close();
    });

    test('a frame of four million characters arrives in each direction, and the small ones beside it', async () => {
      const { near, far } = await openPair();
      echo(far);
      const heard = listenTo(near);
      const long = '{"界":"'.padEnd(LONGEST, 'y');
      for (const frame of ['before', long, 'after']) near.send(frame);
      await heard.has(3);
      expect(heard.frames.map((frame) => frame.length)).toEqual([6, LONGEST, 5]);
      expect(heard.frames[1] === long).toBe(true);
      near.close();
    });

    test('frames are found in whatever pieces the bytes come, and what is no UTF-8 harms no other frame', async () => {
      const { raw, far } = await openRaw();
      const heard = listenTo(far);
      const bytes = Buffer.from('{"a":"größe 界 👩‍💻"}\n\none\ntwo\n');
      for (const byte of bytes) raw.write(Uint8Array.of(byte));
      await heard.has(4);
      raw.write(Buffer.from([0x66, 0xff, 0xfe, 0x67, 0x0a, 0xc3, 0x0a]));
      raw.write('last');
      raw.end();
      const rest = await far.ended;
      expect([...heard.frames, rest].filter((frame) => frame !== '')).toEqual([
        ...['{"a":"größe 界 👩‍💻"}', 'one', 'two', 'f\uFFFD\uFFFDg', '\uFFFD', 'last'],
      ]);
      far.close();
      raw.kill();
    });

    test('whom we connected to may say a frame of twenty million characters, and half a frame before it dies', async () => {
      const long = 'z'.repeat(20_000_000);
      const link = await stage.hear(
        ['one\ntw', 'o\n', long, '\nthr', 'ee\n{"half":'].map((piece) => Buffer.from(piece)),
      );
      const heard = listenTo(link);
      expect(await link.ended).toBe('{"half":');
      expect(heard.frames.map((frame) => frame.length)).toEqual([3, 3, long.length, 5]);
      link.close();
      await link.closed;
    });

    test.each([
      ['a frame without an end', 'x'.repeat(1024 * 1024)],
      ['a frame that has its end', `${'x'.repeat(LONGEST + 1)}\n`],
    ])('%s that is longer than any request is let go of before it fills the memory', async (_kind, block) => {
      const { raw, far } = await openRaw();
      const heard = listenTo(far);
      for (let sent = 0; sent <= LONGEST; sent += block.length) raw.write(block);
      await raw.ended;
      await far.ended;
      expect(heard.frames).toEqual([]);
      far.close();
    });

    test('whoever reads slowly is seen, can be waited for, and loses nothing', async () => {
      const { near, far } = await openPair();
      const heard = listenTo(near);
      near.pause();
      const block = 'x'.repeat(1_000_000);
      let sent = 0;
      while (far.send(`${sent} ${block}`)) sent += 1;
      // The system takes some of it at once; what it cannot take stays with us.
      for (; sent < 40; sent += 1) far.send(`${sent + 1} ${block}`);
      expect(far.waitingBytes).toBeGreaterThan(block.length);
      let isDrained = false;
      const drained = far.drained().then(() => {
        isDrained = true;
      });
      await new Promise((resolve) => void setImmediate(resolve));
      expect([isDrained, heard.frames.length < 30]).toEqual([false, true]);
      near.resume();
      await drained;
      expect(far.waitingBytes).toBe(0);
      far.send('last');
      await vi.waitUntil(() => heard.frames.at(-1) === 'last', PATIENCE);
      expect(heard.frames.map((frame) => frame.split(' ', 1)[0])).toEqual([
        ...Array.from({ length: 41 }, (_, n) => String(n)),
        'last',
      ]);
      near.close();
    });

    test('who has said all that he has to say still hears the answer', async () => {
      const { near, far } = await openPair();
      const asked = listenTo(far);
      const answered = listenTo(near);
      near.send('question');
      near.end();
      near.send('too late');
      expect(await far.ended).toBe('');
      expect(asked.frames).toEqual(['question']);
      far.send('answer');
      far.end();
      await Promise.all([near.ended, near.closed, far.closed]);
      expect([answered.frames, near.isClosed, far.isClosed]).toEqual([['answer'], true, true]);
    });

    test('what was sent before the end arrives, however much it is', async () => {
      const { near, far } = await openPair();
      const heard = listenTo(near);
      for (let n = 0; n < 20; n += 1) far.send(`${n} ${'x'.repeat(500_000)}`);
      void far.drained().then(() => far.close());
      await near.ended;
      expect(heard.frames.length).toBe(20);
      near.close();
      await Promise.all([near.closed, far.closed]);
    });

    test('a client that dies is gone for who listens, and nothing that is sent to it afterwards breaks', async () => {
      const { raw, far } = await openRaw();
      listenTo(far);
      raw.write('hello\n');
      raw.kill();
      await far.ended;
      for (let n = 0; n < 10; n += 1) far.send('x'.repeat(100_000));
      await far.drained();
      far.close();
      await far.closed;
    });

    test('a listener that breaks off is gone for the client, and nothing that is sent to it afterwards breaks', async () => {
      const { near, far } = await openPair();
      listenTo(near);
      far.close();
      await near.ended;
      for (let n = 0; n < 10; n += 1) near.send('x'.repeat(100_000));
      near.close();
      await near.closed;
      expect([near.send('x'), near.waitingBytes]).toEqual([true, 0]);
      near.end();
      near.pause();
      near.resume();
      near.close();
      await near.drained();
    });

    test('several links at one address do not hear each other, and live on when the address is given up', async () => {
      const { address, close } = await stage.listen(echo);
      const links = await Promise.all([1, 2, 3].map(() => stage.transport.connect(address)));
      const heard = links.map(listenTo);
      links[0]!.send('one');
      await heard[0]!.has(1);
      for (const n of [1, 2]) links[n]!.send(`hello ${n}`);
      await Promise.all([1, 2].map((n) => heard[n]!.has(1)));
      await close();
      links[0]!.close();
      links[2]!.send('again');
      await heard[2]!.has(2);
      expect(heard.map(({ frames }) => frames)).toEqual([['one'], ['hello 1'], ['hello 2', 'again']]);
      for (const link of links) link.close();
      await Promise.all(links.map(({ closed }) => closed));
    });

    test('where nobody listens the refusal says so, and an address has one listener', async () => {
      await expect(stage.transport.connect(stage.nowhere)).rejects.toSatisfy(nobodyListens.matches);
      await expect(stage.listenTwice()).rejects.toSatisfy(addressTaken.matches);
    });

    test('who does not want to connect any more is not connected', async () => {
      const { address } = await stage.listen(() => undefined);
      const why = new Error('enough');
      await expect(stage.transport.connect(address, AbortSignal.abort(why))).rejects.toBe(why);
      const stop = new AbortController();
      const connecting = stage.transport.connect(address, stop.signal);
      stop.abort(why);
      await expect(connecting).rejects.toBe(why);
    });
  });
};
