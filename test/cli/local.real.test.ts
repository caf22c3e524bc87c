import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { attachCommand } from '../../src/cli/attach.ts';
import { viewOf } from '../../src/cli/io.ts';
import { readOptions } from '../../src/cli/options.ts';
import { printError } from '../../src/cli/print.ts';
import { versionOf } from '../../src/client/package.ts';
import { daemonRepository } from '../helpers/daemon.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { runMain, testIo } from '../helpers/io.ts';
import { testRepository } from '../helpers/swarm.ts';

const nowhere = () => {
  const folder = temporaryFolder('cli');
  onTestFinished(() => folder[Symbol.dispose]());
  return { cwd: folder.path, env: { HOME: folder.path, PATH: process.env['PATH'] ?? '' } };
};

const json = (text: string): unknown => JSON.parse(text);

describe('what is understood is shown without a repository and without a daemon', () => {
  test('[PRT-1] a text is parsed into an action that says the same again', async () => {
    const { exit, stdout } = await runMain(['parse', 'run task user-auth beast-mode', '--json'], nowhere());
    expect(exit).toBe(0);
    expect(json(stdout)).toMatchObject({
      verb: 'run',
      noun: 'task',
      modifiers: ['beast-mode'],
      parameters: { id: 'user-auth' },
      text: 'run task user-auth beast-mode',
      source_instance: 'cli',
      correlation_id: expect.stringMatching(/^c-/),
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  test('parse reads a line a line, and each gives one object, blank and odd ones too', async () => {
    const stdin = 'list tasks\n\nrnu task abc\r\nhelp \u2028 x\nstatus';
    const { exit, stdout, stderr } = await runMain(['parse', '-'], { ...nowhere(), stdin });
    const lines = stdout.trimEnd().split('\n').map(json) as { text: string; ok: boolean }[];
    expect([exit, stderr]).toEqual([0, '']);
    expect(lines.map(({ text }) => text)).toEqual(['list tasks', '', 'rnu task abc', 'help \u2028 x', 'status']);
    expect(lines[0]).toMatchObject({ ok: true, action: { verb: 'list', noun: 'task' } });
    expect(lines[1]).toMatchObject({ ok: false, error: { exit: 2, message: 'There is no command.' } });
    expect(lines[2]).toMatchObject({ ok: false, error: { suggestion: 'run task abc' } });
  });

  test.each([
    [['parse', 'list tasks'], 0, 'list task  modifiers: none  parameters: none\n', ''],
    [
      ['parse', '--', 'list', 'tasks', 'state=failed'],
      0,
      'list task  modifiers: none  parameters: state=["failed"]\n',
      '',
    ],
    [['parse', 'rnu task abc'], 2, '', 'drover: Unknown verb "rnu".\nDid you mean: run task abc?\n'],
    [['parse'], 2, '', 'drover: There is no command.'],
  ])('drover %j', async (argv, exit, stdout, stderr) => {
    const answer = await runMain(argv, nowhere());
    expect(answer).toMatchObject({ exit, stdout });
    expect(answer.stderr).toContain(stderr);
  });

  test('what is not understood is one document too when JSON is asked for', async () => {
    for (const flag of ['--json', '--jsonl']) {
      const { exit, stdout } = await runMain(['parse', 'rnu task abc', flag], nowhere());
      expect([exit, json(stdout)]).toMatchObject([2, { ok: false, text: 'rnu task abc' }]);
    }
    const { stdout } = await runMain(['parse', 'list tasks', '--jsonl'], nowhere());
    expect(stdout.trimEnd().split('\n').map(json)).toMatchObject([{ verb: 'list' }]);
  });
});

describe('help', () => {
  test('the version is that of the package', async () => {
    expect(await runMain(['--version'], nowhere())).toEqual({ exit: 0, stdout: `${versionOf()}\n`, stderr: '' });
  });

  test.each([
    [['--help'], /drover init[\s\S]*launch/],
    [['help'], /^ {2}daemon +Start, stop, restart or look at the daemon/m],
    [['help', 'stop', 'instance'], /destructive: yes/],
    [['instances', 'stop', '--help'], /in a shell: {2}drover instances stop/],
    [['rehearse', '--help'], /--policy NAME .*siblings[\s\S]*--keep DIR/],
    [['attach', '--help'], /usage: +drover attach ID[\s\S]*attach instance /],
    [['commands'], /^launch instance +\S/m],
  ])('drover %j', async (argv, text) => {
    const { exit, stdout, stderr } = await runMain(argv, nowhere());
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(text);
  });

  test('it is data as well', async () => {
    const all = json((await runMain(['commands', '--json'], nowhere())).stdout);
    expect(all).toContainEqual(expect.objectContaining({ name: 'stop instance', destructive: true }));
    expect(json((await runMain(['help', '--json'], nowhere())).stdout)).toEqual(all);
    expect(json((await runMain(['help', 'launch', '--json'], nowhere())).stdout)).toContainEqual(
      expect.objectContaining({ name: 'launch instance' }),
    );
  });

  test('a topic that does not exist is answered with the nearest', async () => {
    expect(await runMain(['help', 'lunch'], nowhere())).toMatchObject({
      exit: 3,
      stderr: expect.stringContaining('launch'),
    });
  });
});

describe('[INI-1] drover init', () => {
  test('prepares a repository once, and the second time changes nothing', async () => {
    using repository = testRepository({ name: 'Büro 1' });
    const { root, env, git, paths } = repository;
    git('rm', '-q', '-r', '.drover');
    git('commit', '-q', '-m', 'empty', '--allow-empty');
    const at = { cwd: root, env };
    const first = await runMain(['init'], at);
    expect(first).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^Wrote .*config\.json/) });
    expect(git('status', '--porcelain', '-uall')).toBe('?? .drover/config.json');
    const files = () => [paths.config, `${paths.commonDir}/info/exclude`].map((file) => readFileSync(file, 'utf8'));
    const before = files();
    expect(before[1]).toContain('\n/.drover/local/\n');
    expect(await runMain(['init'], at)).toMatchObject({ exit: 0, stdout: expect.stringContaining('nothing changed') });
    expect(files()).toEqual(before);
    expect(json((await runMain(['init', '--json'], at)).stdout)).toMatchObject({ changed: false, root });
    expect((await runMain(['init', '-q'], at)).stdout).toBe('');
  });

  test('an exclude file that ends without a line feed keeps its last line', async () => {
    using repository = testRepository();
    const { root, env, paths } = repository;
    writeFileSync(`${paths.commonDir}/info/exclude`, 'mine');
    expect((await runMain(['init'], { cwd: root, env })).stdout).toContain('stays as it is');
    expect(readFileSync(`${paths.commonDir}/info/exclude`, 'utf8').split('\n')).toEqual(
      expect.arrayContaining(['mine', '/.drover/local/']),
    );
  });

  test('claude is chosen where it is installed', async () => {
    using repository = testRepository();
    const { root, env, git } = repository;
    git('rm', '-q', '-r', '.drover');
    const bin = join(root, '../bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'claude'), '#!/bin/sh\n');
    chmodSync(join(bin, 'claude'), 0o755);
    const { stdout } = await runMain(['init', '--json'], { cwd: root, env: { ...env, PATH: `${bin}:${env['PATH']}` } });
    expect(json(stdout)).toMatchObject({ agent: 'claude', changed: true });
  });

  test('outside of a repository, in a bare one and in one without a commit it says what to do', async () => {
    const at = nowhere();
    expect(await runMain(['init'], at)).toMatchObject({ exit: 2, stderr: expect.stringContaining('git init') });
    execFileSync('git', ['init', '-q', '--bare', 'bare'], { ...at, stdio: 'pipe' });
    execFileSync('git', ['init', '-q', 'empty'], { ...at, stdio: 'pipe' });
    expect(await runMain(['init'], { ...at, cwd: join(at.cwd, 'bare') })).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('bare repository'),
    });
    expect(await runMain(['init'], { ...at, cwd: join(at.cwd, 'empty') })).toMatchObject({
      exit: 2,
      stderr: expect.stringMatching(/no commit yet\.\n.*git commit --allow-empty/),
    });
  });

  test('a word or an option that it does not take is refused', async () => {
    expect(await runMain(['init', 'there'], nowhere())).toMatchObject({ exit: 2 });
    expect(await runMain(['init', '--fast'], nowhere())).toMatchObject({ exit: 2 });
  });
});

