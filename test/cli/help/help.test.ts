import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { commands, registry } from '../../../src/commands/index.ts';
import { parse, parseArgv } from '../../../src/protocol/parse.ts';
import { type Described, describeCommand, describedSchema } from '../../../src/text/help/describe-command.ts';
import { helpPage } from '../../../src/text/help/help-pages.ts';
import { shellCommands } from '../../../src/text/help/shell-commands.ts';
import { fold } from '../../../src/text/help/text-columns.ts';
import { topics } from '../../../src/text/help/topics.ts';
import { language } from '../../fixtures/signatures.ts';
import { runMain } from '../../helpers/io.ts';

const isThere = (one: { verb: string; noun: string }): boolean =>
  commands.some(({ verb, noun }) => verb === one.verb && noun === one.noun);

/** Outside of any repository: help needs none. */
const drover = (...argv: readonly string[]) => runMain(argv, { cwd: '/', env: { PATH: process.env['PATH'] ?? '' } });

const PARTS = [
  /^ {2}usage: +\S/mu,
  /^ {2}example: +\S/mu,
  /^ {2}role: +(?:viewer|operator|integrator|admin)/mu,
  /^ {2}destructive: +(?:yes|no)/mu,
];

test('[CLI-2] help on every name that "drover commands --json" lists has usage, one example, a role and whether it destroys', async () => {
  const listed = JSON.parse((await drover('commands', '--json')).stdout) as Described[];
  expect(listed.length).toBe(commands.length);
  for (const { name } of listed) {
    const { exit, stdout } = await drover(...name.split(' '), '--help');
    expect([name, exit, stdout.match(/^ {2}example:/gmu)?.length]).toEqual([name, 0, 1]);
    for (const part of PARTS) expect(stdout, name).toMatch(part);
  }
});

test('[CLI-2] help on what the shell has beside the language has the same four parts', async () => {
  for (const { name } of shellCommands.filter((one) => one.name !== 'help')) {
    const { exit, stdout } = await drover(...name.split(' '), '--help');
    expect([name, exit]).toEqual([name, 0]);
    for (const part of PARTS) expect(stdout, name).toMatch(part);
    expect(stdout).toContain(`usage:       drover ${name}`);
  }
});

