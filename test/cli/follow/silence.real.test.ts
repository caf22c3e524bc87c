import type { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { openPlainView } from '../../../src/cli/screen/plain-view.ts';
import { openDrover } from '../../e2e/terminal.ts';
import { daemonRepository } from '../../helpers/daemon.ts';
import { runMain, testIo } from '../../helpers/io.ts';

/** A repository whose daemon runs, and can be stopped and let go on. */
const openStopping = async () => {
  const repository = daemonRepository();
  const at = { cwd: repository.root, env: repository.env };
  await runMain(['daemon', 'start'], at);
  const pid = repository.pid()!;
  return {
    ...{ at, pid, repository },
    stop: () => process.kill(pid, 'SIGSTOP'),
    goOn: () => process.kill(pid, 'SIGCONT'),
    [Symbol.asyncDispose]: async () => {
      process.kill(pid, 'SIGCONT');
      await repository[Symbol.asyncDispose]();
    },
  };
};

const silent = (pid: number): RegExp => new RegExp(`the daemon \\(process ${pid}\\) has not answered for \\d+ s`, 'u');

test.each([
  ['events follow', ['events', 'follow']],
  ['watch', ['watch', 'status']],
])('drover %s says that the daemon is silent, and that it answers again', async (_what, argv) => {
  await using daemon = await openStopping();
  const { io, printed } = testIo(daemon.at);
  const ended = main(argv, io);
  if (argv[0] === 'watch') await printed(/Instances/);
  daemon.stop();
  await printed(silent(daemon.pid));
  daemon.goOn();
  await printed(/the daemon answers again/u);
  process.emit('SIGINT', 'SIGINT');
  await ended;
});

test('what is watched in place says below it that the daemon is silent', async () => {
  await using daemon = await openStopping();
  const { io, printed } = testIo({ ...daemon.at, tty: true });
  const ended = main(['watch', 'status'], io);
  await printed(/Instances/);
  daemon.stop();
  await printed(silent(daemon.pid));
  daemon.goOn();
  await printed(/the daemon answers again/u);
  io.stdin.push('q');
  expect(await ended).toBe(0);
});

test('the view in lines says that the daemon is silent, and that it answers again', async () => {
  await using daemon = await openStopping();
  const { io, printed } = testIo({ ...daemon.at, env: { ...daemon.at.env, TERM: 'dumb' }, tty: true });
  const done = openPlainView(io);
  await printed(/q to leave/);
  daemon.stop();
  await printed(silent(daemon.pid));
  daemon.goOn();
  await printed(/the daemon answers again/u);
  (io.stdin as unknown as PassThrough).end();
  expect(await done).toBe(0);
});

test('a view that is opened on a stopped daemon says what it waits for, and gives up in the end', async () => {
  await using daemon = await openStopping();
  const { io, text } = testIo({ ...daemon.at, env: { ...daemon.at.env, TERM: 'dumb' }, tty: true });
  daemon.stop();
  const opening = openPlainView({ ...io, patience: { noticeMs: 100, giveUpMs: 1000 } });
  await expect(opening).rejects.toMatchObject({ code: 'client/silent', exit: 124 });
  expect(text.stderr).toContain(`Waiting for the daemon (process ${daemon.pid})`);
});

test('the screen that is opened on a stopped daemon says what it waits for, and opens when it goes on', async () => {
  await using daemon = await openStopping();
  daemon.stop();
  const { see, screen } = openDrover([], daemon.at);
  await see(/Waiting for the daemon \(process \d+\)/u);
  daemon.goOn();
  await vi.waitUntil(() => !screen().includes('Waiting for') && screen().trim() !== '');
});
