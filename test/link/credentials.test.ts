import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unixTransport } from '../../src/link/unix.ts';
import type { Link } from '../../src/ports/link.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const CLIENT = 'require("node:net").connect(process.argv[1]).resume()';

test('[SEC-11] who connects is known by what the kernel noted, and is nobody once that process has ended', async () => {
  using folder = temporaryFolder('peer');
  const address = join(folder.path, 's');
  const { promise: came, resolve: accept } = Promise.withResolvers<Link>();
  const listener = await unixTransport.listen(address, accept);
  const client = spawn(process.execPath, ['-e', CLIENT, address], { stdio: 'ignore' });
  const link = await came;
  expect(link.peer).toMatchObject({ pid: client.pid, uid: process.getuid!() });
  expect(link.peer!.isThere()).toBe(true);
  client.kill('SIGKILL');
  await once(client, 'exit');
  expect(link.peer!.isThere()).toBe(false);
  link.close();
  await listener.close();
});

test('whoever connects knows nothing of the other end by that', async () => {
  using folder = temporaryFolder('peer');
  const address = join(folder.path, 's');
  const listener = await unixTransport.listen(address, (link) => link.close());
  const link = await unixTransport.connect(address);
  expect(link.peer).toBeNull();
  link.close();
  await listener.close();
});
