import { describe, expect, test } from 'vitest';
import type { CommandLanguage, Context } from '../../../src/commands/define.ts';
import { setConfig } from '../../../src/commands/settings/set-config.ts';
import { settingsSchema, THEME_NAMES } from '../../../src/state/settings.ts';
import { AUTO, THEMES } from '../../../src/tui/theme/themes.ts';
import { partOf } from '../../helpers/context.ts';
import { instanceCreated } from '../../state/story.ts';
import { begin, moved } from '../../tasks/journal.ts';
import { languageOf, openDesk } from '../../helpers/desk.ts';
import { secretsOf } from '../../helpers/secrets.ts';

/** The layers of a repository whose file says this, and what is written into it. */
const configured = (values: Record<string, unknown> = {}) => {
  const written: [string, unknown][] = [];
  const configuration = {
    layers: [{ origin: 'project', values }],
    files: { project: '/r/.drover/config.json', user: '/home/ada/.config/drover.json' },
    change: async (key: string, value: unknown) => {
      written.push([key, value]);
      return true;
    },
  } as const;
  return { written, configuration };
};

const machine = () => ({ cores: 4, memoryMb: 16_384 });

test('a setting is written into the file of the repository', async () => {
  const { configuration, written } = configured();
  const reply = await openDesk(setConfig, [], { configuration, machine }).say('set config limits.maxInstances 4');
  expect(reply).toMatchObject({
    exit: 0,
    message: 'limits.maxInstances is now 4 in /r/.drover/config.json.',
    data: { key: 'limits.maxInstances', value: 4, origin: 'project' },
    sideEffects: ['/r/.drover/config.json written'],
  });
  expect(written).toEqual([['limits.maxInstances', 4]]);
});

test('a bad value is refused before it is said', () => {
  const standing = { state: begin(), settings: settingsSchema.parse({}) };
  const say = (value: string) => () => setConfig.refuses?.(standing, { id: ['limits.maxInstances'], value }, []);
  expect(say('0')).toThrowError('limits.maxInstances');
  expect(say('4')).not.toThrow();
});

test('what is guarded is asked about first, and a bad key or value is refused and not written', async () => {
  const { configuration, written } = configured();
  const desk = openDesk(setConfig, [], { configuration, machine });
  expect(await desk.propose('set config limits.maxInstances 9')).toMatchObject({
    exit: 5,
    message: 'limits.maxInstances will be 9 for everybody who works on this repository.',
  });
  for (const text of ['set config limits.maxInstances many', 'set config limits.maxInstance 4', 'set config agent'])
    expect([text, (await desk.say(text)).exit]).toEqual([text, 2]);
  expect(written).toEqual([]);
});

test.each([
  [{ cores: 4, memoryMb: 16_384 }, '4 cores and 16.0 GiB of memory, which is enough for about 12'],
  [{ cores: 2, memoryMb: 65_536 }, '2 cores and 64.0 GiB of memory, which is enough for about 8'],
  [{ cores: 1, memoryMb: 1_024 }, '1 core and 1.0 GiB of memory, which is enough for about 1'],
])(
  '[CFG-2] more instances than the machine carries are asked about, with the number that %o carries',
  async (size, text) => {
    const { configuration, written } = configured();
    const desk = openDesk(setConfig, [], { configuration, machine: () => size });
    const asked = await desk.propose('set config limits.maxInstances=500');
    expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining(text)]);
    expect(written).toEqual([]);
    const confirmed = await desk.say('set config limits.maxInstances=500');
    expect([confirmed.exit, confirmed.hint]).toEqual([0, expect.stringContaining(text)]);
    expect((await desk.propose('set config limits.maxInstances 1')).message).not.toContain('enough for');
  },
);

test('[SEC-3] a setting that names a secret that nobody has set is told of as it is written', async () => {
  const key = 'agents.claude.env';
  const line = `set config ${key} '{"TOKEN":"secret:nope"}'`;
  const told =
    'There is no secret "nope", which agents.claude.env names: what needs it is not started. Set it: drover secrets set nope -';
  const desk = openDesk(setConfig, [], { ...configured(), machine, secrets: secretsOf('other') });
  expect(await desk.say(line)).toMatchObject({ exit: 0, hint: told });
  const known = openDesk(setConfig, [], { ...configured(), machine, secrets: secretsOf('nope') });
  expect((await known.say(line)).hint).toBeNull();
});

