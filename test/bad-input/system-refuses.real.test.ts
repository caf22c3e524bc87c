import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/folder.ts';
import { openProgram } from './program.ts';

test('what the system refuses to a command is told in one sentence, by the daemon that goes on', async () => {
  await using program = openProgram();
  await program.drover('do', 'create task "Say hello"');
  const pid = async () => JSON.parse((await program.drover('daemon', 'status', '--json')).stdout).pid;
  const before = await pid();
  writeFileSync(join(program.root, 'file'), 'mine\n');
  expect(await program.drover('export', 'plan', '--to', 'file/plan.md', '--force')).toMatchObject({
    exit: 1,
    stderr: expect.stringMatching(
      /^drover: something .*: mkdir .*file.*\.\nName another place, or move it away, then/u,
    ),
  });
  mkdirSync(join(program.root, 'folder'));
  for (const place of ['folder', '/dev/null'])
    expect(await program.drover('export', 'plan', '--to', place, '--force')).toMatchObject({
      exit: 6,
      stderr: expect.stringContaining('is a folder, a device or no text'),
    });
  expect(await program.drover('export', 'plan', '--to', '/', '--force')).toMatchObject({
    exit: 1,
    stderr: expect.stringMatching(/^drover: [^\n]*\.\nName another place, then try again\.\n$/u),
  });
  expect(await pid()).toBe(before);
  expect([readFileSync(join(program.root, 'file'), 'utf8'), readdirSync(join(program.root, 'folder'))]).toEqual([
    'mine\n',
    [],
  ]);
});

test('[SEC-8] a setting that cannot be trusted is not written either', async () => {
  await using program = openProgram();
  await program.drover('config', 'set', 'checks.task', 'true', '--yes');
  const trust = join(program.env['XDG_STATE_HOME'] ?? join(program.env['HOME']!, '.local/state'), 'drover/trust');
  const [record] = readdirSync(trust);
  rmSync(join(trust, record!));
  mkdirSync(join(trust, record!));
  const text = readFileSync(program.paths.config, 'utf8');
  expect(await program.drover('config', 'set', 'checks.task', 'false', '--yes')).toMatchObject({
    exit: 1,
    stderr: expect.stringContaining(join(trust, record!)),
  });
  expect(readFileSync(program.paths.config, 'utf8')).toBe(text);
});

test.each(['config.json', 'folder'])(
  '[SEC-8] no settings are brought back into what a link of the repository leads to: %s',
  async (what) => {
    await using program = openProgram({ settings: { agent: 'rehearsal' } });
    await program.drover('config', 'set', 'tmux.cols', '99');
    using elsewhere = temporaryFolder('elsewhere');
    const mine = join(elsewhere.path, 'config.json');
    writeFileSync(mine, 'mine\n');
    const place = what === 'folder' ? dirname(program.paths.config) : program.paths.config;
    rmSync(place, { recursive: true });
    symlinkSync(what === 'folder' ? elsewhere.path : mine, place);
    expect(await program.drover('config', 'rollback', '--yes')).toMatchObject({
      exit: 6,
      stderr: expect.stringContaining(`leads to ${mine}, which is no file of settings`),
    });
    expect(readFileSync(mine, 'utf8')).toBe('mine\n');
  },
);