describe('a program that is missing or too old is one sentence and how to install it', () => {
  /** A PATH with a git and a tmux, of which one is replaced by a script or left out. */
  const pathWith = (folder: string, changed: 'git' | 'tmux', says?: string): string => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    for (const program of ['git', 'tmux', 'sh'])
      if (program !== changed)
        symlinkSync(spawnSync('which', [program], { encoding: 'utf8' }).stdout.trim(), join(bin, program));
    if (says !== undefined) {
      writeFileSync(
        join(bin, changed),
        `#!/bin/sh\ncase "$*" in *display-mess*) echo "no server running on x" >&2; exit 1;; esac\necho '${says}'\n`,
      );
      chmodSync(join(bin, changed), 0o755);
    }
    return bin;
  };
  const SYSTEMS = ['apt install', 'dnf install', 'pacman -S', 'brew install'];

  test.each([
    ['tmux', undefined, 'tmux is not installed'],
    ['tmux', 'tmux 2.9', 'tmux 2.9 is too old'],
    ['git', undefined, 'git was not found'],
    ['git', 'git version 2.30.2', 'git 2.30.2 is too old'],
  ] as const)('%s %s', async (program, says, message) => {
    await using repository = daemonRepository();
    const { root, env } = repository;
    const bin = pathWith(env['HOME'] ?? '', program, says);
    const { exit, stdout, stderr } = await runMain(['status'], { cwd: root, env: { ...env, PATH: bin } });
    const [sentence, hint, ...more] = stderr.trimEnd().split('\n');
    expect([exit, stdout, more]).toEqual([1, '', []]);
    expect(sentence).toMatch(new RegExp(`^drover: ${message}.*\\.$`));
    for (const system of SYSTEMS) expect(hint).toContain(`${system} ${program}`);
  });
});

