import { expect, test } from 'vitest';
import { bringBackFact, bringBackLoss, keptRunOf } from '../../../src/commands/instances/lost-instances.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { after, begin, created, instance, moved, started } from '../../tasks/journal.ts';

const context = { settings: settingsSchema.parse({}) };
const atWork = begin(...instance('c-1', 'working'), created('1'), started('1', 'c-1'));

test.each([
  ['lost', 'session-lost'],
  ['failed', 'crash'],
] as const)('an instance that is %s goes on with the run that it was at, with all its tries', (kind, why) => {
  const state = after(atWork, moved('c-1', kind));
  expect(keptRunOf(state, state.instances['c-1']!)?.id).toBe('1');
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

test('one without a run only starts again, and one that lives has lost nothing', () => {
  const idle = begin(...instance('c-1', 'failed'));
  expect(bringBackFact(context, idle, idle.instances['c-1']!).data).toEqual({ instance_id: 'c-1', fresh: false });
  expect(keptRunOf(atWork, atWork.instances['c-1']!)).toBeUndefined();
  expect(bringBackLoss(Object.values(idle.instances))).toBeUndefined();
});
