import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type Command, type CommandLanguage, defineCommand, mayAsk, signatureOf } from '../../src/commands/define.ts';
import { dispatch, understand } from '../../src/commands/dispatch.ts';
import { commands, registry } from '../../src/commands/index.ts';
import { complete } from '../../src/protocol/complete.ts';
import { hintFor } from '../../src/protocol/hint.ts';
import { parse, parseArgv } from '../../src/protocol/parse.ts';
import { say } from '../../src/protocol/say.ts';
import { emptyState } from '../../src/state/index.ts';
import { argvOf, describeCommand } from '../../src/text/help/describe-command.ts';
import { helpPage, overview } from '../../src/text/help/help-pages.ts';
import { language, settings } from '../fixtures/signatures.ts';
import { contextWith, personOf, readOnlyStore } from '../helpers/context.ts';

const nameOf = ({ verb, noun }: Command): string => `${verb} ${noun}`;
const byName = commands.map((command) => [nameOf(command), command] as const);
const view = { columns: 80, color: false };

test('every command lies under its own name in one room, and every file that defines one is registered', () => {
  const files = globSync('src/commands/*/*.ts');
  const own = new Map(files.map((file) => [basename(file, '.ts'), file]));
  const registered = commands.map((command) => `${command.verb}-${command.noun}`);
  expect(own.size).toBe(files.length);
  expect(registered.filter((name) => !own.has(name))).toEqual([]);
  const defining = [...own].filter(([, file]) => readFileSync(file, 'utf8').includes('defineCommand('));
  expect(defining.map(([name]) => name).filter((name) => !registered.includes(name))).toEqual([]);
});

test.each(commands)('$verb $noun is tested in a file of its name', ({ verb, noun }) => {
  const [source] = globSync(`src/commands/*/${verb}-${noun}.ts`);
  const place = source!.replace(/^src/u, 'test').replace(/\.ts$/u, '');
  expect([`${place}.test.ts`, `${place}.real.test.ts`].filter((file) => existsSync(file))).not.toEqual([]);
});

test.each(byName)('the example of "%s" is understood as that command', (_name, command) => {
  const understood = understand(language, { text: command.example });
  expect(understood.command).toBe(command);
  const again = parse(understood.said, language);
  expect(again.ok && again.meaning).toEqual(understood.meaning);
});

test('[TUI-2] what asks by more than the state can be foretold to ask', () => {
  const asking = commands.filter(({ asks }) => asks !== undefined);
  expect(asking.length).toBeGreaterThan(10);
  expect(asking.filter(({ foresees }) => foresees === undefined).map(nameOf)).toEqual([]);
});

test.each(byName)(
  '[CLI-1] "%s" is understood in the words of the shell as in those of the prompt',
  (_name, command) => {
    const { meaning } = understand(language, { text: command.example });
    const shell = parseArgv(argvOf(meaning, command.text), language);
    expect(shell.ok ? shell.meaning : shell.error.message).toEqual(meaning);
  },
);

/** The page with its folded lines joined. */
const lines = (page: string): string => page.replace(/\n {4,}/gu, ' ');

test.each(byName)('help on "%s" has usage, one example, a role and whether it destroys', (name, command) => {
  const described = describeCommand(command);
  expect(described.usage.startsWith(name)).toBe(true);
  expect(described.text).toContain(`example:     ${command.example}`);
  expect(described.text).toContain(`role:        ${command.role}`);
  expect(described.text).toMatch(/destructive: (?:yes|no)/);
  expect(described.destructive).toBe(mayAsk(command));
  expect(helpPage(registry, name.split(' ')).commands.map((one) => one.name)).toContain(name);
  expect(lines(overview(registry))).toMatch(new RegExp(`^ +${command.noun} .*\\b${command.verb}\\b`, 'mu'));
});

test('every command that does not only read says what it does', () => {
  for (const command of commands)
    expect([nameOf(command), command.effects !== undefined]).toEqual([nameOf(command), !command.reads]);
});

