import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { userFile } from '../../../src/daemon/config/config.ts';
import { openVersions } from '../../../src/daemon/config/versions.ts';
import { runMain } from '../../helpers/io.ts';
import { testRepository } from '../../helpers/swarm.ts';

const place = (settings: object = { agent: 'rehearsal' }, user?: object) => {
  const repository = testRepository({ settings });
  if (user) {
    mkdirSync(dirname(userFile(repository.env)), { recursive: true });
    writeFileSync(userFile(repository.env), JSON.stringify(user));
  }
  const userPath = userFile(repository.env);
  const run = (argv: readonly string[], env: Record<string, string> = {}) =>
    runMain(['config', ...argv], { cwd: repository.root, env: { ...repository.env, ...env } });
  return { run, file: repository.paths.config, userPath, [Symbol.dispose]: () => repository[Symbol.dispose]() };
};

test('[CLI-4] the environment wins over the project, the project over the user, and the origin is told', async () => {
  using config = place({ agent: 'kiro', limits: { maxInstances: 6 } }, { agent: 'claude', tmux: { cols: 99 } });
  const get = async (key: string, env?: Record<string, string>) =>
    (await config.run(['get', key, '--show-origin'], env)).stdout.trim();
  expect(await get('limits.maxInstances', { DROVER_LIMITS_MAX_INSTANCES: '3' })).toBe('3 env');
  expect(await get('limits.maxInstances')).toBe(`6 project ${config.file}`);
  expect(await get('agent')).toBe(`kiro project ${config.file}`);
  expect(await get('tmux.cols')).toBe(`99 user ${config.userPath}`);
  expect(await get('tmux.rows')).toBe('36 default');
});

test('[CLI-4] an option of the invocation wins over all, before the command and behind it', async () => {
  using config = place({ agent: 'kiro' });
  const env = { DROVER_LIMITS_MAX_INSTANCES: '3' };
  const get = ['get', 'limits.maxInstances', '--show-origin'];
  expect((await config.run([...get, '-c', 'limits.maxInstances=7'], env)).stdout).toBe('7 flag\n');
  expect((await config.run(['--config=limits.maxInstances=8', ...get], env)).stdout).toBe('8 flag\n');
  expect((await config.run(['--config', 'tmux.cols=99', 'get', 'tmux'], env)).stdout).toBe('{"cols":99,"rows":36}\n');
  expect((await config.run(['get', 'agent', '--json'])).stdout).toBe(
    `${JSON.stringify(
      {
        key: 'agent',
        value: 'kiro',
        origin: 'project',
        source: config.file,
        variable: 'DROVER_AGENT',
        description: 'The agent that is started when none is named',
        withheld: null,
      },
      null,
      2,
    )}\n`,
  );
  const refused = async (...argv: string[]) => {
    const { exit, stderr } = await config.run(argv);
    return [exit, stderr];
  };
  expect(await refused(...get, '-c', 'limits.maxInstance=7')).toEqual([2, expect.stringContaining('maxInstances?')]);
  expect(await refused(...get, '-c', 'limits.maxInstances=x')).toEqual([
    2,
    expect.stringContaining('it has to be a number'),
  ]);
  expect(await refused(...get, '-c', 'limits')).toEqual([2, expect.stringContaining('-c KEY=VALUE')]);
  expect(await refused(...get, '-c')).toEqual([2, expect.stringContaining('-c needs a value')]);
});

test('[CFG-1] an unknown key of the file is refused with the nearest one, file and line; the schema has descriptions', async () => {
  using config = place({ limits: { maxInstance: 3 } });
  const invalid = await config.run(['validate']);
  expect([invalid.exit, invalid.stderr]).toEqual([
    2,
    expect.stringMatching(/config\.json:1: .*"limits\.maxInstance".*\n.*"maxInstances"/u),
  ]);
  const schema = JSON.parse((await config.run(['schema'])).stdout) as {
    properties: Record<string, { description?: string }>;
  };
  expect(schema.properties['agent']?.description).toContain('agent');
});

test('[CFG-1] a branch whose name git does not accept is refused with file and line, before anything is merged', async () => {
  for (const name of [
    '-x y',
    '',
    'a..b',
    'a/.b',
    'x.lock/y',
    'a/',
    '/a',
    'a//b',
    'a.',
    'a@{b',
    '@',
    'HEAD',
    'a~1',
    'a\tb',
  ]) {
    using config = place({ branches: { integration: name } });
    const { exit, stderr } = await config.run(['validate']);
    expect([name, exit, stderr]).toEqual([
      name,
      2,
      expect.stringMatching(/config\.json:1: branches\.integration: git does not accept that as the name of a branch/u),
    ]);
  }
  for (const name of ['drover/integration', 'a--b', 'x.y/z-', 'über', 'a@b', '#1']) {
    using config = place({ branches: { integration: name } });
    expect([name, (await config.run(['validate'])).exit]).toEqual([name, 0]);
  }
});

