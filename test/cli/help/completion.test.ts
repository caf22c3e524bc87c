import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { candidates } from '../../../src/cli/help/candidates.ts';
import { shellCommands } from '../../../src/text/help/shell-commands.ts';
import { language } from '../../fixtures/signatures.ts';
import { runMain } from '../../helpers/io.ts';
import { openSwarm, testRepository } from '../../helpers/swarm.ts';

const isHere = (program: string): boolean => !spawnSync(program, ['--version']).error;

test.each(['bash', 'zsh', 'fish'])(
  '[CLI-2] the completion script for %s is understood by that shell and calls back for the words',
  async (shell) => {
    using repository = testRepository();
    const { exit, stdout } = await runMain(['completion', shell], { cwd: repository.root, env: repository.env });
    expect([exit, stdout.includes('drover completion words --')]).toEqual([0, true]);
    if (!isHere(shell)) return;
    // zsh and fish read a script from a file alone: input may be a socket, which nobody can open by a name.
    const script = join(repository.root, 'completion-script');
    writeFileSync(script, stdout);
    execFileSync(shell, ['-n', script]);
  },
);

test('an unknown shell is refused', async () => {
  using repository = testRepository();
  const { exit, stderr } = await runMain(['completion', 'tcsh'], { cwd: repository.root, env: repository.env });
  expect([exit, stderr]).toEqual([2, expect.stringContaining('bash, zsh or fish')]);
});

test('words of the program and of the language complete, and so do the ids that exist, without a daemon', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task "One" id=alpha');
  await swarm.reopen();
  await swarm.close();
  const words = async (...line: readonly string[]) =>
    (await runMain(['completion', 'words', '--', ...line], { cwd: swarm.root, env: swarm.env })).stdout.split('\n');
  expect(await words('do')).toContain('doctor');
  expect(await words('ta')).toContain('tasks');
  expect(await words('tasks', 'show', '')).toContain('alpha');
  const outside = await runMain(['completion', 'words', '--', 'tasks', 'show', ''], { cwd: '/', env: swarm.env });
  expect(outside.stdout).not.toContain('alpha');
});

const ids = { instances: ['kiro-1', 'kiro-2'], tasks: ['3.1'], batches: ['batch-1'] };
const known = { ids, language };

test.each([
  [['logs', ''], 'kiro-1'],
  [['tasks', 'run', '3.1', '--mode', ''], 'tdd'],
  [['tasks', 'run', '3.1', '--mode', 'be'], 'beast'],
  [['tasks', 'run', '3.1', '--mode=be'], '--mode=beast'],
  [['tasks', 'run', '3.1', 'mode=be'], 'mode=beast'],
  // bash takes the sign for a word of its own, and replaces only what is behind it.
  [['tasks', 'run', '3.1', 'mode', '='], 'tdd'],
  [['tasks', 'run', '3.1', 'mode', '=', 'be'], 'beast'],
  [['tasks', 'run', '3.1', '--mode', '=', 'be'], 'beast'],
  [['tasks', 'run', '--fresh', ''], '3.1'],
  [['logs', 'kiro-1', '--'], '--follow'],
  [['logs', '--'], '--json'],
  [['events', 'f'], 'follow'],
  [['events', ''], 'list'],
  [['daemon', ''], 'status'],
  [['config', ''], 'validate'],
  [['config', 'get', 'limits.'], 'limits.maxInstances'],
  [['config', 'set', 'worktrees.'], 'worktrees.folder'],
  [['config', 'get', 'integration.'], 'integration.on_conflict'],
  [['completion', ''], 'fish'],
  [['help', 'sta'], 'states'],
  [['help', 'in'], 'init'],
  [['tasks', 'run', '--'], '--wait'],
  [['instances', 'stop', 'kiro-1', '--'], '--graceful'],
  [['tasks', 'show', ''], '3.1'],
  [['batches', 'show', ''], 'batch-1'],
  [['watch', 'sta'], 'status'],
  [['watch', 'tasks', 'sh'], 'show'],
  [['nonsense', '--'], '--yes'],
  [['--'], '--version'],
])('after "drover %s" the word "%s" is offered', (words, offered) => {
  expect(candidates(words, known)).toContain(offered);
});

test('[TMX-9] beside what the shell does itself with a noun, all that is said of it is offered', () => {
  const known = { ids: { instances: ['kiro-1'], tasks: [], batches: [] }, language };
  expect(candidates(['sessions', ''], known)).toEqual(expect.arrayContaining(['join', 'share', 'unshare', 'list']));
  expect(candidates(['sessions', 'share', 'kiro-1', '--'], known)).toEqual(
    expect.arrayContaining(['--user', '--rw', '--ttl']),
  );
});

test('only what fits the beginning of the word is offered, and nothing that is not available yet', () => {
  expect(candidates(['daemon', 'sta'], known).toSorted()).toEqual(['start', 'status']);
  expect(candidates(['help', 'zz'], known)).toEqual([]);
  expect(candidates(['logs', 'kiro-1', ''], known)).toEqual([]);
  expect(candidates(['', ''], known).length).toBeGreaterThan(0);
  expect(candidates([], known)).toEqual(expect.arrayContaining(shellCommands.map(({ name }) => name.split(' ')[0])));
  expect(candidates(['dr'], known)).not.toContain('drain');
});

const bash = isHere('bash');
test.skipIf(!bash)('[CLI-2] in bash, Tab behind "drover daemon sta" offers start and status', async () => {
  using repository = testRepository();
  const { stdout: script } = await runMain(['completion', 'bash'], { cwd: repository.root, env: repository.env });
  const said = candidates(['daemon', 'sta'], known).join('\\n');
  const lines = [
    script,
    `drover() { [ "$2 $3 $4 $5" = "words -- daemon sta" ] && printf '${said}\\n'; }`,
    'COMP_WORDS=(drover daemon sta); COMP_CWORD=2; _drover; IFS=" "; declare -p COMPREPLY',
  ];
  expect(execFileSync('bash', ['-c', lines.join('\n')], { encoding: 'utf8' })).toContain('([0]="start" [1]="status")');
});
