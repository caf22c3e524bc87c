import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { checkOfProject } from '../../../src/cli/setup/project-check.ts';
import { changeProject } from '../../../src/daemon/config/project-file.ts';
import { readTrust } from '../../../src/daemon/config/trust-store.ts';
import { settingsElsewhere } from '../../../src/daemon/errors.ts';
import { runMain, testIo } from '../../helpers/io.ts';
import { testRepository } from '../../helpers/swarm.ts';

/** A repository without a configuration and with these agents in PATH. */
const fresh = (programs: readonly string[] = [], files: Readonly<Record<string, string>> = {}) => {
  const repository = testRepository({ files });
  onTestFinished(() => repository[Symbol.dispose]());
  repository.git('rm', '-q', '-r', '.drover');
  const bin = join(repository.env['HOME']!, 'agents');
  mkdirSync(bin);
  for (const program of programs) writeFileSync(join(bin, program), '#!/bin/sh\n', { mode: 0o755 });
  const env = { ...repository.env, PATH: `${bin}:${repository.env['PATH']}` };
  return { ...repository, at: { cwd: repository.root, env } };
};

const config = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

const PACKAGE = JSON.stringify({ scripts: { test: 'node --test' } });

/** Types lines into a terminal, each when the question before it has been asked. */
const conversation = async (
  at: { cwd: string; env: Record<string, string> },
  argv: readonly string[],
  answers: readonly (readonly [RegExp, string])[],
) => {
  const { io, text, printed } = testIo({ ...at, tty: true });
  const run = main(argv, io);
  for (const [question, answer] of answers) {
    await printed(question);
    (io.stdin as unknown as { write: (line: string) => void }).write(`${answer}\n`);
  }
  return { exit: await run, ...text };
};

