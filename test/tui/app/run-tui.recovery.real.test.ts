import { expect, onTestFinished, test, vi } from 'vitest';
import { openReplica } from '../../../src/client/replica.ts';
import { connectOrStart } from '../../../src/client/start.ts';
import { followLog } from '../../../src/logs/follow.ts';
import { daemonRepository } from '../../helpers/daemon.ts';
import { runMain } from '../../helpers/io.ts';
import { openView } from '../open-view.ts';
import { cellsOf } from '../screen.ts';

const PATIENCE = { timeout: 30_000, interval: 50 };

/** A view over a daemon that is a process of its own, with one agent whose screen says something. */
const watched = async () => {
  const repository = daemonRepository({ env: { DROVER_REHEARSAL_TASK_MS: '300000' } });
  onTestFinished(() => repository[Symbol.asyncDispose]());
  const { root, env, paths } = repository;
  const drover = (...argv: readonly string[]) => runMain(argv, { cwd: root, env });
  (await connectOrStart(paths, env)).close();
  expect(await drover('do', 'launch 1 instances agent=rehearsal')).toMatchObject({ exit: 0, stderr: '' });
  const replica = await openReplica({ paths, env, view: () => ({ columns: 100, color: false }), actor: 'tui' });
  const view = openView([], {
    client: replica,
    follow: (id, sink) => followLog(`${paths.logs}/${id}`, sink, { size: { cols: 120, rows: 36 } }),
    now: Date.now,
  });
  onTestFinished(async () => {
    view.host.emit('SIGTERM');
    await view.done;
    replica.close();
  });
  /** Waits for longer than the view's own tests: each start of a daemon is one of a program. */
  const see = (text: string | RegExp) =>
    vi
      .waitUntil(() => (typeof text === 'string' ? view.screen().includes(text) : text.test(view.screen())), PATIENCE)
      .catch(() => expect.fail(`not on the screen: ${text}\n${view.screen()}`));
  await see('no model is asked');
  return { ...repository, drover, view, see, first: repository.pid() };
};

/** Whether the agent's screen is drawn as something that may not be true any more. */
const greyed = ({ view }: Awaited<ReturnType<typeof watched>>): boolean => {
  const rows = view.screen().split('\n');
  // The agent's own prompt: it is drawn bright, and stands above that of the view.
  const y = rows.findIndex((row) => row.includes('❯'));
  const x = rows[y]!.indexOf('❯');
  const [, , , , , , , dim] = cellsOf(view.tty.terminal, { x, y, width: 1, height: 1 })[0]!.split('|');
  return dim === 'true';
};

test('whatever dies, the screen says so, keeps what it knew greyed, and comes back without a key', {
  timeout: 180_000,
}, async () => {
  const swarm = await watched();
  const { view, see, drover, crash, tmux } = swarm;
  const another = () => vi.waitUntil(() => swarm.pid() !== undefined && swarm.pid() !== swarm.first, PATIENCE);
  expect(greyed(swarm)).toBe(false);

  // Somebody stopped it: what is shown grows old, and the connection stays.
  process.kill(swarm.first!, 'SIGSTOP');
  await see(/silent for \d+ s: this is how it was/).finally(() => process.kill(swarm.first!, 'SIGCONT'));
  await see('● daemon');
  await vi.waitUntil(() => !greyed(swarm), PATIENCE);
  expect(swarm.pid()).toBe(swarm.first);

  // Somebody ended it: it is not started by looking.
  expect(await drover('daemon', 'stop')).toMatchObject({ exit: 0 });
  await see('stopped: a command starts it again');
  await see('no model is asked');
  await vi.waitUntil(() => greyed(swarm), PATIENCE);
  expect(swarm.pid()).toBeUndefined();
  expect(await drover('daemon', 'restart')).toMatchObject({ exit: 0, stdout: expect.stringContaining('process') });
  await see('● daemon');
  await vi.waitUntil(() => !greyed(swarm), PATIENCE);

  // It crashed: the screen starts the next one.
  const said = see('no connection');
  await crash();
  await said;
  await see('● daemon');
  await another();
  await vi.waitUntil(() => !greyed(swarm), PATIENCE);
  const before = swarm.pid();
  expect(await drover('daemon', 'restart')).toMatchObject({ exit: 0 });
  expect(swarm.pid()).not.toBe(before);
  view.type('create task "Says hello" id=t1\r');
  await see('Says hello');

  // tmux itself is gone, and with it every agent.
  tmux('kill-server');
  await see(/✖ 1 (?:lost|failed)/);
  await see('no model is asked');
  expect(await drover('do', 'restart instance rehearsal-1')).toMatchObject({ exit: 0 });
  await see('○ 1 idle');
  await vi.waitUntil(() => !greyed(swarm), PATIENCE);
});