test('every parameter that is shown in a usage line is explained below it', () => {
  const silent = commands.flatMap((command) =>
    Object.entries(command.params.shape)
      .filter(([, schema]) => (schema as { description?: string }).description === undefined)
      .map(([key]) => `${nameOf(command)} ${key}`)
      .filter((one) => !/ (?:scope|text|limit|id|op|instances|agent|failure-rate|target)$/.test(one)),
  );
  expect(silent).toEqual([]);
});

test('help finds a command by the words that people use for it', () => {
  const names = (words: string) => helpPage(registry, words.split(' ')).commands.map((one) => one.name);
  expect(names('kill threads')).toEqual(['stop instance']);
  expect(names('batches')).toContain('list integration');
  expect(() => names('stpo')).toThrow(expect.objectContaining({ exit: 3, hint: expect.stringContaining('stop') }));
});

test('[PRT-7] a command that is defined once is parsed, explained, hinted, completed and carried out without another edit', async () => {
  const ping = defineCommand({
    verb: 'ping',
    noun: 'instance',
    summary: 'See whether an agent answers',
    example: 'ping instance kiro-1',
    role: 'viewer',
    modifiers: ['loud'],
    target: 'required',
    reads: true,
    params: z.object({ id: z.string().describe('Which one') }),
    run: async (_context, { id }, modifiers) => ({ message: `${id} answers.`, data: { id, modifiers } }),
  });
  const wider: CommandLanguage = {
    ...language,
    commands: [...registry.commands, ping],
    signatures: [...registry.signatures, signatureOf(ping)],
  };
  const parsed = parse('ping kiro-3 loud', wider);
  expect(parsed.ok && say(parsed.meaning)).toBe('ping instance kiro-3 loud');
  const shell = parseArgv(['instances', 'ping', 'kiro-3'], wider);
  expect(shell.ok && shell.meaning).toEqual({
    verb: 'ping',
    noun: 'instance',
    modifiers: [],
    parameters: { id: 'kiro-3' },
  });
  expect(helpPage(wider, ['ping']).text).toContain('in a shell:  drover instances ping');
  expect(helpPage(wider, ['instances']).text).toContain('See whether an agent answers');
  expect(lines(overview(wider))).toMatch(/instance .*\bping\b/);
  expect(hintFor('ping instance kiro-3', wider)).toEqual({ kind: 'ok', says: 'ping instance kiro-3' });
  expect(hintFor('ping', wider).kind).toBe('incomplete');
  const known = { instances: ['kiro-3'], tasks: [], batches: [] };
  expect(complete('pin', wider, known)).toEqual(['ping']);
  expect(complete('ping instance k', wider, known)).toEqual(['ping instance kiro-3']);
  const context = contextWith({
    earlier: [],
    settings,
    language: wider,
    correlation: 'c-1',
    actor: personOf('ada', 'viewer'),
    store: readOnlyStore(emptyState),
  });
  const reply = await dispatch(context, { id: '', text: 'ping instance kiro-3 loud', view });
  expect(reply).toMatchObject({ exit: 0, message: 'kiro-3 answers.', data: { id: 'kiro-3', modifiers: ['loud'] } });
  expect(parse('ping kiro-3', language).ok).toBe(false);
});

test('[PRT-4] what a role may not say is answered with 4 before anything is looked at', async () => {
  const context = contextWith({
    earlier: [],
    settings,
    language,
    correlation: 'c-1',
    actor: personOf('eve', 'viewer'),
    store: readOnlyStore(emptyState),
    decide: () => expect.unreachable('nothing may be recorded'),
  });
  const reply = await dispatch(context, { id: 'x', text: 'stop all instances', yes: true, view });
  expect(reply).toMatchObject({
    exit: 4,
    message: 'eve may not say "stop instance".',
    hint: 'It takes the role operator.',
  });
});

test('what validates a command is not compiled before the command is said', () => {
  const command = { ...commands[0]!, params: z.object({ title: z.string(), note: z.string().optional() }) };
  using compiled = vi.spyOn(globalThis, 'Function');
  expect(signatureOf(command).needs).toEqual(['title']);
  expect(compiled).not.toHaveBeenCalled();
  command.params.parse({ title: 'a' });
  expect(compiled).toHaveBeenCalled();
});