describe('drover init', () => {
  test('proposes the agent that is installed and the command that tests the project, and tells what comes next', async () => {
    const { at, paths } = fresh(['kiro-cli'], { 'package.json': PACKAGE });
    const { exit, stdout, stderr } = await runMain(['init'], at);
    expect([exit, stderr]).toEqual([0, '']);
    expect(config(paths.config)).toEqual({ agent: 'kiro', checks: { task: 'npm test' } });
    expect(stdout).toMatch(/^Wrote .*config\.json \(agent: kiro\)\.$/mu);
    expect(stdout).toContain('agent  kiro (Kiro); also here: ');
    expect(stdout).toContain('check  npm test (from package.json)');
    expect(stdout).toMatch(/^Next:\n {2}drover doctor .*\n {2}drover import spec PATH /mu);
    const before = readFileSync(paths.config, 'utf8');
    const again = await runMain(['init', '--yes', '--json'], at);
    expect(JSON.parse(again.stdout)).toMatchObject({ changed: false, agent: 'kiro', check: 'npm test' });
    expect(readFileSync(paths.config, 'utf8')).toBe(before);
  });

  test('without an agent and without tests it takes the bundled agent and says how to add a check', async () => {
    const { at, paths } = fresh();
    const { stdout } = await runMain(['init', '--yes'], at);
    expect(config(paths.config)).toMatchObject({ agent: expect.any(String) });
    expect(stdout).toContain('check  none; name one with: drover config set checks.task');
  });

  test('--agent decides, also for one that is still to be installed; an unknown one is refused', async () => {
    const { at, paths } = fresh(['claude']);
    const unknown = await runMain(['init', '--agent', 'cluade'], at);
    expect(unknown).toMatchObject({ exit: 3, stderr: expect.stringContaining('Did you mean "claude"') });
    expect(existsSync(paths.config)).toBe(false);
    const later = await runMain(['init', '--agent', 'kiro'], at);
    expect(later.stdout).toMatch(/not installed yet: \S+/u);
    expect(config(paths.config)).toEqual({ agent: 'kiro' });
    expect(await runMain(['init', '--agent=kiro'], at)).toMatchObject({ exit: 0 });
    expect(await runMain(['init', '--agent=claude'], at)).toMatchObject({
      exit: 6,
      stderr: expect.stringMatching(/names the agent "kiro" already[\s\S]*drover config set agent claude/u),
    });
    expect(config(paths.config)).toEqual({ agent: 'kiro' });
  });

  test('[SEC-8] a link of the repository in the place of .drover has nothing written elsewhere', async () => {
    const { at, root, paths } = fresh();
    const elsewhere = join(root, '../elsewhere');
    rmSync(join(root, '.drover'), { recursive: true, force: true });
    symlinkSync('../elsewhere', join(root, '.drover'));
    const refusal = { exit: 6, stderr: expect.stringContaining(`${paths.config} leads to ${elsewhere}/config.json`) };
    expect(await runMain(['init', '--yes'], at)).toMatchObject(refusal);
    mkdirSync(elsewhere);
    expect(await runMain(['init', '--yes'], at)).toMatchObject(refusal);
    expect(readdirSync(elsewhere)).toEqual([]);
    await expect(changeProject(paths.config, at.env, { key: 'agent', value: 'rehearsal' })).rejects.toSatisfy(
      settingsElsewhere.matches,
    );
    expect(readdirSync(elsewhere)).toEqual([]);
    // A file of settings that its owner keeps elsewhere is one all the same.
    writeFileSync(join(elsewhere, 'config.json'), '{}\n');
    expect(await changeProject(paths.config, at.env, { key: 'agent', value: 'rehearsal' })).toBe(true);
    expect(config(join(elsewhere, 'config.json'))).toEqual({ agent: 'rehearsal' });
  });

  test('the agent of the user’s own settings is proposed first where it is installed', async () => {
    const { at, paths, env } = fresh(['claude', 'aider']);
    mkdirSync(join(env['HOME']!, '.config', 'drover'), { recursive: true });
    const own = { agent: 'aider', agents: { aider: { command: ['aider'] } } };
    writeFileSync(join(env['HOME']!, '.config', 'drover', 'config.json'), JSON.stringify(own));
    expect((await runMain(['init'], at)).exit).toBe(0);
    expect(config(paths.config)).toEqual({ agent: 'aider' });
  });

  test('a mistake in a configuration that is there is told, and the file stays', async () => {
    const { at, paths } = fresh();
    mkdirSync(join(paths.config, '..'));
    writeFileSync(paths.config, '{"agnet": "x"}');
    expect(await runMain(['init'], at)).toMatchObject({ exit: 2, stderr: expect.stringContaining('"agent"') });
    expect(readFileSync(paths.config, 'utf8')).toBe('{"agnet": "x"}');
  });

  test('on a terminal it asks, an empty line takes the proposal, and --yes and --agent ask less', async () => {
    const first = fresh(['claude', 'kiro-cli'], { 'package.json': PACKAGE });
    const asked = await conversation(
      first.at,
      ['init'],
      [
        [/Which agent .*claude.*\[claude\]/u, 'codes'],
        [/"codes" is not here/u, 'kiro'],
        [/"npm test" .*succeeds.*\[yes\]/u, ''],
      ],
    );
    expect(asked.exit).toBe(0);
    expect(config(first.paths.config)).toEqual({ agent: 'kiro', checks: { task: 'npm test' } });
    const second = fresh(['claude'], { 'package.json': PACKAGE });
    expect(
      (await conversation(second.at, ['init', '--agent', 'claude'], [[/"npm test" .*succeeds/u, 'no']])).exit,
    ).toBe(0);
    expect(config(second.paths.config)).toEqual({ agent: 'claude' });
    const ahead = fresh(['claude', 'kiro-cli'], { 'package.json': PACKAGE });
    await conversation(ahead.at, ['init'], [[/Which agent/u, 'kiro\nno']]);
    expect(config(ahead.paths.config)).toEqual({ agent: 'kiro' });
    const third = fresh(['claude'], { 'package.json': PACKAGE });
    expect((await conversation(third.at, ['init', '-y'], [])).stderr).toBe('');
    expect(config(third.paths.config)).toEqual({ agent: 'claude', checks: { task: 'npm test' } });
  });

  test('[SEC-8] a file that is there and not trusted is shown and asked about on a terminal; a no changes nothing', async () => {
    const { at, paths, env } = fresh(['claude']);
    mkdirSync(join(paths.config, '..'));
    writeFileSync(
      paths.config,
      '{ "agent": "claude", "checks": { "task": "make test" }, "tmux": { "socket": "drover-init" } }',
    );
    onTestFinished(async () => void (await runMain(['daemon', 'stop'], at)));
    const no = await conversation(
      at,
      ['init'],
      [[/\+ checks\.task \(runs\): "make test"[\s\S]*Trust it\?[\s\S]*Go on\?/u, 'n']],
    );
    expect([no.exit, no.stdout]).toEqual([0, expect.stringContaining('is there already')]);
    expect(no.stderr).toMatch(/drover trust --trust [0-9a-f]{32}/u);
    expect(readTrust(paths.config, env)?.powers).toEqual({});
    const yes = await conversation(at, ['init'], [[/Trust it\?[\s\S]*Go on\?/u, 'y']]);
    expect([yes.exit, yes.stdout]).toEqual([0, expect.stringContaining('is trusted as it is now')]);
    expect(readTrust(paths.config, env)?.powers).toMatchObject({ checks: { task: 'make test' } });
    const again = await runMain(['init'], { ...at, tty: true });
    expect([again.exit, again.stdout]).toEqual([0, expect.stringContaining('nothing changed')]);
  });

  test('what is excluded stays to the byte, whatever its encoding is, and more is added behind it', async () => {
    const { at, paths } = fresh();
    const file = join(paths.commonDir, 'info', 'exclude');
    const mine = Buffer.from('caf\xE9/\r\n*.o', 'latin1');
    writeFileSync(file, mine);
    expect(await runMain(['init', '--yes'], at)).toMatchObject({ exit: 0 });
    const whole = Buffer.concat([mine, Buffer.from('\n# Files that Drover makes\n/.drover/local/\n')]);
    expect(readFileSync(file).equals(whole)).toBe(true);
    await runMain(['init', '--yes'], at);
    expect(readFileSync(file).equals(whole)).toBe(true);
  });

  test('who goes away while being asked has changed nothing', async () => {
    const { at, paths } = fresh(['claude', 'kiro-cli']);
    const { io, text, printed } = testIo({ ...at, tty: true });
    const run = main(['init'], io);
    await printed(/Which agent/u);
    (io.stdin as unknown as { end: () => void }).end();
    expect([await run, text.stderr]).toEqual([1, expect.stringContaining('Nothing was written')]);
    expect(existsSync(paths.config)).toBe(false);
  });
});

