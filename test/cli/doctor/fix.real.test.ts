import { once } from 'node:events';
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { holderIn } from '../../../src/cli/doctor/daemon.ts';
import { examineArea } from '../../../src/cli/doctor/doctor.ts';
import { openExamination } from '../../../src/cli/doctor/examination.ts';
import { type Fix, warning } from '../../../src/cli/doctor/finding.ts';
import { makeRepairs } from '../../../src/cli/doctor/fix.ts';
import { readState } from '../../../src/cli/doctor/state.ts';
import { isRunning } from '../../../src/process/is-running.ts';
import { emptyState } from '../../../src/state/index.ts';
import { openStore } from '../../../src/state/store/open.ts';
import { daemonRepository } from '../../helpers/daemon.ts';
import { daemonWords, holdNumber } from '../../helpers/deaf-daemon.ts';
import { runMain, testIo } from '../../helpers/io.ts';
import { testProcesses } from '../../helpers/processes.ts';
import { testRepository } from '../../helpers/swarm.ts';
import { withoutSnapshots } from '../../state/store/place.ts';

const open = async () => {
  const repository = testRepository();
  onTestFinished(() => repository[Symbol.dispose]());
  const { io } = testIo({ cwd: repository.root, env: repository.env });
  const examination = await openExamination(
    { io, place: repository.paths, settings: undefined, isAgentChosen: true, patience: 20_000 },
    testProcesses(),
  );
  return {
    ...repository,
    examination,
    /** What became of one repair. */
    fix: async (fix: Fix, env: Readonly<Record<string, string>> = {}) => {
      const [done] = await makeRepairs({ ...examination, env: { ...examination.env, ...env } }, [
        { ...warning('daemon.stale-socket', 'x', 'a cause', 'a command'), fix },
      ]);
      return [done!.fixed, done!.cause];
    },
  };
};

test('a socket that somebody listens on by now is put back', async () => {
  const { fix, env } = await open();
  const path = join(env['HOME']!, 'd.sock');
  const server = createServer((client) => client.end('{"kind":"bye"}\n')).listen(path);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  expect(await fix({ kind: 'remove-socket', path })).toEqual([
    false,
    'a cause (not repaired: a daemon listens there by now)',
  ]);
  expect(statSync(path).isSocket()).toBe(true);
  expect(readdirSync(env['HOME']!).filter((name) => name.startsWith('d.sock'))).toEqual(['d.sock']);
});

test('what has changed since it was looked at is left alone, with the reason', async () => {
  const { fix, env } = await open();
  const file = join(env['HOME']!, 'lock.db.pid');
  writeFileSync(file, '77\n');
  expect(await fix({ kind: 'remove-holder', path: file, pid: 78 })).toEqual([
    false,
    'a cause (not repaired: another process has it by now)',
  ]);
  expect(await fix({ kind: 'make-private', path: file })).toEqual([
    false,
    'a cause (not repaired: it is no folder any more)',
  ]);
  expect(await fix({ kind: 'forget-worktree', path: env['HOME']! })).toEqual([
    false,
    'a cause (not repaired: its folder is there again)',
  ]);
  expect(await fix({ kind: 'remove-holder', path: file, pid: 77 })).toEqual([true, 'a cause']);
  expect(existsSync(file)).toBe(false);
});

test('a daemon that cannot be reached is ended where it still is that one, and no other process', async () => {
  const { fix, paths, root } = await open();
  const gone = [false, 'a cause (not repaired: it has ended, or another process has its number)'];
  for (const words of [['server.js'], daemonWords({ lock: '/other/lock.db', root: '/other' })]) {
    await using other = await holdNumber(paths, words);
    expect(await fix({ kind: 'end-daemon', pid: other.pid, started: other.started })).toEqual(gone);
    expect(isRunning(other.pid)).toBe(true);
  }
  await using deaf = await holdNumber(paths, daemonWords({ lock: paths.lock, root }));
  const [pid, started] = [deaf.pid, deaf.started];
  expect(await fix({ kind: 'end-daemon', pid, started: `${Number(started) - 1}` })).toEqual(gone);
  expect(await fix({ kind: 'end-daemon', pid, started }, { DROVER_TOKEN: 'x' })).toEqual([
    false,
    'a cause (not repaired: an agent may not end it)',
  ]);
  expect(isRunning(pid)).toBe(true);
  expect(await fix({ kind: 'end-daemon', pid, started })).toEqual([true, 'a cause']);
  expect(await deaf.ended).toEqual([null, 'SIGTERM']);
  expect(await fix({ kind: 'end-daemon', pid, started })).toEqual(gone);
});

