import { expect, test } from 'vitest';
import { makeAdapters } from '../../src/daemon/adapters.ts';
import type { EventDraft, State } from '../../src/state/index.ts';
import { type Settings, settingsSchema } from '../../src/state/settings.ts';
import { stateOf } from '../state/fold.ts';

/** So many letters that a match of `(a+)+$` without a bound takes minutes. */
const SCREEN = `${'a'.repeat(36)}!\nrobot> \ndone`;
const BAD = '(a+)+$';

const settingsWith = (own: object, agent = 'robot'): Settings =>
  settingsSchema.parse({ agents: { [agent]: { command: ['robot'], ...own } } });

/** Adapters by settings that the test changes, over a state that holds what is recorded. */
const open = (first: Settings, known: readonly EventDraft[] = [], fails = false) => {
  let settings = first;
  const facts: EventDraft[] = [...known];
  const log: string[] = [];
  const adapters = makeAdapters(() => settings, {
    decide: async (decided: (state: State) => readonly EventDraft[]) => {
      if (fails) throw new Error('the disk is full');
      facts.push(...decided(stateOf(...facts)));
      return [];
    },
    log: (line) => void log.push(line),
  });
  return {
    read: (agent = 'robot') => adapters.adapterFor(agent).readScreen?.(SCREEN),
    change: (next: Settings) => {
      settings = next;
    },
    alerts: () => Object.values(stateOf(...facts).alerts),
    facts,
    log,
  };
};

test('a pattern that takes too long is told once and left out, and the others go on', () => {
  const { read, alerts, facts } = open(settingsWith({ question: BAD, idle: '^done$' }));
  expect([read(), read()]).toEqual([{ kind: 'finished' }, { kind: 'finished' }]);
  expect(alerts()).toMatchObject([
    {
      id: 'pattern:robot.question',
      severity: 'warning',
      text: expect.stringMatching(/^The pattern of "agents\.robot\.question" takes too long .*: \(a\+\)\+\$\. Say it/u),
      suggestion: 'list config',
    },
  ]);
  expect(facts).toHaveLength(1);
});

test('all of an agent that take too long are left out, of one that comes with Drover as well', () => {
  const { read, alerts } = open(settingsWith({ question: BAD, idle: '^(.|a)*#$', ready: '^robot> $' }, 'kiro'));
  expect(read('kiro')).toEqual({ kind: 'ready' });
  expect(alerts().map(({ id }) => id)).toEqual(['pattern:kiro.question', 'pattern:kiro.idle']);
});

test('an agent without another pattern is read no more', () => {
  const { read } = open(settingsWith({ idle: BAD }));
  expect(read()).toBeUndefined();
  expect(read()).toBeUndefined();
});

test('with other settings patterns count again, and what was told is over', () => {
  const { read, change, alerts } = open(settingsWith({ idle: BAD }));
  read();
  change(settingsWith({ idle: '^done$' }));
  expect(read()).toEqual({ kind: 'finished' });
  expect(alerts()).toEqual([]);
});

test('what an earlier daemon has told is over, and told anew where it is still so', () => {
  const before = open(settingsWith({ idle: BAD }));
  before.read();
  expect(before.alerts()).toHaveLength(1);
  const mended = open(settingsWith({ idle: '^done$' }), before.facts);
  mended.read();
  expect(mended.alerts()).toEqual([]);
  const same = open(settingsWith({ idle: BAD }), before.facts);
  same.read();
  expect(same.alerts()).toHaveLength(1);
});

test('that it cannot be recorded is told in the log', async () => {
  const { read, log } = open(settingsWith({ idle: BAD }), [], true);
  expect(read()).toBeUndefined();
  await Promise.resolve();
  await Promise.resolve();
  expect(log).toContain('patterns of agents: the disk is full');
});
