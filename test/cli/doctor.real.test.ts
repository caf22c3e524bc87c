import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/folder.ts';
import { runMain } from '../helpers/io.ts';
import { testRepository } from '../helpers/swarm.ts';

/** A PATH with these programs only, and those that a shell script needs. */
const pathWith = (folder: string, programs: readonly string[]): string => {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  for (const program of [...programs, 'sh', 'echo']) {
    const file = execFileSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim();
    if (file.startsWith('/')) symlinkSync(file, join(bin, program));
  }
  return bin;
};

test('a healthy place gets a line for each thing that was looked at and exit code 0', async () => {
  using repository = testRepository();
  const { exit, stdout } = await runMain(['doctor'], { cwd: repository.root, env: repository.env });
  expect(exit).toBe(0);
  expect(stdout).toMatch(/^✔ tmux: 3\.\d/mu);
  expect(stdout).toMatch(/^✔ git: 2\.\d/mu);
  expect(stdout).toMatch(/^✔ daemon: does not run; the next command starts it$/mu);
  expect(stdout).toMatch(/^✔ agent rehearsal: comes with Drover$/mu);
});

test('[INI-2] without tmux it says how to install it, and a stale socket is removed by --fix', async () => {
  using repository = testRepository();
  const bare = { ...repository.env, PATH: pathWith(repository.env['HOME']!, ['git']) };
  const missing = await runMain(['doctor'], { cwd: repository.root, env: bare });
  expect(missing.exit).toBe(1);
  expect(missing.stdout).toMatch(/^✖ tmux: not found — install with: .*apt install tmux.*dnf.*pacman.*brew/mu);

  mkdirSync(repository.paths.state, { recursive: true, mode: 0o700 });
  const dead = createServer().listen(repository.paths.socket);
  await once(dead, 'listening');
  // Closing it properly would remove the file, as a crash does not.
  execFileSync('mv', [repository.paths.socket, `${repository.paths.socket}.kept`]);
  dead.close();
  execFileSync('mv', [`${repository.paths.socket}.kept`, repository.paths.socket]);
  const place = { cwd: repository.root, env: repository.env };
  expect((await runMain(['doctor'], place)).exit).toBe(1);
  const fixed = await runMain(['doctor', '--fix'], place);
  expect([fixed.exit, fixed.stdout.includes('repaired: left its socket behind')]).toEqual([0, true]);
  expect((await runMain(['doctor'], place)).exit).toBe(0);
});

test('outside of a repository and with a broken configuration the finding says what to do', async () => {
  using folder = temporaryFolder('doctor');
  using repository = testRepository();
  const outside = await runMain(['doctor', '--json'], { cwd: folder.path, env: repository.env });
  const found = JSON.parse(outside.stdout) as { name: string; level: string; repair: string | null }[];
  expect([outside.exit, found.at(-1)]).toMatchObject([1, { name: 'repository', level: 'problem' }]);
  writeFileSync(repository.paths.config, '{"agnet": "x"}');
  const broken = await runMain(['doctor', '-q'], { cwd: repository.root, env: repository.env });
  expect([broken.exit, broken.stdout]).toEqual([1, expect.stringContaining('Did you mean "agent"?')]);
});

test('an agent of the configuration that is not installed is a problem, another one a note', async () => {
  using repository = testRepository({
    settings: { agent: 'nobody', agents: { nobody: { command: ['no-such-program'] } } },
  });
  const { exit, stdout } = await runMain(['doctor'], { cwd: repository.root, env: repository.env });
  expect(exit).toBe(1);
  expect(stdout).toMatch(/^✖ agent nobody: "no-such-program" is not found/mu);
  expect(stdout).toMatch(/^! agent kiro: /mu);
});

test('a terminal is examined, and old programs are named with their version', async () => {
  using repository = testRepository();
  const bin = join(repository.env['HOME']!, 'old');
  mkdirSync(bin);
  writeFileSync(join(bin, 'tmux'), '#!/bin/sh\necho tmux 2.9\n', { mode: 0o755 });
  writeFileSync(join(bin, 'git'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
  const env = {
    ...repository.env,
    PATH: `${bin}:${repository.env['PATH']}`,
    LANG: 'C',
    TERM: 'dumb',
    TMUX: '/tmp/x,1,0',
  };
  const { exit, stdout } = await runMain(['doctor'], { cwd: repository.root, env, tty: true });
  expect(exit).toBe(1);
  for (const word of [
    '2.9 is too old, 3.2 is needed',
    'git: does not tell its version',
    'is not UTF-8',
    'fewer colours',
    'TERM inside tmux',
  ])
    expect(stdout).toContain(word);
});
