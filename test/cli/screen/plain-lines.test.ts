import { expect, test } from 'vitest';
import { plainChanges, plainStatus } from '../../../src/cli/screen/plain-lines.ts';
import { created, moved, started, stateOf, task } from '../../tui/fake-swarm.ts';
import { alert } from '../../tui/panels/draw-panel.ts';

test('where no agent is, the way on is the one that the screen offers', () => {
  expect(plainStatus(stateOf([]))).toEqual(['No agent yet. Type a command, for instance: create task "…"']);
  expect(plainStatus(stateOf([task('1', 'One')]))).toEqual([
    '1 task ready, no agent is here. Type a command, for instance: launch 1 instance',
  ]);
});

test('[SEC-1] whoever may only look is told no command that they are refused', () => {
  const maySay = (line: string): boolean => line.startsWith('list ');
  expect(plainStatus(stateOf([task('1', 'One')]), maySay)).toEqual([
    'No agent yet. Type a command, for instance: help',
  ]);
  const alerts = stateOf([alert('error', 'list alerts'), alert('warning', 'restart instance r')]);
  expect(plainChanges(stateOf([]), alerts, maySay)).toEqual(['! error text. Try: list alerts', '! warning text.']);
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
    '! error text. Try: list alerts',
  ]);
  const later = stateOf([{ type: 'instance.removed', data: { instance_id: 'rehearsal-2' } }, alert('info')], after);
  expect(plainChanges(after, later)).toEqual(['rehearsal-2 is removed', '! info text.']);
});
