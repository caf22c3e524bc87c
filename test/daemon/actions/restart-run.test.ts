import { expect, test } from 'vitest';
import { reassignRun } from '../../../src/daemon/actions/reassign-run.ts';
import { failedRestartFacts, restartRun } from '../../../src/daemon/actions/restart-run.ts';
import { makeRests } from '../../../src/daemon/actions/rests.ts';
import { continueRun } from '../../../src/daemon/actions/start-task.ts';
import type { EventDraft, State } from '../../../src/state/index.ts';
import type { Recovery } from '../../../src/state/recovery.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';
import { AT, after, begin, created, failed, instance, moved, started } from '../../tasks/journal.ts';

const WHY = { why: 'why', class: 'drover' } as const;
const LATER = '2026-01-01T00:00:05.000Z';
const recovery: Recovery = {
  ...{ task: '1', class: 'crash', message: 'it ended', tries: 2, most: 3, unready: true },
  ...{ next: 'restart', due: LATER },
};
const planned = (changes: Partial<Recovery> = {}): EventDraft => ({
  type: 'instance.recovery_planned',
  data: { instance_id: 'c-1', recovery: { ...recovery, ...changes } },
});
/** When the next program starts again by itself in this state, seen at the time of the journal. */
const nextMs = (state: State): number | undefined =>
  makeRests(servicesWith({ store: { state }, settings: settingsSchema.parse({}), now: () => AT }), () => 0)().nextMs();
const atWork = begin(...instance('c-1', 'working'), created('1'), started('1', 'c-1'));
const broken = after(atWork, moved('c-1', 'failed'), planned());

/** A services that was in one state when it was looked at, and is in another one when the facts are decided. */
const changing = (before: State, now: State) => {
  const recorded: EventDraft[] = [];
  const services = servicesWith({
    store: { state: before },
    ...servicesOn({ git: { hasWorktree: async () => false } }),
    settings: settingsSchema.parse({}),
    now: () => LATER,
    decide: async (facts: (state: State) => readonly EventDraft[]) => {
      recorded.push(...facts(now));
      return recorded;
    },
  });
  return { services, recorded };
};

test('a program that failed twice before it took a prompt is started without its conversation', async () => {
  const { services, recorded } = changing(broken, broken);
  await restartRun(services, 'c-1');
  expect(recorded).toMatchObject([{ data: { fresh: true, recovery: { next: 'go-on', due: null } } }]);
});

test('what a person has settled meanwhile is left as it is', async () => {
  const over = after(broken, failed('1'));
  for (const now of [over, begin()]) {
    const { services, recorded } = changing(broken, now);
    await restartRun(services, 'c-1');
    await reassignRun(services, { kind: 'hand-over', task: '1', instance: 'c-1' });
    expect([recorded, failedRestartFacts(services, now, 'c-1', WHY), nextMs(now)]).toEqual([[], [], undefined]);
  }
  const { services, recorded } = changing(over, over);
  await reassignRun(services, { kind: 'hand-over', task: '1', instance: 'c-1' });
  await continueRun(services, '1', 'c-1');
  expect(recorded).toEqual([]);
});

test('the next try is the one that is due first, of those that still wait for it', () => {
  expect(nextMs(broken)).toBe(5000);
  expect(nextMs(after(broken, moved('c-1', 'creating'), moved('c-1', 'starting')))).toBeUndefined();
  expect(nextMs(after(broken, planned({ next: 'move', due: null })))).toBeUndefined();
  const gone = after(broken, failed('1'), planned({ next: 'go-on', due: null }));
  expect(failedRestartFacts(changing(gone, gone).services, gone, 'c-1', WHY)).toEqual([]);
});
