import { describe, expect, test } from 'vitest';
import { OPTION_EXAMPLES } from '../../src/cli/options.ts';
import { readPlan } from '../../src/cli/rehearse/rehearse.ts';
import { shellCommandNamed, shellCommands } from '../../src/text/help/shell-commands.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { runMain } from '../helpers/io.ts';

/** Runs a command line where there is no repository: what is wrong with its words is found before that. */
const runNowhere = async (argv: readonly string[]) => {
  using folder = temporaryFolder();
  return await runMain(argv, { cwd: folder.path, env: { HOME: folder.path, PATH: process.env['PATH']! } });
};

/** The words of a line, as a shell reads them. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/'(?<single>[^']*)'|"(?<double>[^"]*)"|(?<plain>\S+)/gu)].map(
    ({ groups }) => groups!['single'] ?? groups!['double'] ?? groups!['plain']!,
  );

const exampleIn = (text: string): string | undefined => /For example: (?<line>.+)$/mu.exec(text)?.groups?.['line'];

test.each([
  'backup',
  'backup create',
  'backup restore',
  'completion',
  'config get',
  'config set',
  'config set agent',
  'config set limits.maxInstances',
  'config set branches.task',
  'config unset',
  'secrets set',
  'sessions join',
  'web token rotate',
  'web token revoke',
])('[CLI-6] "drover %s" asks for the word that it lacks with a line that is the same command', async (said) => {
  const argv = said.split(' ');
  const { exit, stderr } = await runNowhere(argv);
  const line = exampleIn(stderr);
  expect([exit, line]).toEqual([2, expect.stringMatching(new RegExp(`^drover ${said} .*[^.]$`, 'u'))]);
  const [program, ...words] = wordsOf(line!);
  expect([program, words.slice(0, argv.length)]).toEqual(['drover', argv]);
  expect(shellCommandNamed(words)).toBe(shellCommandNamed(argv));
  // What is shown is a word that somebody could mean, and no name for one.
  expect(line).not.toMatch(/\b[A-Z]{3,}\b/u);
  expect((await runNowhere(words)).stderr).not.toContain(stderr.split('\n')[0]);
});

test('[CLI-6] an empty word is no file: the folder of the command would be taken for it', async () => {
  expect(await runNowhere(['backup', 'create', ''])).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('"drover backup create" needs a file.'),
  });
});

test('[CLI-6] a setting whose usual value is no word is asked for with the way to see what it may be', async () => {
  const { exit, stderr } = await runNowhere(['config', 'set', 'branches.base']);
  expect([exit, stderr]).toEqual([
    2,
    'drover: "drover config set" needs a value for branches.base.\nWhat it may be: drover config show branches.base\n',
  ]);
  expect((await runNowhere(['config', 'set', 'branches.bass'])).stderr).toContain(
    'There is no setting "branches.bass"',
  );
});

/** The options with a value of each command, as they stand in its help. */
const valued = shellCommands.flatMap(({ name, options }) =>
  options.flatMap((option) => {
    const key = /^(?:-\w, )?--(?<key>[a-z-]+) \S/u.exec(option.name.replace('=', ' '))?.groups?.['key'];
    return key === undefined ? [] : [{ name, key }];
  }),
);

/** The words with which such an option is taken: some belong to one verb. */
const WITH: Readonly<Record<string, readonly string[]>> = {
  daemon: ['daemon', 'logs'],
  logs: ['logs', 'rehearsal-1'],
  'web expires': ['web', 'token', 'create'],
  'web name': ['web', 'token', 'create'],
  'web role': ['web', 'token', 'create'],
};

describe.each(valued)('drover $name --$key', ({ name, key }) => {
  const argv = WITH[`${name} ${key}`] ?? WITH[name] ?? name.split(' ');
  const option = `--${key}=${OPTION_EXAMPLES[key]}`;

  test('[CLI-6] asks for the value that it lacks with one that it takes', async () => {
    const { exit, stderr } = await runNowhere([...argv, `--${key}`]);
    expect([exit, stderr]).toEqual([2, `drover: --${key} needs a value.\nFor example: ${option}\n`]);
    if (['rehearse', 'demo'].includes(name)) expect(() => readPlan([option], 'bundled')).not.toThrow();
    else if (!['do', 'doctor', 'web'].includes(name)) {
      const [without, withIt] = [await runNowhere(argv), await runNowhere([...argv, option])];
      // It goes on to what is wrong beside it: there is no repository here.
      expect(withIt.stderr.replace(/\/\S+/gu, '')).toBe(without.stderr.replace(/\/\S+/gu, ''));
    }
  });
});