describe('the command that tests a project', () => {
  const check = (files: Readonly<Record<string, string>>) =>
    checkOfProject({ names: Object.keys(files), text: (name) => files[name] ?? '' })?.command;
  const needy = JSON.stringify({ scripts: { test: 'vitest run' }, devDependencies: { vitest: '1' } });

  test.each<[Record<string, string>, string | undefined]>([
    [{}, undefined],
    [{ 'package.json': PACKAGE }, 'npm test'],
    [{ 'package.json': needy }, '(test -d node_modules || npm install) && npm test'],
    [{ 'package.json': needy, 'package-lock.json': '' }, '(test -d node_modules || npm ci) && npm test'],
    [
      { 'package.json': needy, 'pnpm-lock.yaml': '' },
      '(test -d node_modules || pnpm install --frozen-lockfile) && pnpm test',
    ],
    [{ 'package.json': needy, 'bun.lock': '' }, '(test -d node_modules || bun install) && bun run test'],
    [{ 'package.json': '{"scripts":{"test":"echo \\"Error: no test specified\\" && exit 1"}}' }, undefined],
    [{ 'package.json': '{"scripts":{}}', 'go.mod': '' }, 'go test ./...'],
    [{ 'package.json': 'no json', Makefile: 'all:\n\ntest: all\n\t./x\n' }, 'make test'],
    [{ 'package.json': '[]', Makefile: 'test := 1\ntests: x\n', 'Cargo.toml': '' }, 'cargo test'],
    [{ 'pytest.ini': '', 'Cargo.toml': '' }, 'pytest'],
    [{ 'conftest.py': '' }, 'pytest'],
    [{ 'pyproject.toml': '[project]\n[tool.pytest.ini_options]\n' }, 'pytest'],
    [{ 'setup.cfg': '[tool:pytest]\n' }, 'pytest'],
    [{ 'tox.ini': '[pytest]\n' }, 'pytest'],
    [{ 'pyproject.toml': '[project]\n' }, undefined],
  ])('of %j is %s', (files, command) => {
    expect(check(files)).toBe(command);
  });

  test('of several at once one writes the settings, and the others say that they are there', async () => {
    const { at, paths, root, env } = fresh(['kiro-cli'], { 'package.json': PACKAGE });
    const program = fileURLToPath(new URL('../../../bin/drover.js', import.meta.url));
    const started = Array.from({ length: 6 }, () =>
      promisify(execFile)(process.execPath, [program, 'init', '--yes'], { ...at, env: { ...env, ...at.env } }),
    );
    const said = await Promise.all(started);
    expect(said.filter(({ stdout }) => stdout.startsWith(`Wrote ${paths.config}`))).toHaveLength(1);
    expect(said.filter(({ stdout }) => stdout.startsWith(`${paths.config} is there already`))).toHaveLength(5);
    expect(config(paths.config)).toEqual({ agent: 'kiro', checks: { task: 'npm test' } });
    expect(readdirSync(join(root, '.drover'))).toEqual(['config.json']);
    expect(readdirSync(paths.configVersions)).toEqual(['000001.json', '000002.json']);
  });
});
