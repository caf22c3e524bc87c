import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { adapterFor, agentNames, BUILT_IN } from '../../src/agents/index.ts';
import { settingsSchema } from '../../src/state/settings.ts';
import { launchOptions } from './options.ts';

const settings = (agents: Record<string, unknown> = {}) => settingsSchema.parse({ agents });

test('the agents are those that come with Drover and those of the configuration', () => {
  const names = agentNames(settings({ aider: { command: ['aider'] }, claude: {} }));
  expect(names).toEqual(['aider', ...Object.keys(BUILT_IN)].toSorted());
});

test('every adapter in the folder is registered under its own name, and has its row in the documents', async () => {
  for (const file of globSync('src/agents/*.ts')) {
    const source = readFileSync(file, 'utf8');
    if (!/export const \w+(?:: AgentAdapter = \{|.*\} satisfies AgentAdapter)/su.test(source)) continue;
    const exported = Object.values((await import(resolve(file))) as Record<string, { agent?: unknown }>);
    for (const adapter of exported.filter((one) => typeof one?.agent === 'string'))
      expect(BUILT_IN[adapter.agent as string], `${file} in src/agents/index.ts`).toBe(adapter);
  }
  const rows = readFileSync('docs/agents.md', 'utf8');
  for (const name of Object.keys(BUILT_IN)) expect(rows, `the row of ${name}`).toContain(`\n| \`${name}\` |`);
});

test('an agent that nobody knows is answered with the nearest one', () => {
  expect(() => adapterFor('cluade', settings())).toThrow(
    expect.objectContaining({
      code: 'agents/unknown',
      exit: 3,
      message: 'no agent is called "cluade"',
      hint: 'Did you mean "claude"?',
    }),
  );
});

test.each(['emacs', 'constructor', '__proto__'])('%s is no agent, and the known ones are listed', (name) => {
  expect(() => adapterFor(name, settings())).toThrow(/no agent is called/);
  expect(() => adapterFor(name, settings())).toThrow(
    expect.objectContaining({ hint: expect.stringContaining(Object.keys(BUILT_IN).toSorted().join(', ')) }),
  );
});

test('a configured agent is a program of its own', () => {
  const adapter = adapterFor('aider', settings({ aider: { command: ['aider'], pass_env: ['OPENAI_API_KEY'] } }));
  expect([adapter.agent, adapter.program, adapter.passEnv]).toEqual(['aider', 'aider', ['OPENAI_API_KEY']]);
});

test('the configuration may change the program and the environment of an agent that comes with Drover', () => {
  const own = { command: ['/opt/claude', '--model', 'opus'], env: { A: 'b' }, pass_env: ['AWS_PROFILE'] };
  const adapter = adapterFor('claude', settings({ claude: own }));
  const { argv, env } = adapter.launch(launchOptions());
  expect([adapter.program, adapter.passEnv.at(-1), argv.slice(0, 4), env]).toEqual([
    '/opt/claude',
    'AWS_PROFILE',
    ['/opt/claude', '--model', 'opus', '--settings'],
    { A: 'b' },
  ]);
});

test('without a command of its own the program stays', () => {
  const adapter = adapterFor('kiro', settings({ kiro: {} }));
  expect([adapter.program, adapter.launch(launchOptions()).argv]).toEqual(['kiro-cli', ['kiro-cli', 'chat']]);
});

test('patterns of the configuration are asked before those of the agent', () => {
  const read = adapterFor('kiro', settings({ kiro: { question: 'NEW DIALOG.*' } })).readScreen!;
  expect(read('NEW DIALOG now\nKiro is working')).toEqual({ kind: 'waiting', question: 'NEW DIALOG now' });
  expect(read('Kiro is working')).toEqual({ kind: 'working' });
});

test('what Kiro shows is read from its screen', () => {
  const read = adapterFor('kiro', settings()).readScreen!;
  const screens = [
    'ask a question or describe a task',
    '◔ Kiro is working   esc to cancel',
    'Run shell: rm x requires approval\n ❯ Yes, single permission\n   Trust, always allow\n   No (Tab to edit)',
    "Allow this action? Use 't' to trust (always allow) this tool for the session. [y/n/t]:",
    'Done.\n ▸ Credits: 0.24 • Time: 3s\n> ',
    'something else',
  ];
  expect(screens.map((screen) => read(screen)?.kind)).toEqual([
    'ready',
    'working',
    'waiting',
    'waiting',
    'finished',
    undefined,
  ]);
});

test('Kiro goes on with the very conversation, by the engine that made it', () => {
  const launch = adapterFor('kiro', settings()).launch;
  expect(launch(launchOptions({ resume: 'x', prompt: 'hello' })).argv).toEqual([
    'kiro-cli',
    'chat',
    '--resume-id',
    'x',
    'hello',
  ]);
  const engineFor = (resume: string | undefined) => launch(launchOptions({ resume })).env['KIRO_AGENT_ENGINE'];
  expect([engineFor(undefined), engineFor('0b7f4dd7'), engineFor('sess_1')]).toEqual(['v2', 'v2', 'v3']);
});

test('the rehearsal agent is started from Drover itself', () => {
  const { launch } = adapterFor('rehearsal', settings());
  const options = launchOptions();
  expect([launch(options), launch(launchOptions({ resume: 'c1', prompt: 'p' }))]).toMatchObject([
    {
      argv: [options.node, options.rehearsal, '--name', 'x-1', '--session-id', options.uuid],
      conversation: options.uuid,
    },
    { argv: [options.node, options.rehearsal, '--name', 'x-1', '--resume', 'c1', '--', 'p'], conversation: 'c1' },
  ]);
});

test.each([
  ['claude', {}, 'claude /login'],
  ['mine', { mine: { command: ['/opt/bin/claude', '--model', 'opus'] } }, 'claude /login'],
  ['claude', { claude: { command: ['wrapper'] } }, undefined],
  ['rehearsal', {}, undefined],
])('the login of %s with %j is kept as its program keeps it', (name, agents, repair) => {
  expect(adapterFor(name, settings(agents)).login?.repair).toBe(repair);
});
