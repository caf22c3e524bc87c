import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { daemonRepository } from '../helpers/daemon.ts';
import { runMain, testIo } from '../helpers/io.ts';

test('[MON-1] health prints a line for each part, or a document, and ends with 1 unless all are well', async () => {
  await using repository = daemonRepository();
  const at = { cwd: repository.root, env: repository.env };
  await runMain(['daemon', 'start'], at);
  await vi.waitUntil(async () => (await runMain(['health', '-q'], at)).exit === 0);
  const well = await runMain(['health'], at);
  expect(well).toMatchObject({ exit: 0, stderr: '' });
  expect(well.stdout).toMatch(/^PART +HEALTH +WHAT IT SAYS\n/);
  expect(well.stdout).toMatch(/\ntmux +✔ ok +version \d/);
  expect(await runMain(['health', '-q'], at)).toEqual({ exit: 0, stdout: '', stderr: '' });
  writeFileSync(join(repository.root, '.drover/config.json'), '{ "agnet": "claude" }');
  await vi.waitUntil(async () => (await runMain(['health'], at)).exit === 1, { timeout: 30_000, interval: 100 });
  const ill = await runMain(['health', '--json'], at);
  const report = JSON.parse(ill.stdout) as { state: string; services: { name: string; state: string; why: string }[] };
  expect([ill.exit, ill.stderr, report.state]).toEqual([1, '', 'degraded']);
  expect(report.services.filter(({ state }) => state !== 'ok')).toMatchObject([{ name: 'settings' }]);
  const lines = (await runMain(['health', '--jsonl'], at)).stdout.trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { name: string }).name)).toEqual(
    report.services.map(({ name }) => name),
  );
  expect((await runMain(['health', '-q'], at)).stdout).toContain('▲ degraded');
  expect(await runMain(['health', 'swarm'], at)).toMatchObject({
    exit: 0,
    stdout: expect.stringContaining('Instances:'),
  });
});

test('[MON-1] without a daemon health says so, and starts none', async () => {
  await using repository = daemonRepository();
  const at = { cwd: repository.root, env: repository.env };
  expect(await runMain(['health', '--json'], at)).toEqual({
    exit: 7,
    stdout: '',
    stderr:
      'drover: The daemon of this repository could not be reached: none is running.\n' +
      'Look at "drover daemon logs", and try "drover daemon start".\n',
  });
  expect(repository.pid()).toBeUndefined();
  expect(await runMain(['health', '--all'], at)).toMatchObject({ exit: 2 });
});

test('a daemon that is stopped is named to whoever only reads, and health gives it up and says what to do', async () => {
  await using repository = daemonRepository();
  const at = { cwd: repository.root, env: repository.env };
  await runMain(['daemon', 'start'], at);
  const pid = repository.pid()!;
  const notice = `drover: Waiting for the daemon (process ${pid}), which has not answered for 0 s; "drover health" says what to do.\n`;
  process.kill(pid, 'SIGSTOP');
  try {
    const { io, text } = testIo(at);
    expect(await main(['health'], { ...io, patience: { noticeMs: 0, giveUpMs: 1000 } })).toBe(124);
    expect(text).toEqual({
      stdout: '',
      stderr: `${notice}drover: The daemon of this repository (process ${pid}) has not answered for 1 s.\nIf it was stopped, "kill -CONT ${pid}" lets it go on; else "drover daemon stop" ends it, and the next command starts another. The agents go on meanwhile.\n`,
    });
    const others = [['daemon', 'status'], ['status'], ['do', 'create task "Later"']].map((argv) => {
      const one = testIo(at);
      const exit = main(argv, { ...one.io, patience: { noticeMs: 0, giveUpMs: 60_000 } });
      return { ...one, exit };
    });
    await Promise.all(others.map(({ printed }) => printed(/has not answered/u)));
    process.kill(pid, 'SIGCONT');
    expect(await Promise.all(others.map(({ exit }) => exit))).toEqual([0, 0, 0]);
    expect(others.map((one) => one.text.stderr)).toEqual([notice, notice, notice]);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
});
