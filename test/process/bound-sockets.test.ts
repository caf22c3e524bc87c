import { spawn } from 'node:child_process';
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
00000000a6310e38: 00000002 00000000 00010000 0001 01 176632 /srv/two
lines

0: more
00000000a6310e39: 00000003 00000000 00000000 0001 03 176633
00000000a6310e3a: 00000002 00000000 00010000 0001 01 176634 /srv/\u00ff
`;

test('[SEC-9] of all sockets those with a name are told to which something can be said', () => {
  expect(readBound(TABLE)).toEqual([
    ...['/run/docker.sock', '/dev/log', '/srv/a b/gr\u00C3\u00BCn', '@/tmp/.X11-unix/X0', 'relative'],
    ...['/srv/two\nlines\n\n0: more', '/srv/\u00ff'],
  ]);
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

/** Listens at names that say nothing of a folder, or are no text, and at many, and says so. */
const LISTENS = `
use Socket;
my ($folder, $many) = @ARGV;
chdir $folder;
my @held = map { socket(my $s, PF_UNIX, SOCK_STREAM, 0); bind($s, pack('S a*', 1, $_)) && listen($s, 1) or die "$_: $!"; $s }
  ('ctl.sock', "./dot.sock", '@at', "$folder/two\\nlines", "$folder/\\xff\\x81\\\\", "\\xfe", map { "\\0$folder/$_" } 1 .. $many);
$| = 1; print "here"; <STDIN>;
`;

test.skipIf(process.platform !== 'linux').each([0, 200])(
  '[SEC-9] a socket is found whatever its name is, also one of which the kernel keeps no folder, beside %i without a path',
  async (many) => {
    using folder = temporaryFolder('bound');
    const child = spawn('perl', ['-e', LISTENS, folder.path, String(many)], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    const names = boundSockets().flatMap((path) =>
      path.startsWith(`${folder.path}/`) ? [path.slice(folder.path.length + 1)] : [],
    );
    child.stdin.end();
    await once(child, 'close');
    expect(names.toSorted()).toEqual(
      ['./dot.sock', '@at', 'ctl.sock', 'two\nlines', '\uDCFE', '\uDCFF\uDC81\\'].toSorted(),
    );
  },
);
