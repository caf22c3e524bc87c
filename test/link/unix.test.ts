import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nobodyListens } from '../../src/link/errors.ts';
import { unixTransport } from '../../src/link/unix.ts';
import { linkContract } from '../contract/link.ts';
import { servedLinkContract } from '../contract/link-server.ts';
import { unixStage } from '../contract/link-stage.ts';
import { temporaryFolder } from '../helpers/folder.ts';

linkContract('a unix socket', unixStage);
servedLinkContract('a unix socket', unixStage);

const DIES = 'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))';

test.each(['a socket of a dead program', 'an ordinary file'])('%s is replaced by who listens there', async (kind) => {
  using folder = temporaryFolder('unix');
  const address = join(folder.path, 's');
  if (kind === 'an ordinary file') writeFileSync(address, 'left behind');
  else spawnSync(process.execPath, ['-e', DIES, address]);
  await expect(unixTransport.connect(address)).rejects.toSatisfy(nobodyListens.matches);
  const listener = await unixTransport.listen(address, (link) => link.close());
  (await unixTransport.connect(address)).close();
  await listener.close();
});

const HEARS_NOBODY =
  'use Socket; socket(S, PF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un($ARGV[0])); listen(S, 9); $|=1; print 1; sleep 99';

/** Ends a process now, and gives back when all that it had open is closed. */
const killNow = (pid: number): void => {
  process.kill(pid, 'SIGKILL');
  while (!execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z'));
};

test('whoever is killed before it has taken who came is nobody', async () => {
  using folder = temporaryFolder('unix');
  const address = join(folder.path, 's');
  const owner = spawn('perl', ['-e', HEARS_NOBODY, address], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(owner.stdout, 'data');
  const ended = once(owner, 'exit');
  // The system has put us into its queue, and we have not looked yet how that went.
  const connecting = (): void => {
    unsubscribe('net.client.socket', connecting);
    process.nextTick(() => killNow(owner.pid!));
  };
  subscribe('net.client.socket', connecting);
  await expect(unixTransport.connect(address)).rejects.toSatisfy(nobodyListens.matches);
  await ended;
});

test('[SEC-7] nothing is said to a socket behind a link, or in a folder that others can write', async () => {
  using folder = temporaryFolder('unix');
  const inside = join(folder.path, 'd');
  mkdirSync(inside, { mode: 0o700 });
  const heard: string[] = [];
  const listener = await unixTransport.listen(join(inside, 's'), (link) =>
    link.onFrame((frame) => void heard.push(frame)),
  );
  symlinkSync(inside, join(folder.path, 'link'));
  symlinkSync(join(inside, 's'), join(inside, 't'));
  const refused = async (path: string): Promise<unknown> =>
    unixTransport.connect(join(folder.path, path)).catch((error) => [error.exit, error.message]);
  expect(await refused('link/s')).toEqual([7, expect.stringContaining(`${folder.path}/link is a symbolic link`)]);
  expect(await refused('d/t')).toEqual([7, expect.stringContaining('d/t is a symbolic link')]);
  chmodSync(inside, 0o777);
  expect(await refused('d/s')).toEqual([7, expect.stringContaining('can be written by others')]);
  chmodSync(inside, 0o700);
  (await unixTransport.connect(join(inside, 's'))).close();
  await listener.close();
  expect(heard).toEqual([]);
});

test.skipIf(process.getuid?.() !== 0)('[SEC-7] nothing is said to the socket of another user', async () => {
  using folder = temporaryFolder('unix');
  const inside = join(folder.path, 'd');
  mkdirSync(inside, { mode: 0o700 });
  const address = join(inside, 's');
  const listener = await unixTransport.listen(address, (link) => link.close());
  for (const path of [address, inside]) {
    chownSync(path, 65534, 65534);
    await expect(unixTransport.connect(address)).rejects.toMatchObject({
      ...{ code: 'link/foreign', exit: 7, message: expect.stringContaining(`${path} belongs to another user (65534)`) },
    });
    chownSync(path, 0, 0);
  }
  await listener.close();
});

test('only its owner may open the socket, and it is gone when it is given up', async () => {
  using folder = temporaryFolder('unix');
  const address = join(folder.path, 's');
  const listener = await unixTransport.listen(address, (link) => link.close());
  expect(statSync(address).mode & 0o777).toBe(0o600);
  await listener.close();
  expect(existsSync(address)).toBe(false);
  await expect(unixTransport.connect(address)).rejects.toSatisfy(nobodyListens.matches);
});
