import { expect, test } from 'vitest';
import { statusProtocol } from '../../../src/commands/protocol/status-protocol.ts';
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

test('the transport says its address, who is connected and what waits', async () => {
  const { message, data } = await openDesk(statusProtocol, [], { paths, traffic }).say('status protocol');
  expect(message).toBe(
    'Commands travel over the unix socket /run/k.sock; 2 clients, 1 request being carried out, 3 messages of agents waiting.',
  );
  expect(data).toMatchObject({ protocol: 'unix', in_use: true, followers: 1, spool: '/r/.git/drover/spool' });
});

test('what "status protocol" cannot do yet is refused', async () => {
  expect(await openDesk(statusProtocol).say('status protocol health')).toMatchObject({
    exit: 1,
    data: { code: 'command/not-yet' },
  });
});