test('a daemon that is heard of by now goes on', async () => {
  await using repository = daemonRepository();
  await runMain(['daemon', 'start'], { cwd: repository.root, env: repository.env });
  const { io } = testIo({ cwd: repository.root, env: repository.env });
  const holder = (await holderIn(repository.paths.lock))!;
  expect([holder.pid, holder.ours]).toEqual([repository.pid(), true]);
  const examination = await openExamination(
    { io, place: repository.paths, settings: undefined, isAgentChosen: true, patience: 20_000 },
    testProcesses(),
  );
  const fix = { kind: 'end-daemon', pid: holder.pid, started: holder.since!.started } as const;
  const [done] = await makeRepairs(examination, [{ ...warning('daemon.deaf', 'x', 'a cause', 'a command'), fix }]);
  expect([done!.fixed, done!.cause]).toEqual([false, 'a cause (not repaired: it answers by now)']);
  expect(repository.pid()).toBe(holder.pid);
});

test('what the system or git refuses is a reason too, and a bug stays a bug', async () => {
  const { fix, examination } = await open();
  expect(await fix({ kind: 'remove-holder', path: '/nowhere/x.pid', pid: 1 })).toMatchObject([
    false,
    expect.stringContaining('ENOENT'),
  ]);
  expect(await fix({ kind: 'forget-worktree', path: '/nowhere/worktree' })).toMatchObject([
    false,
    expect.stringContaining('is not a working tree'),
  ]);
  const bug = { ...examination, place: undefined };
  const finding = {
    ...warning('leftover.worktree-record', 'x', 'y'),
    fix: { kind: 'forget-worktree', path: '/n' } as const,
  };
  await expect(makeRepairs(bug, [finding])).rejects.toThrow(TypeError);
  // A session that is not there any more is what was wanted.
  expect(await fix({ kind: 'end-session', mark: 'k/ghost-1' })).toEqual([true, 'a cause']);
});

test('a part that fails in a way that nobody foresaw is a finding', async () => {
  const { examination } = await open();
  const fails = async () => {
    throw new TypeError('x is not a function');
  };
  expect(await examineArea('disk', fails, examination)).toMatchObject([
    { id: 'disk.unreadable', cause: 'could not be examined: x is not a function' },
  ]);
});

test('a journal that db.json does not belong to, and one too long to be read in passing, are told', async () => {
  const { paths } = await open();
  const now = () => '2026-01-01T00:00:00.000Z';
  const store = await openStore({ paths, now, limits: { events: 1, bytes: 1024 } });
  for (let pid = 1; pid <= 9; pid += 1)
    await store.append([{ type: 'daemon.stopped', data: { pid } }], { actor: 'daemon', corr: 'c' });
  await store[Symbol.asyncDispose]();
  expect(await readState(paths, 0)).toMatchObject({ damage: null, written: 9, unread: 0 });
  withoutSnapshots(paths);
  const projection = { version: 1, seq: 0, crc: 5, written_at: now(), state: emptyState };
  writeFileSync(paths.projection, JSON.stringify({ ...projection, seq: 9, state: { ...emptyState, seq: 9 } }));
  expect(await readState(paths, 0)).toMatchObject({ faulty: 'it does not belong to this journal', written: null });
  writeFileSync(paths.projection, JSON.stringify({ ...projection, crc: 0 }));
  expect(await readState(paths, 0)).toMatchObject({ unread: 9, state: undefined });
  writeFileSync(paths.projection, JSON.stringify({ ...projection, version: 99 }));
  expect((await readState(paths, 0)).faulty).toContain('does not know');
  rmSync(join(paths.journal, '000000000001.jsonl'));
  // The backup is of an event behind what is gone.
  expect(await readState(paths, 0)).toMatchObject({ damage: null, state: { seq: 9 } });
  rmSync(`${paths.projection}.bak`);
  expect(await readState(paths, 0)).toMatchObject({ damage: 'the journal begins at event 2', state: undefined });
});