describe('options', () => {
  const accepts = { values: ['seed'], switches: ['barrier', 'follow'], words: 1 };

  test('values, switches, a short form and words are told apart, and behind -- all are words', () => {
    const read = readOptions(['--seed', '-5', '-f', '--barrier', '--', '--seed'], accepts);
    expect({ ...read, switches: [...read.switches] }).toEqual({
      values: { seed: '-5' },
      switches: ['follow', 'barrier'],
      words: ['--seed'],
    });
    expect(readOptions(['--seed=a=b', '-'], accepts)).toMatchObject({ values: { seed: 'a=b' }, words: ['-'] });
  });

  test.each([
    [['--sede=1'], /no option --sede=1[\s\S]*Did you mean --seed/],
    [['--colour'], /no option --colour/],
    [['-x'], /no option -x/],
    [['--seed'], /--seed needs a value/],
    [['--barrier=no'], /--barrier takes no value/],
    [['a', 'b'], /"b" is one word too many/],
  ])('%j is refused', (argv, text) => {
    const { io, text: printed } = testIo(nowhere());
    const refused = () => {
      try {
        readOptions(argv, accepts);
      } catch (error) {
        return printError(io, error);
      }
      return 0;
    };
    expect(refused()).toBe(2);
    expect(printed.stderr).toMatch(text);
  });
});

