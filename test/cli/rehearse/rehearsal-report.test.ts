import { expect, test } from 'vitest';
import { reportOf, reportText } from '../../../src/cli/rehearse/rehearsal-report.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { stateOf } from '../../state/fold.ts';
import { story } from '../../state/story.ts';

const aside: readonly EventDraft[] = [
  {
    type: 'batch.started',
    data: { id: 'batch-2', target: 'drover/integration', base_commit: 'c0', tasks: ['3'] },
  },
  {
    type: 'batch.set_aside',
    data: { id: 'batch-2', task: '3', reason: 'conflict', message: 'conflict in a.ts', files: ['a.ts'] },
  },
  { type: 'batch.finished', data: { id: 'batch-2' } },
];

const reportAfter = (...facts: readonly EventDraft[]) =>
  reportOf({
    state: stateOf(...story, ...facts),
    spec: 'login',
    edges: 0,
    instances: 1,
    launchMs: 1,
    requestedAt: '2026-01-02T03:04:05.000Z',
  });

test('a batch that merged nothing has passed no gate', () => {
  expect(reportAfter().batch).toMatchObject({ merged: 1, gate: 'passed' });
  const report = reportAfter(...aside);
  expect(report.batch).toMatchObject({ merged: 0, conflicted: 1, gate: 'none' });
  expect(reportText(report)).toContain('1 in conflict, no gate run.');
});

test('agents that took longer together than one after the other are called slower', () => {
  expect(reportText({ ...reportAfter(), speedup: 0.8 })).toContain('(1.25 times slower)');
  expect(reportText({ ...reportAfter(), speedup: 2.5 })).toContain('(2.5 times faster)');
});