test('[CFG-1] a key that other documents know is refused with the key that has its meaning', async () => {
  using config = place({ instance_count: 3, resource_limits: { memory_mb: 200 }, maxInstances: 3 });
  const { exit, stderr } = await config.run(['validate']);
  expect([exit, stderr.match(/Did you mean .*/gu)]).toEqual([
    2,
    ['Did you mean "launch.count"?', 'Did you mean "resources"?', 'Did you mean "limits.maxInstances"?'],
  ]);
  using other = place();
  const get = await other.run(['get', 'integration_policy']);
  expect([get.exit, get.stderr]).toEqual([2, expect.stringContaining('Did you mean integration?')]);
  const flag = await other.run(['list', '-c', 'instance_count=3']);
  expect([flag.exit, flag.stderr]).toEqual([2, expect.stringContaining('Did you mean launch.count?')]);
});

test('[CFG-1] every mistake of every place is named, with file and line', async () => {
  using config = place({}, { agnt: 'x' });
  writeFileSync(
    config.file,
    '{\n  // ours\n  "limits": { "maxInstance": 3, "zzz": 1 },\n  "plan": {\n    "policy": "lax"\n  },\n  "agents": { "x": { "command": ["a", 1] } }\n}\n',
  );
  const env = { DROVER_TMUX_COLS: 'wide' };
  const { exit, stdout, stderr } = await config.run(['validate'], env);
  expect([exit, stdout]).toEqual([2, '']);
  expect(stderr.trimEnd().split('\n')).toEqual([
    expect.stringMatching(/^drover: DROVER_TMUX_COLS: .*it has to be a number/u),
    '  Change or unset DROVER_TMUX_COLS.',
    expect.stringContaining('config.json:7: agents.x.command.1: '),
    '  Change it and try again.',
    `drover: ${config.file}:3: there is no setting "limits.maxInstance".`,
    '  Did you mean "maxInstances"?',
    `drover: ${config.file}:3: there is no setting "limits.zzz".`,
    expect.stringContaining('Known here: maxInstances'),
    expect.stringContaining('config.json:5: plan.policy: '),
    '  Change it and try again.',
    `drover: ${config.userPath}:1: there is no setting "agnt".`,
    '  Did you mean "agent"?',
  ]);
  const told = JSON.parse((await config.run(['validate', '--json'], env)).stdout);
  expect(told).toMatchObject({ valid: false, files: [config.file, config.userPath] });
  expect(told.mistakes).toHaveLength(6);
  writeFileSync(config.file, '{\n  "agent": oops\n}');
  expect((await config.run(['validate'])).stderr).toContain('config.json:2: is not valid JSON.');
});

test('settings are listed, validated and read as JSON; a wrong question is answered with what there is', async () => {
  using config = place({ agent: 'rehearsal', checks: { task: 'a\u001B[2Jb' } });
  expect((await config.run(['validate'])).stdout).toMatch(/^valid: .*config\.json/u);
  expect((await config.run(['validate', '-q'])).stdout).toBe('');
  expect((await config.run(['list'])).stdout).toMatch(/^limits\.maxInstances +10 +default +How many/mu);
  const narrow = await config.run(['list'], { COLUMNS: '50' });
  expect(Math.max(...narrow.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(50);
  const all = JSON.parse((await config.run(['list', '--json'])).stdout);
  expect(all).toContainEqual(expect.objectContaining({ key: 'agent', value: 'rehearsal', origin: 'project' }));
  expect((await config.run(['--jsonl'])).stdout.trimEnd().split('\n')).toHaveLength(all.length);
  expect(JSON.parse((await config.run(['get', 'plan', '--json'])).stdout)).toMatchObject({
    value: { policy: 'kiro' },
  });
  expect((await config.run(['get', 'checks.task'])).stdout).toBe('a\\u001b[2Jb\n');
  expect((await config.run(['get', 'checks.merge'])).stdout).toBe('');
  expect((await config.run(['show', 'agent'])).stdout).toBe(
    `agent = rehearsal\n  The agent that is started when none is named\n  origin:   project (${config.file})\n  variable: DROVER_AGENT\n`,
  );
  expect((await config.run(['show'])).stdout).toBe((await config.run([])).stdout);
  expect(JSON.parse((await config.run(['validate', '--json'])).stdout)).toMatchObject({ valid: true, mistakes: [] });
});

test.each([
  [['get', 'limits.maxInstance'], 'Did you mean limits.maxInstances?'],
  [['burn'], 'There is no "config burn"'],
  [['gte', 'agent'], 'Did you mean: drover config get?'],
  [['get'], '"drover config get" needs the key of a setting'],
  [['set', 'agent'], '"drover config set" needs a value for agent'],
  [['list', 'agent'], '"agent" is one word too many'],
  [['get', 'agent', 'x'], '"x" is one word too many'],
  [['get', 'agent', '--show-orgin'], 'Did you mean --show-origin?'],
])('config %j is refused with what is meant', async (argv, text) => {
  using config = place();
  expect(await config.run(argv)).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringContaining(text) });
});

