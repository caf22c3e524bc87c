import { expect, test } from 'vitest';
import { conflictsText } from '../../../src/cli/rehearse/met-conflicts.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { begin, created, instance, started, verified } from '../../tasks/journal.ts';

const done = ['t1', 't2'].flatMap((id) => [created(id), started(id, 'a-1'), verified(id)]);
const batch = (id: string, tasks: readonly string[]): EventDraft => ({
  type: 'batch.started',
  data: { id, target: 'i', base_commit: 'c', tasks: [...tasks] },
});
const aside = (id: string, task: string, reason: 'conflict' | 'gate' = 'conflict'): EventDraft => ({
  type: 'batch.set_aside',
  data: { id, task, reason, message: 'x', files: [] },
});
const merged = (id: string, task: string): EventDraft => ({
  type: 'batch.merged',
  data: { id, task, branch: 'b', commit: 'c1' },
});
const told = (foreseen: number, ...facts: readonly EventDraft[]) =>
  conflictsText(begin(...instance('a-1'), ...done, ...facts), foreseen);

test('what was only foreseen is not said to be resolved', () => {
  expect(told(0)).toBe('0 conflicts foreseen');
  expect(told(1)).toBe('1 conflict foreseen, none met');
  // Set aside for something else.
  expect(told(1, batch('b1', ['t1']), aside('b1', 't1', 'gate'))).toBe('1 conflict foreseen, none met');
});

test('what was set aside is told, with whether it was merged in the end', () => {
  const first = [batch('b1', ['t1', 't2']), aside('b1', 't1')];
  expect(told(0, ...first)).toBe('0 conflicts foreseen; t1 set aside');
  expect(told(1, ...first, batch('b2', ['t1']), merged('b2', 't1'))).toBe('1 conflict foreseen; t1 merged later');
  const both = [...first, aside('b1', 't2'), batch('b2', ['t1']), merged('b2', 't1')];
  expect(told(2, ...both)).toBe('2 conflicts foreseen; 2 tasks set aside, 1 of them merged later');
});
