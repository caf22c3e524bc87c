import { expect, test } from 'vitest';
import { showTrust } from '../../../src/commands/settings/show-trust.ts';
import type { Withheld } from '../../../src/state/setting-layers.ts';
import { openDesk } from '../../helpers/desk.ts';

const files = { project: '/r/c.json', user: '/home/ada/.config/drover.json' };
const configuration = { layers: [], files, change: () => expect.unreachable('nothing is written') };
const shown = (withheld: Withheld | undefined, powers: Record<string, unknown> = {}) => {
  const trust = {
    review: async () => withheld,
    powers: () => powers,
    accept: () => expect.unreachable('nothing is trusted'),
    revoke: () => expect.unreachable('nothing is revoked'),
  };
  return openDesk(showTrust, [], { trust, configuration }).say('show trust');
};

test('what holds is shown, what waits, and the command that trusts exactly that', async () => {
  const withheld = { hash: 'abc', asked: { checks: { task: 'b' } }, trusted: { checks: { task: 'a' } } };
  const { message, data } = await shown(withheld);
  expect(message.split('\n')).toEqual([
    '/r/c.json may do this:',
    '  + checks.task (runs): "a"',
    'As you trusted it before, until you trust it anew: checks.task, which can run or allow something, in /r/c.json.',
    '  - checks.task (runs): "a"',
    '  + checks.task (runs): "b"',
    'Trust it with: drover trust --trust abc',
  ]);
  expect(data).toEqual({ file: '/r/c.json', holds: false, ...withheld });
});

test('what holds although nobody trusted it is told', async () => {
  const narrows = { sandbox: { mode: 'strict' } };
  const asked = { sandbox: { mode: 'strict', network: 'on' } };
  const { message } = await shown({ hash: 'abc', asked, trusted: narrows, narrows });
  expect(message.split('\n')).toEqual([
    '/r/c.json may do this:',
    '  + sandbox.mode (allows): "strict"',
    'Without your trust, because it only shuts agents in more: sandbox.mode.',
    'Off until you trust it: sandbox.network, which can run or allow something, in /r/c.json.',
    '  + sandbox.network (allows): "on"',
    'Trust it with: drover trust --trust abc',
  ]);
});

test('where nothing waits, what holds is all there is', async () => {
  expect((await shown(undefined)).message).toBe('/r/c.json runs nothing and allows nothing.');
  expect((await shown(undefined, { tmux: { socket: 's' } })).data).toMatchObject({ holds: true, hash: null });
});
