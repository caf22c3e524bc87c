import { once } from 'node:events';
import { renameSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { boundSockets, readBound } from '../../src/process/bound-sockets.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const TABLE = `Num       RefCount Protocol Flags    Type St Inode Path
00000000a6310e30: 00000003 00000000 00000000 0001 03 176625
00000000a6310e31: 00000002 00000000 00010000 0001 01 176626 /run/docker.sock
00000000a6310e32: 00000003 00000000 00000000 0001 03 176627 /run/docker.sock
00000000a6310e33: 00000003 00000000 00000000 0001 03 176628 /srv/connected
00000000a6310e34: 00000002 00000000 00000000 0002 01     12 /dev/log
00000000a6310e35: 00000002 00000000 00010000 0005 01 176629 /srv/a b/gr\u00C3\u00BCn
00000000a6310e36: 00000002 00000000 00010000 0001 01 176630 @/tmp/.X11-unix/X0
00000000a6310e37: 00000002 00000000 00010000 0001 01 176631 relative
`;

test('[SEC-9] of all sockets those with a path are told to which something can be said', () => {
  expect(readBound(TABLE)).toEqual(['/run/docker.sock', '/dev/log', '/srv/a b/grün']);
  expect(readBound('')).toEqual([]);
});

test.skipIf(process.platform !== 'linux')(
  '[SEC-9] a socket is found where it lies, also by the name that it was given later, as long as it lies there',
  async () => {
    using folder = temporaryFolder('bound');
    const at = join(folder.path, 'it.sock');
    const found = () => boundSockets().filter((path) => path.startsWith(folder.path));
    const server = createServer().listen(`${at}.${process.pid}`);
    await once(server, 'listening');
    expect(found()).toEqual([`${at}.${process.pid}`]);
    renameSync(`${at}.${process.pid}`, at);
    expect(found()).toEqual([at]);
    server.close();
    await once(server, 'close');
    expect(found()).toEqual([]);
  },
);