test('a variable with a wrong value is named', async () => {
  using config = place();
  const { exit, stderr } = await config.run(['list'], { DROVER_LIMITS_MAX_INSTANCES: 'many' });
  expect([exit, stderr]).toEqual([2, expect.stringContaining('DROVER_LIMITS_MAX_INSTANCES: "many" is not valid: ')]);
});

test('[SEC-3] secrets that settings name and nobody has set are told by config validate, list, get and show, and by doctor with the command', async () => {
  const env = { A: 'secret:nope', B: 'secret:nope', C: 'secret:kept' };
  using repository = testRepository({
    settings: { agent: 'rehearsal', checks: { env }, worktrees: { env: { D: 'secret:nope' } } },
  });
  const at = { cwd: repository.root, env: repository.env };
  await runMain(['secrets', 'set', 'kept', '-'], { ...at, stdin: 'a value that is kept' });
  const cause =
    'There is no secret "nope", which checks.env.A and checks.env.B and worktrees.env.D name: what needs it is not started';
  const { exit, stderr } = await runMain(['config', 'validate'], at);
  expect([exit, stderr]).toEqual([0, `drover: ${cause}. Set it: drover secrets set nope -\n`]);
  const told = async (...argv: string[]) => (await runMain(['config', ...argv], at)).stderr;
  for (const argv of [['list'], ['show']]) expect([argv, await told(...argv)]).toEqual([argv, stderr]);
  for (const argv of [
    ['get', 'checks.env'],
    ['show', 'checks'],
  ])
    expect(await told(...argv)).toContain('which checks.env.A and checks.env.B name');
  expect(await told('get', 'checks.env.A')).toContain('which checks.env.A names');
  expect(await told('get', 'worktrees.env')).toContain('which worktrees.env.D names');
  expect(await told('get', 'checks.env.C')).toBe('');
  const { stdout } = await runMain(['doctor', '--json', '--timeout', '20s'], at);
  const { findings } = JSON.parse(stdout) as { findings: { id: string }[] };
  expect(findings.filter(({ id }) => id === 'config.secret-missing')).toMatchObject([
    { severity: 'warning', cause, repair: 'drover secrets set nope -' },
  ]);
});

test('[CFG-2] a file that keeps the daemon from starting is gone back from without one, and nothing is trusted by that', async () => {
  using repository = testRepository({ settings: { agent: 'rehearsal' } });
  const { paths } = repository;
  const run = (...argv: string[]) => runMain(['config', ...argv], { cwd: repository.root, env: repository.env });
  const good = '{ "agent": "rehearsal", "tmux": { "cols": 99 }, "checks": { "task": "npm test" } }\n';
  const versions = openVersions(paths.configVersions, paths.config, () => '2026-01-01T00:00:00.000Z');
  writeFileSync(paths.config, '{ "agent": ');
  expect(await run('rollback')).toMatchObject({ exit: 6, stderr: expect.stringContaining('no version of it is kept') });
  await versions.keep({ by: 'cli', change: 'set tmux.cols to 99' }, async () => writeFileSync(paths.config, good));
  writeFileSync(paths.config, '{ "agent": ');
  expect(await run('rollback')).toEqual({
    exit: 0,
    stdout: `${paths.config} is what it was at version 2.\n`,
    stderr: 'drover: Some of it is off until you trust it. Look at it: drover trust\n',
  });
  expect(readFileSync(paths.config, 'utf8')).toBe(good);
  expect((await versions.list()).map(({ change }) => change).at(-1)).toBe('went back to version 2');
  expect((await run('get', 'checks.task')).stdout).toBe('');
  writeFileSync(paths.config, '{ "agent": ');
  expect(await run('rollback', '999')).toMatchObject({ exit: 3 });
});

test('[CFG-1] an agent that does not exist is a mistake of what names it, and braces that nothing fills are told of', async () => {
  using config = place({ agent: 'nope', modes: { quick: { args: { claud: ['-x'] } } } });
  const { exit, stderr, stdout } = await config.run(['validate']);
  expect([exit, stdout]).toEqual([2, '']);
  expect(stderr).toContain(`drover: ${config.file}: agent: no agent is called "nope".`);
  expect(stderr).toContain('modes.quick.args.claud: no agent is called "claud".\n  Did you mean "claude"?');
  expect((await config.run(['validate'], { DROVER_AGENT: 'none' })).stderr).toContain('drover: DROVER_AGENT: agent:');
  using good = place({ agent: 'mine' }, { agents: { mine: { command: ['run-me', '{promt}'], prompt: 'argument' } } });
  expect(await good.run(['validate'])).toMatchObject({
    exit: 0,
    stderr: expect.stringContaining('agents.mine.command: {promt} reaches the program as it stands'),
  });
});

test('[CFG-1] a link that leads to itself in the place of the file is told of as what it is', async () => {
  using config = place();
  rmSync(config.file);
  symlinkSync('config.json', config.file);
  expect(await config.run(['validate'])).toMatchObject({
    exit: 2,
    stderr: `drover: ${config.file}: cannot be read because its links lead in a circle.\nPut a file of settings there.\n`,
  });
});
