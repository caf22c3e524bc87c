import { once } from 'node:events';
import { chmodSync, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ask } from '../../../src/client/request.ts';
import { openDrover } from '../../e2e/terminal.ts';
import { daemonRepository } from '../../helpers/daemon.ts';
import { runMain } from '../../helpers/io.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { isRoot, GUEST, rawGuest, WITH_OTHERS } from './guests.ts';

/** What somebody has who has no repository, no daemon and no configuration. */
const THEIRS = { cwd: '/', env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8' }, user: GUEST };

/** A repository with a daemon of its own, an agent in it, and the built program to say things by. */
const openHost = async () => {
  const repository = daemonRepository();
  const { paths, env } = repository;
  const view = { columns: 100, color: false };
  const say = (text: string) => ask(paths, env, { text, yes: true, actor: 'cli', view });
  await say('launch 1 instance');
  const share = async (words = ''): Promise<string> =>
    ((await say(`share session rehearsal-1 user=daemon ${words}`)).data as { join: string }).join.split(' ').at(-1)!;
  const type = (text: string) => repository.tmux('send-keys', '-t', '=r-rehearsal-1:=agent', text, 'Enter');
  return { ...repository, say, share, type };
};

const join = (socket: string) => openDrover(['sessions', 'join', socket], THEIRS);

describe.runIf(isRoot)(WITH_OTHERS, () => {
  test('[TMX-9] a guest joins in a plain terminal, sees and does not type, leaves by Ctrl-], and joins again to type', async () => {
    await using host = await openHost();
    const looking = join(await host.share());
    await looking.see(/rehearsal-1 of root · you look only · Ctrl-] leaves · until \d\d:\d\d/);
    host.type('for-the-guest');
    await looking.see('heard: for-the-guest');
    looking.type('of-the-guest\r');
    looking.resize(60, 12);
    host.type('once-more');
    await looking.see('heard: once-more');
    expect(looking.screen()).not.toContain('of-the-guest');
    expect(host.tmux('display-message', '-p', '-t', '=r-rehearsal-1:', '#{window_width}')).toBe('120');
    looking.type('\u001D');
    expect(await looking.ended()).toBe(0);
    expect(looking.screen()).toContain('You have left. The agent of root goes on.');

    const typing = join(await host.share('rw'));
    await typing.see('what you type reaches it');
    typing.type('of-the-guest\r');
    await typing.see('heard: of-the-guest');
    await host.say('unshare session rehearsal-1');
    expect(await typing.ended()).toBe(0);
    expect(typing.screen()).toContain('It is shared with you no more: cli ended it.');
  });

  test('[TMX-9] a share ends with a daemon that is killed, and the next one takes up none', async () => {
    await using host = await openHost();
    const socket = await host.share('rw');
    const guest = rawGuest(socket, GUEST);
    await guest.see('"kind":"screen"');
    await host.crash();
    await guest.gone();
    await vi.waitUntil(() => !existsSync(dirname(socket)));
    const events = (await host.say('list events type=instance.unshared')).data;
    expect(events).toMatchObject([{ data: { user: 'daemon', because: 'the daemon has ended' } }]);
    const late = join(socket);
    expect(await late.ended()).toBe(3);
    expect(late.screen()).toContain(`Nothing is shared at ${socket}, or not any more.`);
  });
});

test('[TMX-9] nobody joins a socket in a folder where others could have put it', async () => {
  using folder = temporaryFolder('trap');
  const socket = `${folder.path}/door`;
  const server = createServer((client) => client.end()).listen(socket);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  chmodSync(folder.path, 0o777);
  const trapped = openDrover(['sessions', 'join', socket], { cwd: '/', env: THEIRS.env });
  expect(await trapped.ended()).toBe(7);
  expect(trapped.screen()).toMatch(/Nothing is said to whoever listens there: .*can be written by others/su);
});

test('[TMX-9] to join takes a terminal, and what is no path is still an agent of one’s own', async () => {
  using folder = temporaryFolder('join');
  const run = (...argv: string[]) => runMain(argv, { cwd: folder.path, env: { PATH: process.env['PATH'] ?? '' } });
  expect(await run('sessions', 'join', '/tmp/drover-x/y')).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('To join takes a terminal, and this is none.'),
  });
});
