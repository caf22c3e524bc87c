import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import { started, task, threeAgents } from '../fake-swarm.ts';
import { drawPanel, modelOf } from './draw-panel.ts';

test('the task strip counts what people ask for', () => {
  const drafts: readonly EventDraft[] = [
    ...threeAgents,
    task('3', 'Ready one'),
    task('4', 'Blocked'),
    task('5', 'Failed'),
    task('6', 'Cancelled'),
    { type: 'task.blocked', data: { id: '4', reason: 'x' } },
    ...started('5', 'rehearsal-3'),
    { type: 'run.failed', data: { id: '5', failure: { class: 'check', message: 'x' } } },
    { type: 'task.cancelled', data: { id: '6' } },
  ];
  expect(drawPanel('task-strip', modelOf(drafts))).toBe(
    ' tasks  ● 2 running  ◇ 1 ready  … 1 waiting  ‖ 1 blocked  ✖ 1 failed    2.1 Parse the lines → rehea…',
  );
});
