import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';
import { doctorSchema } from '../../../src/cli/doctor/finding.ts';
import { daemonRepository } from '../../helpers/daemon.ts';
import { runMain } from '../../helpers/io.ts';
import { shipped } from '../../helpers/swarm.ts';

/** Resolves when the program has ended by itself; one that something keeps open is ended, and has no exit code. */
const drover = (argv: readonly string[], { root, env }: { root: string; env: Record<string, string> }) =>
  new Promise<{ exit: unknown; stdout: string }>((resolve) => {
    execFile(process.execPath, [shipped.cli, ...argv], { cwd: root, env, timeout: 100_000 }, (error, stdout) =>
      resolve({ exit: error ? error.code : 0, stdout }),
    );
  });

test('a daemon that somebody stopped is told from a busy one, the program ends after its report, and the repair helps', async () => {
  await using repository = daemonRepository();
  await runMain(['daemon', 'start'], { cwd: repository.root, env: repository.env });
  const pid = repository.pid()!;
  const daemonOf = (stdout: string) =>
    doctorSchema.parse(JSON.parse(stdout)).findings.find(({ area, name }) => area === 'daemon' && name === 'daemon');
  process.kill(pid, 'SIGSTOP');
  try {
    const { exit, stdout } = await drover(['doctor', '--json', '--timeout', '10s'], repository);
    expect([exit, daemonOf(stdout)]).toMatchObject([1, { id: 'daemon.silent', repair: `kill -CONT ${pid}` }]);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  const after = await drover(['doctor', '--json', '--timeout', '20s'], repository);
  expect([after.exit, daemonOf(after.stdout)]).toMatchObject([0, { id: 'daemon.runs' }]);
});
