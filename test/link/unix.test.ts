import { spawnSync } from 'node:child_process';
import { existsSync, statSync, writeFileSync } from 'node:fs';
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

test('only its owner may open the socket, and it is gone when it is given up', async () => {
  using folder = temporaryFolder('unix');
  const address = join(folder.path, 's');
  const listener = await unixTransport.listen(address, (link) => link.close());
  expect(statSync(address).mode & 0o777).toBe(0o600);
  await listener.close();
  expect(existsSync(address)).toBe(false);
  await expect(unixTransport.connect(address)).rejects.toSatisfy(nobodyListens.matches);
});
