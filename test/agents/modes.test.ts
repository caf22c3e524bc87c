import { expect, test } from 'vitest';
import type { AgentAdapter } from '../../src/agents/adapter.ts';
import { adapterFor } from '../../src/agents/index.ts';
import { type LaunchMode, launchModeOf, modeNamed } from '../../src/state/modes.ts';
import { settingsSchema } from '../../src/state/settings.ts';
import { launchOptions } from './options.ts';

const settings = settingsSchema.parse({
  modes: {
    auto: { autonomy: 'auto' },
    own: { args: { claude: ['--model', 'opus'], kiro: ['--v3'], mine: ['-x', 'a b'], rehearsal: ['--seed'] } },
  },
  agents: { mine: { command: ['mine', '--go'], resume: ['--again', '{conversation}'] } },
});
const mode = (name: string, agent: string): LaunchMode => launchModeOf(modeNamed(name, settings), agent);
const adapter = (agent: string): AgentAdapter => adapterFor(agent, settings);
const MODES = ['safe', 'tdd', 'auto', 'beast', 'review', 'own'];
const flagsOf = (agent: string) => MODES.map((name) => adapter(agent).flags(mode(name, agent)).join(' '));

test('[AGT-7] each autonomy has its arguments for Claude', () => {
  expect(flagsOf('claude')).toEqual([
    '--permission-mode default',
    '--permission-mode acceptEdits',
    '--permission-mode auto',
    '--permission-mode bypassPermissions',
    '--permission-mode dontAsk',
    '--permission-mode acceptEdits --model opus',
  ]);
});

test('[AGT-7] each autonomy has its arguments for Kiro', () => {
  expect(flagsOf('kiro')).toEqual([
    '--trust-tools=',
    '--trust-tools=read,grep,glob,write',
    '--trust-tools=read,grep,glob,write',
    '--trust-all-tools',
    '--trust-tools=read,grep,glob',
    '--trust-tools=read,grep,glob,write --v3',
  ]);
});

test('[AGT-7] the rehearsal agent is told mode and autonomy, an agent of the configuration what stands there', () => {
  expect(flagsOf('rehearsal').slice(2)).toEqual([
    '--mode auto --autonomy auto',
    '--mode beast --autonomy full',
    '--mode review --autonomy read',
    '--mode own --autonomy edit --seed',
  ]);
  expect(flagsOf('mine')).toEqual(['', '', '', '', '', '-x a b']);
});

test.each(['claude', 'kiro', 'rehearsal', 'mine'])('[AGT-7] %s is really started with those arguments', (agent) => {
  for (const name of MODES)
    for (const changes of [{}, { resume: 'c-1' }, { prompt: '--help me' }]) {
      const { argv } = adapter(agent).launch(launchOptions({ mode: mode(name, agent), ...changes }));
      expect(argv.join(' ')).toContain(adapter(agent).flags(mode(name, agent)).join(' '));
    }
});

test.each(['kiro', 'rehearsal', 'mine'])('without a mode %s is started as its own configuration says', (agent) => {
  expect(adapter(agent).flags(undefined)).toEqual([]);
});

const claudeSettings = (name?: string) => {
  const options = launchOptions(name === undefined ? {} : { mode: mode(name, 'claude') });
  return JSON.parse(adapter('claude').launch(options).files[0]!.content) as {
    skipDangerousModePermissionPrompt?: boolean;
    permissions: { allow: string[]; deny?: string[] };
  };
};

test('Claude edits without a question when nothing is said, and asks about the danger only where that was answered', () => {
  expect(adapter('claude').flags(undefined)).toEqual(['--permission-mode', 'acceptEdits']);
  expect(claudeSettings('beast').skipDangerousModePermissionPrompt).toBe(true);
  for (const name of [undefined, 'safe', 'tdd', 'auto', 'review'])
    expect(claudeSettings(name)).not.toHaveProperty('skipDangerousModePermissionPrompt');
});

test.each(['commit', 'merge'])(
  'Claude may %s without a question except where it asks before everything, and in a review it cannot write',
  (word) => {
    const command = `Bash(git ${word}:*)`;
    expect(
      [undefined, 'tdd', 'beast', 'safe', 'review'].map((name) =>
        claudeSettings(name).permissions.allow.includes(command),
      ),
    ).toEqual([true, true, true, false, false]);
    expect(claudeSettings('review').permissions.deny).toEqual(['Edit', 'Write', 'NotebookEdit']);
    expect(claudeSettings('review').permissions.allow).toContain('Bash(git diff:*)');
    for (const name of ['safe', 'review', 'tdd'])
      expect(claudeSettings(name).permissions.allow).toContain('Bash(drover report:*)');
  },
);

test('[AGT-7] only Claude without limits minds being root', () => {
  expect(adapter('claude').rootNeeds?.(mode('beast', 'claude'))).toBe('IS_SANDBOX');
  expect(adapter('claude').rootNeeds?.(mode('tdd', 'claude'))).toBeUndefined();
  expect(adapter('claude').rootNeeds?.(undefined)).toBeUndefined();
  expect(adapter('claude').passEnv).toContain('IS_SANDBOX');
  for (const agent of ['kiro', 'rehearsal', 'mine']) expect(adapter(agent).rootNeeds).toBeUndefined();
});
