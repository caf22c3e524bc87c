import { expect, test } from 'vitest';
import { recordHangs } from '../../../src/daemon/watch/hangs.ts';
import type { EventDraft, State } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated, taskCreated } from '../../state/story.ts';

const ID = 'opencode-1';
const move = (state: 'starting' | 'working' | 'idle'): EventDraft => ({
  type: 'instance.moved',
  data: { instance_id: ID, state, source: 'hook' },
});
const given: readonly EventDraft[] = [
  instanceCreated(ID),
  move('starting'),
  move('idle'),
  taskCreated('1'),
  { type: 'task.assigned', data: { id: '1', instance: ID, pinned: false, reason: 'x' } },
  { type: 'run.started', data: { id: '1', instance: ID, branch: 'b', start_commit: 'c' } },
];

/** What is recorded of the hangs of these, so many milliseconds after they happened, and after nobody watched for a while. */
const hangsAfterGap = async (
  ms: number,
  gapEndedAt: number | null,
  ...facts: readonly EventDraft[]
): Promise<readonly EventDraft[]> => {
  const state = stateOf(...facts);
  const recorded: EventDraft[] = [];
  const place = servicesOn({ logs: { grownAt: async () => 0 }, paths: { logs: '/l' } });
  const services = servicesWith({
    ...place,
    store: { state },
    settings: settingsSchema.parse({ timeouts: { idle_ms: 1000, start_ms: 1000 } }),
    now: () => new Date(Date.parse(state.tasks['1']!.run!.started_at) + ms).toISOString(),
    decide: async (rule: (now: State) => EventDraft[]) => {
      recorded.push(...rule(state));
      return recorded;
    },
  });
  const began = Date.parse(state.tasks['1']?.run?.started_at ?? state.instances[ID]!.state.since);
  const watchedSince = gapEndedAt === null ? 0 : began + gapEndedAt;
  await recordHangs(services, place.home, { now: began + ms, watchedSince, setAt: 0, begun: began });
  return recorded;
};

const hangsAfter = (ms: number, ...facts: readonly EventDraft[]): Promise<readonly EventDraft[]> =>
  hangsAfterGap(ms, null, ...facts);

test('an agent that never begins what it was given hangs, and one that has ended its turn does not', async () => {
  expect(await hangsAfter(900, ...given)).toEqual([]);
  const recorded = await hangsAfter(1000, ...given);
  const evidence = { state: 'stuck', evidence: 'hang: no output' };
  expect(recorded[0]).toMatchObject({ type: 'instance.moved', data: { instance_id: ID, ...evidence } });
  expect(await hangsAfter(9000, ...given, move('working'), move('idle'))).toEqual([]);
  const typing: EventDraft = {
    type: 'alert.raised',
    data: {
      ...{ id: `typing:${ID}`, severity: 'warning', text: 'x', suggestion: 'attach instance opencode-1' },
      ...{ instance: ID, task: null },
    } as const,
  };
  expect(await hangsAfter(9000, ...given, typing)).toEqual([]);
});

test('a daemon that stood still, or a machine that slept, is no reason to call an agent hanging', async () => {
  expect(await hangsAfterGap(30_500, 30_000, ...given)).toEqual([]);
  expect((await hangsAfterGap(31_000, 30_000, ...given)).length).toBeGreaterThan(0);
  const starting = [...given, move('working'), move('starting')];
  expect(await hangsAfterGap(30_500, 30_000, ...starting)).toEqual([]);
});
