import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import type { Reply } from '../../src/ports/swarm.ts';
import { settingKeys, variableOf } from '../../src/state/setting-layers.ts';
import { language } from '../fixtures/signatures.ts';
import { documented } from '../helpers/documented.ts';
import { examplesOf } from './examples.ts';

const script = fileURLToPath(new URL('../../scripts/docs.mjs', import.meta.url));
const load = async () => (await import(script)) as { faults(): string[]; wanted(): Map<string, string> };
const documents = ['README.md', ...globSync('docs/*.md')];

test('[INI-3] the generated parts of the documents are what the registry, the settings and the lexicon say today', async () => {
  expect((await load()).faults()).toEqual([]);
});

test('[INI-3] every command, every pair of verb and noun, and every setting with its variable is documented', async () => {
  const made = (await load()).wanted();
  const [reference, configuration] = ['docs/commands.md', 'docs/configuration.md'].map((file) => made.get(file)!);
  expect(commands.filter(({ verb, noun }) => !reference!.includes(`\n### ${verb} ${noun}\n`))).toEqual([]);
  const keys = settingKeys().map(({ key }) => key);
  expect(keys.filter((key) => !configuration!.includes(`| \`${key}\` |`))).toEqual([]);
  expect(keys.filter((key) => !configuration!.includes(variableOf(key)))).toEqual([]);
});

test('[INI-3] quick start, guide, operator manual and the references of language, commands and data are there, and linked', () => {
  const readme = readFileSync('README.md', 'utf8');
  const wanted = ['guide', 'operations', 'protocol', 'commands', 'configuration', 'errors', 'glossary'];
  expect(wanted.filter((name) => !readme.includes(`](docs/${name}.md)`))).toEqual([]);
  expect(globSync('docs/schemas/*.json').length).toBeGreaterThan(1);
});

test('the recording that the README shows is small, and stands still at the question for who wants no motion', () => {
  const film = readFileSync('docs/screens/demo.svg', 'utf8');
  expect(readFileSync('README.md', 'utf8')).toContain('](docs/screens/demo.svg)');
  expect(film.length).toBeLessThan(1_000_000);
  expect(film).toMatch(/prefers-reduced-motion:reduce/u);
  for (const part of [
    'asks: Shall the wind',
    'crashed in the middle',
    'A conflict is foreseen',
    'was set aside',
    'The end.',
  ])
    expect(film).toContain(part);
  const [header] = readFileSync('docs/screens/demo.cast', 'utf8').split('\n', 1);
  expect(JSON.parse(header!)).toMatchObject({ version: 2, width: 110, height: 32 });
});

test('every command says what it answers', () => {
  expect(commands.filter((one) => one.result === undefined).map(({ verb, noun }) => `${verb} ${noun}`)).toEqual([]);
});

test('every definition that a schema refers to is there', async () => {
  for (const [file, text] of (await load()).wanted()) {
    if (!file.endsWith('.json')) continue;
    const schema = JSON.parse(text) as { $defs?: Record<string, unknown> };
    const named = [...text.matchAll(/"\$ref": "#\/\$defs\/(?<name>[^"]+)"/gu)].map((match) => match.groups!['name']!);
    expect([file, named.filter((name) => !Object.hasOwn(schema.$defs ?? {}, name))]).toEqual([file, []]);
    expect(text).not.toContain('"additionalProperties": false,\n  "$defs"');
  }
});

test('an answer with a field that its command does not document, or without one that it does, is noticed', () => {
  const reply = {
    exit: 0,
    message: 'It ends.',
    hint: null,
    text: '',
    confirm: null,
    data: { pid: 1 },
  } as unknown as Reply;
  expect(documented(language, 'stop daemon', reply)).toBe(reply);
  expect(() => documented(language, 'stop daemon', { ...reply, data: { pid: 1, more: 2 } })).toThrow(/all documented/u);
  expect(() => documented(language, 'stop daemon', { ...reply, data: {} })).toThrow(/what "stop daemon" answers/u);
  expect(documented(language, 'stop daemon', { ...reply, hint: 'Look: status daemon' })).toBeDefined();
  expect(() => documented(language, 'stop daemon', { ...reply, hint: 'Again: stop instance' })).toThrow(
    /proposes to cli/u,
  );
  const refused = { ...reply, exit: 3, data: { code: 'target/not-found' } } as Reply;
  expect(documented(language, 'stop daemon', refused)).toBe(refused);
});

const anchorsOf = (file: string): readonly string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^#+ (?<title>.+)$/gmu)].map((match) =>
    match.groups!['title']!.toLowerCase().replaceAll(' ', '-'),
  );

const leads = (from: string, to: string): boolean => {
  const [path = '', anchor] = to.split('#');
  const file = path === '' ? from : join(dirname(from), path);
  return globSync(file).length > 0 && (anchor === undefined || anchorsOf(file).includes(anchor));
};

test('links between the documents lead somewhere', () => {
  const broken = documents.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\]\((?<to>[^)]+)\)/gu)]
      .map((match) => match.groups!['to']!)
      .filter((to) => !/^https?:/u.test(to) && !leads(file, to))
      .map((to) => `${file}: ${to}`),
  );
  expect(broken).toEqual([]);
});

test('examples are read with their line, the exit codes they may have and the key that leaves them', () => {
  const [first] = examplesOf('docs/guide.md');
  expect(first).toMatchObject({ text: 'drover doctor', exits: [0, 1], leave: undefined });
  expect(readFileSync('docs/guide.md', 'utf8').split('\n')[first!.line - 1]).toContain('drover doctor');
  expect(examplesOf('docs/guide.md').map(({ leave }) => leave)).toContain('Ctrl-B d');
  expect(documents.flatMap(examplesOf).length).toBeGreaterThan(60);
});

test('no example has a check that succeeds whatever an agent does, and overrides the one that was found', () => {
  for (const file of ['README.md', ...globSync('docs/*.md')])
    expect(readFileSync(file, 'utf8'), file).not.toMatch(/\bcheck="?(?:test -d \.|true|:)(?=[\s"'`]|$)|`test -d \.`/mu);
});