describe('[CLI-6] what goes wrong', () => {
  test('what the system refuses is told in words', () => {
    const { io, text } = testIo(nowhere());
    const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write', path: '/x' });
    expect(printError(io, full)).toBe(1);
    expect(text.stderr).toBe('drover: the disk is full: write /x.\nFree some space, then try again.\n');
  });

  test.each(['two\nlines', 'a\u001B]0;title\u0007', 'tab\there'])(
    'a repository is refused by each command where its path is %j, which is written out',
    async (name) => {
      const at = nowhere();
      const cwd = join(at.cwd, name, 'deeper');
      mkdirSync(cwd, { recursive: true });
      execFileSync('git', ['init', '-q', '..'], { cwd, env: at.env });
      execFileSync(
        'git',
        ['-c', 'user.name=A', '-c', 'user.email=a@b.c', 'commit', '-q', '--allow-empty', '-m', 'first'],
        {
          ...{ cwd, env: at.env },
        },
      );
      for (const argv of [['init', '--yes', '--agent', 'rehearsal'], ['status'], ['daemon', 'start']]) {
        const { exit, stdout, stderr } = await runMain(argv, { ...at, cwd });
        expect([exit, stdout]).toEqual([2, '']);
        expect(stderr).toMatch(
          /^drover: The path ".*\\[nut].*" has a line feed .*\.\nGive the folder another name\.\n$/u,
        );
      }
      expect(existsSync(join(cwd, '../.drover'))).toBe(false);
      const doctor = await runMain(['doctor', '--json', '--timeout', '20s'], { ...at, cwd });
      expect(doctor.exit).toBe(1);
      expect(json(doctor.stdout)).toMatchObject({
        findings: expect.arrayContaining([expect.objectContaining({ cause: expect.stringContaining('line feed') })]),
      });
    },
  );

  test('a folder that was removed under the shell is named', async () => {
    const at = nowhere();
    expect(await runMain(['status'], { ...at, cwd: join(at.cwd, 'gone') })).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('does not exist'),
    });
  });

  test.each([
    [['daemon', 'stats'], 2, 'Did you mean: drover daemon status?'],
    [['daemon', 'kill'], 2, 'start|stop|restart|status|logs'],
    [['do'], 2, 'needs a command in words'],
    [['events', 'follow', '--from', 'x'], 2, 'not the number of an event'],
    [['rehearse', '--instances', '0'], 2, 'a whole number from 1 to 100'],
    [['rehearse', '--instances', '1.5'], 2, 'a whole number'],
    [['rehearse', '--seed='], 2, 'a whole number from 0'],
    [['rehearse', '--fail-rate', '2'], 2, 'a number from 0 to 1'],
    [['rehearse', '--task-ms', '800..200'], 2, 'a span like 200..800'],
    [['rehearse', '--policy', 'lax'], 2, 'kiro, siblings, strict, none'],
    [['rehearse', 'a', 'b'], 2, 'one word too many'],
    [['rehearse', '--sed', '1'], 2, 'Did you mean --seed?'],
    [['rehearse', 'nowhere'], 3, 'There is no plan at '],
    [['demo', '--instances', 'many'], 2, 'a whole number'],
  ])('drover %j', async (argv, exit, text) => {
    expect(await runMain(argv, nowhere())).toMatchObject({ exit, stdout: '', stderr: expect.stringContaining(text) });
  });
});

test('[CLI-3] colours are for terminals that want them', () => {
  const at = nowhere();
  const color = (env: Record<string, string>, tty: boolean) =>
    viewOf(testIo({ cwd: at.cwd, env: { ...at.env, ...env }, tty }).io).color;
  expect([color({}, true), color({}, false), color({ NO_COLOR: '1' }, true), color({ TERM: 'dumb' }, true)]).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect(viewOf(testIo({ ...at, tty: true }).io).columns).toBe(100);
  expect(viewOf(testIo({ ...at, env: { COLUMNS: '70' } }).io).columns).toBe(70);
});

test('inside of tmux attaching switches the client, on another server or outside it attaches; both say how to come back', () => {
  const says = (key: string) => [';', 'display-message', '-d', '4000', `#{prefix} ${key} brings you back`];
  const place = { session: 'r-claude-1', socket: null, read_only: false };
  const inside = { TMUX: '/tmp/tmux-0/default,1,0', HOME: '/h' };
  expect(attachCommand(place, inside).argv).toEqual(['tmux', 'switch-client', '-t', '=r-claude-1', ...says('L')]);
  expect(attachCommand({ ...place, socket: 'own', read_only: true }, inside)).toEqual({
    argv: ['tmux', '-L', 'own', 'attach-session', '-r', '-t', '=r-claude-1', ...says('d')],
    env: { HOME: '/h' },
  });
  expect(attachCommand(place, {}).argv).toEqual(['tmux', 'attach-session', '-t', '=r-claude-1', ...says('d')]);
});
