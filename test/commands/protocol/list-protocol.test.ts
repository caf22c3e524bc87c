import { expect, test } from 'vitest';
import { listProtocol } from '../../../src/commands/protocol/list-protocol.ts';
import { pathsOf } from '../../../src/lib/paths.ts';
import { openDesk } from '../../helpers/desk.ts';

const door = { protocol: 'unix', title: 'unix socket', summary: 'A socket.', address: '/run/k.sock', in_use: true };
const traffic = async () => ({
  doors: [{ ...door, clients: 2, followers: 1, requests: 1, waiting_bytes: 0 }],
  spooled: 3,
});
const paths = pathsOf({
  root: '/r',
  key: 'k',
  commonDir: '/r/.git',
  home: '/home/ada',
  data: '/data',
  worktrees: '/w',
  socket: '/run/k.sock',
});

test('the transports are listed with their clients', async () => {
  const { message, data, text } = await openDesk(listProtocol, [], { paths, traffic }).say('list protocols');
  expect([message, data]).toMatchObject(['1 protocol, in use: unix.', [{ protocol: 'unix', clients: 2 }]]);
  expect(text).toMatch(/^unix +in use +2 +3 +\/run\/k\.sock$/m);
});

test('a state is no word for a transport', async () => {
  expect((await openDesk(listProtocol).say('list failed protocols')).exit).toBe(2);
});
