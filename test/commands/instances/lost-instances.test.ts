import { expect, test } from 'vitest';
import { bringBackFact, bringBackLoss, runOf } from '../../../src/commands/instances/lost-instances.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import type { Recovery } from '../../../src/state/recovery.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { after, begin, created, instance, moved, started } from '../../tasks/journal.ts';

const context = { settings: settingsSchema.parse({}) };
const atWork = begin(...instance('c-1', 'working'), created('1'), started('1', 'c-1'));

const planned = (changes: Partial<Recovery>): EventDraft => ({
  type: 'instance.recovery_planned',
  data: {
    instance_id: 'c-1',
    recovery: {
      ...{ task: '1', class: 'crash', message: 'it ended', tries: 1, most: 3, unready: false, next: null, due: null },
      ...changes,
    },
  },
});

test.each([
  ['lost', 'session-lost'],
  ['failed', 'crash'],
] as const)('an instance that is %s goes on with the run that it was at, with all its tries', (kind, why) => {
  const state = after(atWork, moved('c-1', kind));
  expect(runOf(state, state.instances['c-1']!)?.id).toBe('1');
  expect(bringBackFact(context, state, state.instances['c-1']!)).toEqual({
    type: 'instance.restart_requested',
    data: {
      instance_id: 'c-1',
      fresh: false,
      recovery: {
        ...{ task: '1', class: why, message: `c-1 was ${kind}`, tries: 0, most: 3 },
        ...{ unready: false, next: 'go-on', due: null },
      },
    },
  });
});

test('one at work goes on with its run as well, and one that begins its conversation anew', () => {
  const again = planned({ tries: 2, next: null });
  for (const state of [atWork, after(atWork, again)])
    expect(bringBackFact(context, state, state.instances['c-1']!, true).data).toMatchObject({
      fresh: true,
      recovery: { task: '1', class: 'stopped', message: 'c-1 was restarted', tries: 0, next: 'go-on' },
    });
  const hung = after(atWork, moved('c-1', 'stuck'), planned({ class: 'hang', next: 'restart', due: 'later' }));
  expect(bringBackFact(context, hung, hung.instances['c-1']!).data).toMatchObject({
    recovery: { class: 'hang', message: 'it ended', tries: 0, next: 'go-on', due: null },
  });
});

test('one without a run only starts again, and nothing is asked about one that lives', () => {
  const idle = begin(...instance('c-1', 'failed'));
  expect(bringBackFact(context, idle, idle.instances['c-1']!).data).toEqual({ instance_id: 'c-1', fresh: false });
  expect(runOf(idle, idle.instances['c-1']!)).toBeUndefined();
  expect(bringBackLoss(Object.values(idle.instances))).toBeUndefined();
});
