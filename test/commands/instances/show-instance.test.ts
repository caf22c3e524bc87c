import { expect, test } from 'vitest';
import { notInstalled } from '../../../src/agents/errors.ts';
import type { Context } from '../../../src/commands/define.ts';
import { showInstance } from '../../../src/commands/instances/show-instance.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import type { InstanceStateName } from '../../../src/state/instances.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { partOf } from '../../helpers/context.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instance, moved } from '../../tasks/journal.ts';

const alert = (id: string, suggestion: string): EventDraft => ({
  type: 'alert.raised',
  data: { id, severity: 'error', text: 'it broke', suggestion, instance: 'c-1', task: null },
});
const agentsWhere = (isStartable: boolean) =>
  partOf<Context['agents']>({ assertStartable: async () => (isStartable ? undefined : Promise.reject(missing)) });
const missing = notInstalled({ agent: 'claude', program: 'claude', install: 'Install it.', others: [] });

const suggestedIn = async (
  { maxInstances = 10, isStartable = true }: { maxInstances?: number; isStartable?: boolean },
  ...drafts: readonly EventDraft[]
): Promise<readonly string[]> => {
  const settings = settingsSchema.parse({ limits: { maxInstances } });
  const parts = { settings, agents: agentsWhere(isStartable), resources: () => [] };
  const { data } = await openDesk(showInstance, drafts, parts).say('show instance c-1');
  return (data as { suggestions: { command: string }[] }).suggestions.map(({ command }) => command);
};

const suggested = (...drafts: readonly EventDraft[]) => suggestedIn({}, ...drafts);

test.each<InstanceStateName>(['idle', 'working', 'paused'])(
  'of an instance that is %s nothing is suggested',
  async (is) => {
    expect(await suggested(...instance('c-1', is))).toEqual([]);
  },
);

test('of one that is broken it is suggested to start it again, or to do without it', async () => {
  const ways = ['restart instance c-1', 'stop instance c-1'];
  for (const is of ['lost', 'failed', 'stuck'] as const) expect(await suggested(...instance('c-1', is))).toEqual(ways);
  const lost = instance('c-1', 'lost');
  expect(await suggested(...lost, alert('instance:c-1', 'restart instance c-1'))).toEqual(ways);
  expect(await suggested(...lost, alert('instance:c-1', 'resume all instances'))).toEqual([
    'resume all instances',
    ...ways,
  ]);
  // Its page is open already.
  const again = [moved('c-1', 'lost'), moved('c-1', 'starting'), moved('c-1', 'lost')];
  const otherwise = ['restart instance c-1 fresh', 'stop instance c-1'];
  expect(await suggested(...instance('c-1'), ...again, alert('instance:c-1', 'show instance c-1'))).toEqual(otherwise);
});

test('of one that is lost where no more may live it is suggested to make room, not what would be refused', async () => {
  const full = { maxInstances: 1 };
  const lost = [...instance('c-1', 'lost'), alert('instance:c-1', 'restart instance c-1')];
  expect(await suggestedIn(full, ...lost, ...instance('c-2', 'idle'))).toEqual([
    'stop instance c-2',
    'stop instance c-1',
  ]);
  expect(await suggestedIn(full, ...lost, ...instance('c-2', 'working'))).toEqual([
    'list instances',
    'stop instance c-1',
  ]);
  // One that is stuck has its place.
  expect(await suggestedIn(full, ...instance('c-1', 'stuck'))).toEqual(['restart instance c-1', 'stop instance c-1']);
});

test('of one whose program is not here it is suggested to see how that is installed', async () => {
  expect(await suggestedIn({ isStartable: false }, ...instance('c-1', 'lost'))).toEqual([
    'show adapter rehearsal',
    'stop instance c-1',
  ]);
});

test('of one that asks it is suggested to answer', async () => {
  expect(await suggested(...instance('c-1', 'waiting'))).toEqual(['answer c-1 "…"']);
  expect(await suggested(...instance('c-1', 'waiting'), ...instance('c-2', 'lost'))).toEqual(['answer c-1 "…"']);
});
