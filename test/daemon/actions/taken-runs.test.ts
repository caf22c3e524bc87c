import { expect, test } from 'vitest';
import { atTakenRuns } from '../../../src/daemon/actions/taken-runs.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { begin, created, failed, instance, moved, started } from '../../tasks/journal.ts';

const taken = (id: string): EventDraft => ({
  type: 'run.failed',
  data: { id, failure: { class: 'stopped', message: 'moved to c-2' } },
});

const BEGUN = [...instance('c-1', 'working'), created('t1'), started('t1', 'c-1')];

test('[STO-7] an agent that works on at a run which was taken from it is found, and no other', () => {
  expect(atTakenRuns(begin(...BEGUN, taken('t1')))).toEqual(['c-1']);
  expect(atTakenRuns(begin(...BEGUN))).toEqual([]);
  expect(atTakenRuns(begin(...BEGUN, failed('t1')))).toEqual([]);
  expect(atTakenRuns(begin(...BEGUN, taken('t1'), moved('c-1', 'idle')))).toEqual([]);
  expect(atTakenRuns(begin(...BEGUN, taken('t1'), created('t2'), started('t2', 'c-1')))).toEqual([]);
});
