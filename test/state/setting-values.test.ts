import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../src/lib/errors.ts';
import { settingAt, settingKeys } from '../../src/state/setting-layers.ts';
import { checkSettingKey, settingSchemaAt } from '../../src/state/setting-names.ts';
import {
  checkedSetting,
  checkForOneCommand,
  holdsForOneCommand,
  isGuarded,
  settingsInFlags,
} from '../../src/state/setting-values.ts';
import { settingsSchema } from '../../src/state/settings.ts';

const refusal = (work: () => unknown): { exit: number; text: string } => {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return { exit: error.exit, text: `${error.message} ${error.hint}` };
    throw error;
  }
  throw new Error('it was not refused');
};

describe('the value of a setting as somebody writes it', () => {
  test.each([
    ['limits.maxInstances', '5', 5],
    ['agent', '5', '5'],
    ['checks.task', 'npm test', 'npm test'],
    ['plan.barrier', 'off', false],
    ['plan.barrier', 'Yes', true],
    ['timeouts.idle_ms', '10m', 600_000],
    ['timeouts.idle_ms', '1500', 1500],
    ['plan.policy', 'strict', 'strict'],
    ['agents.aider.command', '["aider","--yes"]', ['aider', '--yes']],
    ['agents.aider.prompt', 'argument', 'argument'],
    ['agents.aider.env', '{"A":"1"}', { A: '1' }],
    ['agents.aider.env.A', '1', '1'],
    ['limits', '{"maxInstances":3}', { maxInstances: 3 }],
  ])('%s = %s', (key, text, value) => {
    expect(checkedSetting(key, text)).toEqual(value);
  });

  test.each([
    ['limits.maxInstance', '5', 'Did you mean limits.maxInstances?'],
    ['maxInstances', '5', 'Did you mean limits.maxInstances?'],
    ['idle_m', '5', 'Did you mean timeouts.idle_ms?'],
    ['zzz', '5', 'See drover config list.'],
    ['', '5', 'There is no setting ""'],
    ['agents..command', '[]', 'There is no setting'],
    ['agents.__proto__.command', '["x"]', 'There is no setting'],
    ['limits.maxInstances', '0', 'limits.maxInstances cannot be "0": '],
    ['limits.maxInstances', 'many', 'it has to be a number'],
    ['limits.maxInstances', '10m', 'it has to be a number'],
    ['plan.barrier', 'maybe', 'it has to be true or false'],
    ['plan.policy', 'lax', 'it has to be one of'],
    ['agents.x.command', '[', 'it has to be a list'],
  ])('%s = %s is refused with what is wrong', (key, text, why) => {
    expect(refusal(() => checkedSetting(key, text))).toEqual({ exit: 2, text: expect.stringContaining(why) });
  });

  test('every setting of the schema can be named, and any key at all is known or refused in words', () => {
    for (const { key } of settingKeys()) expect(settingSchemaAt(key), key).toBeDefined();
    const parts = fc.constantFrom(
      'limits',
      'agents',
      'x',
      '__proto__',
      'constructor',
      'properties',
      '',
      'command',
      'é',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 4 }), (path) => {
        const key = path.join('.');
        if (settingSchemaAt(key)) checkSettingKey(key);
        else expect(refusal(() => checkSettingKey(key)).exit).toBe(2);
      }),
    );
    expect(({} as Record<string, unknown>)['command']).toBeUndefined();
  });
});

describe('settings for one command', () => {
  test('several add up, and a later one wins', () => {
    const values = settingsInFlags(['limits.maxInstances=3', 'agent=kiro', 'plan.barrier=no', 'agent=claude']);
    expect(values).toEqual({ limits: { maxInstances: 3 }, agent: 'claude', plan: { barrier: false } });
    expect(settingAt(settingsInFlags(['branches.base=a=b']), 'branches.base')).toBe('a=b');
    expect(settingsSchema.parse(settingsInFlags([]))).toMatchObject({ agent: 'claude' });
  });

  test.each([['limits.maxInstances'], ['=5'], ['']])('%j is no setting with a value', (pair) => {
    expect(refusal(() => settingsInFlags([pair]))).toMatchObject({
      exit: 2,
      text: expect.stringContaining('-c KEY=VALUE'),
    });
  });

  test('what goes on after the answer cannot hold for one command', () => {
    checkForOneCommand(['limits.maxInstances=3', 'agent=kiro', 'plan.policy=strict', 'branches.base=main']);
    expect(refusal(() => checkForOneCommand(['agent=kiro', 'tmux.cols=90'])).text).toContain('config set tmux.cols 90');
    expect(refusal(() => checkForOneCommand(['checks.task=npm test'])).text).toContain('config set checks.task VALUE');
    expect(refusal(() => checkForOneCommand(['security.localRole=admin'])).exit).toBe(2);
    const both = settingKeys().filter(({ key }) => holdsForOneCommand(key) && key.startsWith('security'));
    expect(both).toEqual([]);
    expect(['limits', 'limits.maxInstances', 'security.localRole', 'limitsOther', 'agent'].map(isGuarded)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    const shutIn = [
      'sandbox.mode',
      'sandbox.hosts',
      'agents.codex.sandbox',
      'modes.safe.sandbox',
      'agents.sandbox.env',
    ];
    expect(shutIn.map(isGuarded)).toEqual([true, true, true, true, false]);
  });
});
