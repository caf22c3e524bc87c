import { expect, test } from 'vitest';
import type { Surroundings } from '../../../src/attention/step.ts';
import { plainChanges, plainStatus } from '../../../src/cli/screen/plain-lines.ts';
import { instanceAlert, taskAlert } from '../../../src/daemon/signals/alert-facts.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { unchecked, verified } from '../../tasks/journal.ts';
import { created, moved, started, stateOf, task } from '../../tui/fake-swarm.ts';
import { alert } from '../../tui/panels/draw-panel.ts';

test('where no agent is, the way on is the one that the screen offers', () => {
  expect(plainStatus(stateOf([]))).toEqual(['No agent yet. Try: create task "…"']);
  expect(plainStatus(stateOf([task('1', 'One')]))).toEqual(['1 task ready, no agent is here. Try: launch 1 instance']);
  const plans: Surroundings = {
    agent: { name: 'codex', title: 'Codex', takesPlans: true },
    ...{ isUsual: false, plans: ['import spec specs/x'] },
  };
  expect(plainStatus(stateOf([]), { surroundings: plans })).toEqual(['No agent yet. Try: import spec specs/x']);
});

test('where no agent program is, no launch is proposed', () => {
  const surroundings: Surroundings = { agent: null, isUsual: false, plans: [] };
  const [line] = plainStatus(stateOf([task('1', 'One')]), { surroundings });
  expect(line).toMatch(/^No agent yet\. No agent program is here\. .* drover doctor$/u);
  expect(line).not.toContain('launch');
});

test('[SEC-1] whoever may only look is told no command that they are refused', () => {
  const maySay = (line: string): boolean => line.startsWith('list ');
  expect(plainStatus(stateOf([task('1', 'One')]), { maySay })).toEqual([
    'No agent is here; 0 of 1 tasks done. Try: help',
  ]);
  const alerts = stateOf([alert('error', 'list alerts'), alert('warning', 'clean sessions')]);
  expect(plainChanges(stateOf([]), alerts, { maySay })).toEqual(['! error text. Try: list alerts', '! warning text.']);
});

test('only what changed is told, each line saying all of it', () => {
  const before = stateOf([created(1), moved('rehearsal-1', 'idle'), task('1', 'One')]);
  expect(plainStatus(before)).toEqual(['rehearsal-1 is idle']);
  expect(plainChanges(before, before)).toEqual([]);
  const after = stateOf(
    [
      ...started('1', 'rehearsal-1'),
      moved('rehearsal-1', 'waiting', 'May I?'),
      created(2),
      alert('error', 'list alerts'),
    ],
    before,
  );
  expect(plainChanges(before, after)).toEqual([
    'rehearsal-1 is waiting on 1 One, asks: May I?',
    'rehearsal-2 is creating',
    '! rehearsal-1 asks: May I? Try: answer rehearsal-1 "…"',
    '! error text. Try: list alerts',
  ]);
  const later = stateOf([{ type: 'instance.removed', data: { instance_id: 'rehearsal-2' } }, alert('info')], after);
  expect(plainChanges(after, later)).toEqual(['rehearsal-2 is removed', '! info text.']);
});

test('[TUI-6] a line proposes what the screen does, and not to repeat what failed twice in the same way', () => {
  const fail = (): EventDraft[] => [
    ...started('1', 'rehearsal-1'),
    { type: 'run.failed', data: { id: '1', failure: { class: 'crash', message: 'x' } } },
    taskAlert('1', { class: 'crash', message: 'x' }, 'rehearsal-1'),
  ];
  const before = stateOf([created(1), moved('rehearsal-1', 'idle'), task('1', 'One')]);
  const once = stateOf(fail(), before);
  expect(plainChanges(before, once)).toContain('! 1 failed (crash): x. Try: retry task 1');
  const again = stateOf([{ type: 'task.reopened', data: { id: '1', reason: 'x' } }], once);
  const cleared = stateOf([{ type: 'alert.cleared', data: { id: 'failed:1', because: 'tried again' } }], again);
  const told = plainChanges(cleared, stateOf(fail(), cleared));
  expect(told).toContain('! 1 failed (crash): x. Try: show failure 1');
  expect(told.join()).not.toContain('retry');
  const up = stateOf([instanceAlert('rehearsal-1', 'rehearsal-1 was slow', { severity: 'info' })], before);
  expect(plainChanges(before, up)).toEqual(['! rehearsal-1 was slow. Try: show instance rehearsal-1']);
});

test('[TUI-6] what no check has looked at is told to be unchecked', () => {
  const before = stateOf([created(1), moved('rehearsal-1', 'idle'), task('1', 'One'), ...started('1', 'rehearsal-1')]);
  expect(plainChanges(before, stateOf([unchecked('1')], before))).toContain('task 1 One is done, unchecked');
  expect(plainChanges(before, stateOf([verified('1')], before))).toContain('task 1 One is done');
});
