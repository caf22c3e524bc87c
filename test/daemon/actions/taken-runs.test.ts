import { expect, test } from 'vitest';
import { atTakenRuns } from '../../../src/daemon/actions/taken-runs.ts';
import { type AppEvent, type EventDraft, emptyState, reduce, type State } from '../../../src/state/index.ts';
import { created, failed, instance, moved, started } from '../../tasks/journal.ts';

/** One fact a second. */
const begin = (...drafts: readonly EventDraft[]): State =>
  drafts.reduce((state, draft) => {
    const seq = state.seq + 1;
    const at = new Date(Date.UTC(2026, 0, 1) + seq * 1000).toISOString();
    return reduce(state, { ...draft, seq, at, actor: 'test', corr: 'c' } as AppEvent);
  }, emptyState);

const taken = (id: string): EventDraft => ({
  type: 'run.failed',
  data: { id, failure: { class: 'stopped', message: 'moved to c-2' } },
});

const BEGUN = [...instance('c-1', 'working'), created('t1'), started('t1', 'c-1')];

test('[STO-7] an agent that works on at a run which was taken from it is found, and no other', () => {
  expect(atTakenRuns(begin(...BEGUN, taken('t1')))).toEqual(['c-1']);
  // That it took the prompt of that run it says when it is taken away already.
  const late: EventDraft = { type: 'instance.moved', data: { instance_id: 'c-1', state: 'working', source: 'hook' } };
  expect(atTakenRuns(begin(...BEGUN, taken('t1'), late))).toEqual(['c-1']);
  // What it begins after a rest is somebody else's.
  expect(atTakenRuns(begin(...BEGUN, taken('t1'), moved('c-1', 'idle'), late))).toEqual([]);
  expect(atTakenRuns(begin(...BEGUN))).toEqual([]);
  expect(atTakenRuns(begin(...BEGUN, failed('t1')))).toEqual([]);
  expect(atTakenRuns(begin(...BEGUN, taken('t1'), moved('c-1', 'idle')))).toEqual([]);
  expect(atTakenRuns(begin(...BEGUN, taken('t1'), created('t2'), started('t2', 'c-1')))).toEqual([]);
});
