import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inspectLayers, readSettings } from '../../../src/daemon/config/config.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { writeTrusted } from '../../helpers/trust.ts';

const reading = async (text: string) => {
  using folder = temporaryFolder('config');
  const file = join(folder.path, 'config.json');
  writeTrusted(file, { HOME: folder.path }, text);
  return await readSettings(file, { HOME: folder.path }).catch((error: Error & { hint: string; exit: number }) => ({
    message: error.message.replace(`${folder.path}/`, ''),
    hint: error.hint,
    exit: error.exit,
  }));
};

test('without a file, and with an empty object, everything has its default', async () => {
  using folder = temporaryFolder('config');
  const none = await readSettings(join(folder.path, 'config.json'), { HOME: folder.path });
  expect(none).toMatchObject({ agent: 'claude', limits: { maxInstances: 10 } });
  expect(await reading('{}')).toEqual(none);
});

test.each([
  ['an unknown key at the top', '{\n  "agnet": "x"\n}', 'config.json:2: there is no setting "agnet".', '"agent"'],
  [
    'an unknown key inside',
    '{\n "limits": {\n  "maxInstance": 3\n }\n}',
    'config.json:3: there is no setting "limits.maxInstance".',
    '"maxInstances"',
  ],
  [
    'an unknown key of an agent',
    '{"agents": {"x": {\n"comand": ["a"]}}}',
    'config.json:2: there is no setting "agents.x.comand".',
    '"command"',
  ],
  [
    'a key like no other',
    '{"tmux": {"zzzzzz": 1}}',
    'config.json:1: there is no setting "tmux.zzzzzz".',
    'Known here: socket, cols, rows.',
  ],
  ...['ready', 'idle', 'question'].map((key) => [
    `a pattern for ${key} that is no regular expression`,
    `{"agents": {"x": {\n"${key}": "(("}}}`,
    `config.json:2: agents.x.${key}: it is no regular expression: unterminated group.`,
    'Change it',
  ]),
  [
    'a pattern for coverage that is no regular expression',
    '{"checks": {"gates": [{"name": "x", "command": "x", "coverage": {"minimum": 1,\n"pattern": "(\\\\d+)["}}]}}',
    'config.json:2: checks.gates.0.coverage.pattern: it is no regular expression: unterminated character class.',
    'Change it',
  ],
  ...['../../x', 'a b', '', '-a', 'a:b', "it's", 'x\u001B[2J', 'a'.repeat(41)].map((name) => [
    `an agent that cannot be called ${JSON.stringify(name)}`,
    JSON.stringify({ agents: { [name]: { command: ['x'] } } }),
    'the name of an agent is at most 40 letters, digits, "-" and "_"',
    'Change it',
  ]),
  ...['__proto__', 'constructor', 'prototype'].flatMap((name) =>
    [
      `{"agents": {\n"${name}": {"command": ["x"]}}}`,
      `{"modes": {\n"${name}": {}}}`,
      `{"agents":{"x":{"env":{\n"${name}":"1"}}}}`,
    ].map((text) => [
      `a name that every table answers to: ${text.replaceAll('\n', '')}`,
      text,
      `nothing may be called "${name}"`,
      'another name',
    ]),
  ),
  ['brackets without end', `{\n"a": ${'['.repeat(20_000)}`, 'config.json:2: is nested too deeply', 'Correct it'],
  [
    'brackets that are closed',
    `{"agents": ${'{"a":'.repeat(20_000)}1${'}'.repeat(20_001)}`,
    'config.json:1: is nested too deeply',
    'Correct it',
  ],
  ['a wrong type', '{\n\n"limits": {"maxInstances": "3"}}', 'config.json:3: limits.maxInstances: ', 'Change it'],
  ['no object at all', '[]', 'config.json: the configuration: ', 'Change it'],
])('%s is told with its line and what was meant', async (_name, text, message, hint) => {
  const told = await reading(text);
  expect(told).toMatchObject({
    message: expect.stringContaining(message),
    hint: expect.stringContaining(hint),
    exit: 2,
  });
});

test.each([
  ['{\n  "agent": "claude",\n}', 3],
  ['{\n  "agent": oops\n}', 2],
  ['{\n  "a": 1\n  "b": 2\n}', 3],
  ['{\n  "a": [1, 2\n', 2],
  ['{\n  "a": "no end\n}', 2],
  ['{"a": {"b": true}}\n\nx', 3],
  ['\n\n# comment', 3],
  ['{\n"a" 1}', 2],
  ['{\n1: 1}', 2],
  ['', 1],
  ['[1}', 1],
  ['[\n,]', 2],
  ['{"a":1,\n2}', 2],
  ['nulls', 1],
  ['01', 1],
  ['{} []', 1],
])('%j is not JSON and the line where it stops being it is %i', async (text, line) => {
  expect(await reading(text)).toMatchObject({ message: `config.json:${line}: is not valid JSON.`, exit: 2 });
});

test('a file that cannot be read is no default', async ({ skip }) => {
  using folder = temporaryFolder('config');
  await expect(readSettings(folder.path)).rejects.toMatchObject({ message: expect.stringContaining('is no file') });
  if (process.getuid?.() === 0) skip('root may read everything');
  const file = join(folder.path, 'config.json');
  writeFileSync(file, '{}');
  chmodSync(file, 0);
  await expect(readSettings(file)).rejects.toMatchObject({ message: expect.stringContaining('EACCES') });
});

test('a name for branches that a former version took gives way to the default, and all else of the file holds', async () => {
  using folder = temporaryFolder('config');
  const file = join(folder.path, 'config.json');
  const text = '{\n"agent": "rehearsal",\n"branches": {\n"task": "work/{id}-{title}", "base": "main"}}';
  writeFileSync(file, text);
  const env = { HOME: folder.path, DROVER_BRANCHES_TASK: ' ' };
  expect(await readSettings(file, { HOME: folder.path })).toMatchObject({
    agent: 'rehearsal',
    branches: { task: 'feature/{task}-{slug}', base: 'main' },
  });
  const { mistakes, outdated } = await inspectLayers(file, env);
  expect(mistakes).toEqual([]);
  const hint =
    "Until that is changed the default holds, feature/{task}-{slug}. Write such a one there, or: drover config set branches.task 'feature/{task}-{slug}'";
  expect(outdated).toEqual([
    { file: 'DROVER_BRANCHES_TASK', line: null, issue: expect.stringContaining('it is empty'), hint },
    { file, line: 4, issue: 'branches.task: only {task} and {slug} stand for something in it', hint },
  ]);
  // What no version took is a mistake still.
  writeFileSync(file, '{"branches": {"task": 3}}');
  await expect(readSettings(file, { HOME: folder.path })).rejects.toThrow('branches.task');
});
