import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openLastingConnection } from '../../src/client/lasting-connection.ts';
import { pathsOf } from '../../src/lib/paths.ts';
import { unixTransport } from '../../src/link/unix.ts';
import type { Link } from '../../src/ports/link.ts';
import { temporaryFolder } from '../helpers/folder.ts';

/** Whoever listens in the place of a daemon, and when each client came, in milliseconds. */
const listenAt = async (answer: (link: Link) => void) => {
  const folder = temporaryFolder('lasting');
  const socket = join(folder.path, 's');
  const came: number[] = [];
  const listener = await unixTransport.listen(socket, (link) => {
    came.push(performance.now());
    link.onFrame(() => answer(link));
    void link.ended.then(() => link.close());
  });
  onTestFinished(async () => {
    await listener.close();
    folder[Symbol.dispose]();
  });
  const { path } = folder;
  const paths = pathsOf({ root: path, key: 'k', commonDir: path, home: path, data: path, worktrees: path, socket });
  return { paths, came };
};

test('whoever lets go of each connection at once is asked after pauses that grow', async () => {
  const { paths, came } = await listenAt((link) => link.close());
  let lost = 0;
  const lasting = openLastingConnection(
    { paths, env: {} },
    {
      joined: (connection) => {
        connection.send({ v: 1, kind: 'subscribe', from: 1 });
        return () => undefined;
      },
      lost: () => {
        lost += 1;
      },
      failed: (why) => expect.unreachable(why.message),
    },
  );
  onTestFinished(() => lasting.close());
  await lasting.connect();
  await vi.waitUntil(() => lost >= 6, { timeout: 30_000, interval: 5 });
  const pauses = came.slice(1).map((at, index) => at - came[index]!);
  // A timer may ring a moment early.
  expect(pauses.map((ms, index) => ms > 50 * 2 ** index - 5)).toEqual(pauses.map(() => true));
});
