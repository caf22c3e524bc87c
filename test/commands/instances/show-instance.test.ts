import { expect, test } from 'vitest';
import { showInstance } from '../../../src/commands/instances/show-instance.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import type { InstanceStateName } from '../../../src/state/instances.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instance, moved } from '../../tasks/journal.ts';

const alert = (id: string, suggestion: string): EventDraft => ({
  type: 'alert.raised',
  data: { id, severity: 'error', text: 'it broke', suggestion, instance: 'c-1', task: null },
});
const suggested = async (...drafts: readonly EventDraft[]): Promise<readonly string[]> => {
  const parts = { settings: settingsSchema.parse({}), resources: () => [] };
  const { data } = await openDesk(showInstance, drafts, parts).say('show instance c-1');
  return (data as { suggestions: { command: string }[] }).suggestions.map(({ command }) => command);
};

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

test('of one that asks it is suggested to answer', async () => {
  expect(await suggested(...instance('c-1', 'waiting'))).toEqual(['answer c-1 "…"']);
  expect(await suggested(...instance('c-1', 'waiting'), ...instance('c-2', 'lost'))).toEqual(['answer c-1 "…"']);
});
