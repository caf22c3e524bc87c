import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { adapterFor, BUILT_IN } from '../../src/agents/index.ts';
import { settingsSchema } from '../../src/state/settings.ts';
import { launchOptions } from './options.ts';

const FOLDER = new URL('../fixtures/screens/', import.meta.url);

/** Recorded screens, of Kiro those of its documentation: the folder is the agent, the name is what the screen means. */
const screens = readdirSync(FOLDER).flatMap((agent) =>
  readdirSync(new URL(`${agent}/`, FOLDER)).map((name) => [agent, name] as const),
);
const textOf = (agent: string, name: string): string => readFileSync(new URL(`${agent}/${name}`, FOLDER), 'utf8');

test.each(screens)('the screen %s/%s means what its name says', (agent, name) => {
  const signal = BUILT_IN[agent]!.readScreen!(textOf(agent, name));
  expect(signal?.kind).toBe(name.split('.')[0]);
});

const askedOn = (agent: string, name: string) => {
  const signal = BUILT_IN[agent]!.readScreen!(textOf(agent, name));
  return signal?.kind === 'waiting' ? signal.asks : undefined;
};

test('a permission of Gemini CLI is for the command that it is to run, not for what the model calls it', () => {
  const names = readdirSync(new URL('gemini/', FOLDER)).toSorted();
  expect(names.map((name) => askedOn('gemini', name))).toEqual([
    { tool: 'Bash', subject: String.raw`git branch other\n`, helper: null, whole: true },
    { tool: 'Write', subject: 'made.txt', helper: null, whole: true },
    {
      tool: 'Bash',
      subject: expect.stringMatching(/^git branch a && git branch b && echo a+/),
      helper: null,
      whole: false,
    },
    { tool: 'Bash', subject: 'git branch x git branch y', helper: null, whole: false },
  ]);
});

test('a permission of Kiro names the tool alone, so that only a rule for all of it holds', () => {
  expect(askedOn('kiro', 'waiting.1.txt')).toEqual({ tool: 'Bash', subject: '', helper: null, whole: false });
  const { readAsking } = BUILT_IN['kiro']!;
  expect(['waiting.1.txt', 'waiting.2.txt', 'ready.1.txt'].map((name) => readAsking!(textOf('kiro', name)))).toEqual([
    true,
    true,
    false,
  ]);
});

test('under its former name Kiro is started with the same arguments', () => {
  const settings = settingsSchema.parse({ agents: { kiro: { command: ['q'] } } });
  const { program, launch } = adapterFor('kiro', settings);
  expect([program, launch(launchOptions({ resume: 'x' })).argv]).toEqual(['q', ['q', 'chat', '--resume-id', 'x']]);
});