describe('[CFG-2] a value that names something', () => {
  const settings = settingsSchema.parse({
    agent: 'rehearsal',
    agents: { mine: { command: ['run-me', '{prompt}'], prompt: 'argument' } },
    modes: { quick: { preamble: 'Be quick.' } },
  });
  const git = partOf<Context['git']>({
    resolve: async (name) => (['main', 'refs/heads/main', 'v1'].includes(name) ? 'c0ffee' : null),
    branches: async () =>
      ['main', 'next'].map((branch) => ({ branch, commit: 'c0ffee', committed_at: '2026-01-01', subject: 'one' })),
    currentBranch: async () => 'main',
    missingFolders: async (_commit, folders) => folders.filter((folder) => folder !== 'apps/web'),
  });
  const readFile = async (path: string) => (path === '/home/ada/.config/themes/dusk.json' ? '{}' : null);
  const place = () => {
    const { configuration, written } = configured();
    const desk = openDesk(setConfig, [], { configuration, machine, settings, git, readFile });
    return { written, say: (line: string) => desk.say(`set config ${line}`) };
  };

  test.each([
    ['agent nope', 3, 'no agent is called "nope"', 'Known agents are claude, codex, gemini, kiro, mine'],
    ['agent constructor', 3, 'no agent is called "constructor"', 'Known agents are'],
    ['modes.quick.args.claud \'["-x"]\'', 3, 'no agent is called "claud"', 'Did you mean "claude"?'],
    ['modes \'{"quick":{"args":{"nope":[]}}}\'', 3, 'no agent is called "nope"', 'Known agents are'],
    ['modes.bast.enabled true', 3, 'There is no mode "bast".', 'Did you mean beast? Known: beast, safe'],
    ['branches.base nope', 3, 'There is no branch "nope".', 'Known: main, next.'],
    ['branches.base ""', 3, 'There is no branch "".', 'Known: main, next.'],
    ['worktrees.sparse \'["apps/web","apps/nope"]\'', 2, '"apps/nope", which worktrees.sparse names, is no', 'Correct'],
    ['tui.theme nope', 2, 'tui.theme cannot be "nope": there is auto, dark, light', 'config show tui.theme'],
    ['tui.theme ../themes/dusk', 2, 'tui.theme cannot be "../themes/dusk"', 'config show tui.theme'],
    ['tmux.socket a/b', 2, 'tmux.socket cannot be "a/b": it is a name, without /', 'config show tmux.socket'],
    [
      'branches.task "{nope}/{task}"',
      2,
      'only {task} and {slug} stand for something in it',
      'config show branches.task',
    ],
    ['branches.task " "', 2, 'it is empty', 'config show branches.task'],
  ])('is refused with what there is: %s', async (line, exit, message, hint) => {
    const { say, written } = place();
    const reply = await say(line);
    expect([reply.exit, reply.message, reply.hint]).toEqual([
      exit,
      expect.stringContaining(message),
      expect.stringContaining(hint),
    ]);
    expect(written).toEqual([]);
  });

  test.each([
    'agent mine',
    'agent kiro',
    'modes.quick.args.mine \'["-x"]\'',
    'modes.new.preamble "Be slow."',
    'modes.quick.enabled true',
    'branches.base main',
    'branches.base v1',
    'worktrees.sparse \'["apps/web"]\'',
    'tui.theme dark',
    'tui.theme dusk',
    'branches.task "work/{slug}-{task}"',
  ])('is written where that exists: %s', async (line) => {
    const { say, written } = place();
    const { exit, message } = await say(line);
    expect([exit, message]).toEqual([0, expect.any(String)]);
    expect(written).toHaveLength(1);
  });

  test('an agent that waits for trust may be named, for it may be trusted later', () => {
    const language: CommandLanguage = { ...languageOf([setConfig]), untrusted: ['theirs'] };
    const refused = (value: string) => () =>
      setConfig.refuses?.({ state: begin(), settings, language }, { id: ['agent'], value }, []);
    expect(refused('theirs')).not.toThrow();
    expect(refused('nobodys')).toThrowError('no agent is called "nobodys"');
  });

  test('what is in braces in a command and filled in nowhere is told of as it is written', async () => {
    const { say } = place();
    expect(await say('agents.mine.command \'["run-me","{promt}","{brief}"]\'')).toMatchObject({
      exit: 0,
      hint: 'agents.mine.command: {promt} reaches the program as it stands; filled in there: {prompt}, {brief}.',
    });
    expect((await say('agents.mine.command \'["run-me","{prompt}"]\'')).hint).toBeNull();
    expect((await say('agents.claude.command \'["claude","{prompt}"]\'')).hint).toContain('nothing is filled in there');
  });
});

test('the themes that a setting may name are those that there are', () => {
  expect([...THEME_NAMES]).toEqual([AUTO, ...THEMES.keys()]);
});

test('agents that run keep what they were started with, which the question and the answer say', async () => {
  const { configuration } = configured({ sandbox: { network: 'off' } });
  const desk = openDesk(setConfig, [instanceCreated('a-1'), moved('a-1', 'idle')], { configuration });
  const kept =
    'It holds for programs that are started from now on; 1 agent that runs keeps what was set before, until started again.';
  expect((await desk.propose('set config sandbox.mode worktree')).message).toContain(kept);
  expect((await desk.say('set config sandbox.mode worktree')).message).toContain(kept);
  expect((await desk.say('set config git.guard off')).message).toContain(kept);
  for (const text of ['set config sandbox.hosts []', 'set config checks.task "make test"'])
    expect([text, (await desk.say(text)).message]).toEqual([text, expect.not.stringContaining('started')]);
  // Nothing changes by what is said already, so nobody is asked.
  expect(await desk.propose('set config sandbox.network off')).toMatchObject({ exit: 0 });
});

test('it is foretold that a guarded setting is asked about, also one that nobody has set', () => {
  const standing = { state: begin(), settings: settingsSchema.parse({ limits: { maxInstances: 4 } }) };
  const foreseen = (key: string, value: string) => setConfig.foresees?.(standing, { id: [key], value }, []);
  expect(foreseen('sandbox.mode', 'worktree')).toBe('asks');
  expect(foreseen('limits.maxInstances', '9')).toBe('asks');
  expect(foreseen('limits.maxInstances', '4')).toBe('may ask');
  expect(foreseen('checks.task', 'make test')).toBeUndefined();
});