test('every word that the program does itself is explained, and no other', () => {
  const source = readFileSync('src/cli/main.ts', 'utf8');
  const table = /const LOCAL[^{]*\{(?<rows>.*?)\n\};/su.exec(source)!.groups!['rows']!;
  const words = [...table.matchAll(/^ {2}'?(?<word>[a-z]+)'?:/gmu)].map((match) => match.groups!['word']!);
  const explained = shellCommands.map(({ name }) => name.split(' ')[0]!);
  expect([...words, 'help'].toSorted()).toEqual(explained.toSorted());
});

/** Where the options of each are read; what is said to the daemon has those of its command. */
const READ_IN: Readonly<Record<string, readonly string[]>> = {
  init: ['setup/init'],
  logs: ['follow/logs'],
  'events follow': ['follow/events'],
  rehearse: ['rehearse/rehearse'],
  demo: ['rehearse/rehearse'],
  down: ['daemon'],
  daemon: ['daemon', 'follow/logs'],
  config: ['setup/config'],
  doctor: ['doctor/doctor'],
  commands: ['help/help'],
  help: ['help/help'],
};

test('the options that are explained are those that are read', () => {
  const read = (file: string): Set<string> => {
    const calls = [
      ...readFileSync(`src/cli/${file}.ts`, 'utf8').matchAll(/readOptions\([^;]*?\{(?<accepts>.*?)\}\)/gsu),
    ];
    const named = calls.flatMap(({ groups }) => [...groups!['accepts']!.matchAll(/'(?<name>[a-z-]+)'/gu)]);
    return new Set(named.map((match) => match.groups!['name']!));
  };
  const known = (file: string): Set<string> =>
    file === 'rehearse/rehearse'
      ? new Set([...read(file), ...'instances agent seed task-ms fail-rate policy keep'.split(' ')])
      : read(file);
  const wrong = shellCommands.flatMap(({ name, options }) => {
    const files = READ_IN[name];
    const accepted = files && new Set(files.flatMap((file) => [...known(file)]));
    const explained = options.map((one) => /--(?<long>[a-z-]+)/u.exec(one.name)!.groups!['long']!);
    return accepted ? explained.filter((one) => !accepted.has(one)).map((one) => `${name} --${one}`) : [];
  });
  expect(wrong).toEqual([]);
  const all = new Set(
    shellCommands.flatMap(({ options }) => options.map((one) => /--(?<long>[a-z-]+)/u.exec(one.name)![1]!)),
  );
  const files = [...new Set(Object.values(READ_IN).flat())];
  expect(
    files.flatMap((file) => [...known(file)].filter((one) => !all.has(one)).map((one) => `${file}: --${one}`)),
  ).toEqual([]);
});

test('a noun alone lists its commands, in a shell and in words', async () => {
  const { exit, stdout } = await drover('tasks', '--help');
  const own = commands.filter((one) => one.noun === 'task');
  expect(exit).toBe(0);
  expect(own.filter((one) => !stdout.includes(`${one.verb} task`))).toEqual([]);
  expect((await drover('help', 'task')).stdout).toContain('drover tasks run --help');
});

test('no page of help is wider than eighty columns', async () => {
  const pages = [
    [],
    ...topics.map(({ name }) => [name]),
    ['tasks'],
    ['later'],
    ...commands.map((one) => [one.verb, one.noun]),
  ];
  const wide: string[] = [];
  // What must not be torn apart may stand out: an example, a long name.
  for (const words of pages)
    for (const line of (await drover('help', ...words)).stdout.split('\n'))
      if ([...line].length > 80 && /\S \S/u.test(line.trim().slice(80 - line.search(/\S/u)))) wide.push(line);
  expect(wide.filter((line) => !/^ {15}drover |example: /u.test(line))).toEqual([]);
});

test('ids and options of the user behind a command do not keep its help from being found', async () => {
  const { exit, stdout } = await drover('tasks', 'show', '3.1', '--json=no', '--help');
  expect([exit, stdout.split(':')[0]]).toEqual([0, 'show task']);
  expect((await drover('nonsense', '--help')).exit).toBe(3);
});

test('the first page says what to do first, what the shell has, the language and the options', async () => {
  const { stdout } = await drover('help');
  for (const one of ['drover init', 'In a shell', 'Agents', 'Tasks and plans', '--json', 'Topics: modes'])
    expect(stdout).toContain(one);
  expect((await drover('--help')).stdout).toBe(stdout);
  const data = JSON.parse((await drover('help', '--json')).stdout) as unknown[];
  expect(data.map((one) => describedSchema.parse(one).name)).toEqual(commands.map((one) => `${one.verb} ${one.noun}`));
});

test.each(topics.map(({ name }) => name))('the topic "%s" is explained in a shell and in words', async (name) => {
  const { exit, stdout } = await drover('help', name);
  expect([exit, stdout.split('\n').length > 3]).toEqual([0, true]);
  expect(helpPage(registry, [name]).text.length).toBeGreaterThan(80);
});

test('an unknown topic is answered with the nearest one', async () => {
  const { exit, stderr } = await drover('help', 'stat');
  expect([exit, stderr]).toEqual([3, expect.stringContaining('Did you mean: help state')]);
  expect((await drover('help', 'zzzzzz')).stderr).toContain('Say "help"');
  expect((await drover('help', 'stop', 'instnace')).stderr).toContain('help stop instance');
  expect((await drover('help', '--mna')).stderr).toContain('--man');
});

test('a command is found by the words that people use, and a topic is pointed at where both are meant', () => {
  expect(helpPage(registry, ['kill', 'threads']).commands.map((one) => one.name)).toContain('stop instance');
  expect(helpPage(registry, ['state']).text).toContain('See also: help states');
  expect(helpPage(registry, ['logs']).text).toContain('drover logs');
});

test('a noun of which nothing is there yet says so', () => {
  const there = new Set(commands.map(({ noun }) => noun));
  const few = registry.signatures.filter(({ noun }) => !there.has(noun));
  const [noun] = few.map((one) => one.noun).filter((one, _i, all) => all.indexOf(one) !== all.lastIndexOf(one));
  if (noun !== undefined) expect(helpPage(registry, [noun]).text).toMatch(/^\S+: 0 commands\n\nNot available yet: /u);
  const all = { ...registry, signatures: registry.signatures.filter((one) => there.has(one.noun) && isThere(one)) };
  expect(helpPage(all, []).text).not.toContain('not available yet');
});

test('what comes with a later version is in help and marked', async () => {
  const later = registry.signatures.find(
    (one) => !commands.some(({ verb, noun }) => verb === one.verb && noun === one.noun),
  )!;
  const { exit, stdout } = await drover('help', later.verb, later.noun);
  expect([exit, stdout]).toEqual([0, expect.stringContaining('not available yet')]);
  expect((await drover('help', 'later')).stdout.replace(/\s+/gu, ' ')).toContain(`${later.verb} ${later.noun}`);
  expect((await drover('commands', '--later')).stdout).toMatch(/not available yet/u);
  const lines = (await drover('commands', '--jsonl')).stdout.trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as Described).available)).not.toContain(false);
});

test('the example in the words of a shell means what the example in words means', () => {
  const differing = commands.filter((command) => {
    const { example, shell_example } = describeCommand(command);
    const argv = execFileSync('sh', ['-c', `printf '%s\\0' ${shell_example.replace(/^drover /u, '')}`], {
      encoding: 'utf8',
    });
    const inShell = parseArgv(argv.split('\0').slice(0, -1), language);
    const inWords = parse(example, language);
    return !(inShell.ok && inWords.ok && isDeepStrictEqual(inShell.meaning, inWords.meaning));
  });
  expect(differing.map((one) => one.example)).toEqual([]);
});

test('the keys of the screen are those that the screen lists', async () => {
  const { stdout } = await drover('help', 'keys');
  expect(stdout).toMatch(/\n {2}q +leave; the agents go on/u);
  expect(stdout).toContain('complete the word');
});

test('lines are folded between words and never lose one', () => {
  const text = 'word '.repeat(60).trim();
  const lines = fold(text, 4, '  a: ').split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines.join(' ').replace(/\s+/gu, ' ').trim()).toBe(`a: ${text}`);
});
