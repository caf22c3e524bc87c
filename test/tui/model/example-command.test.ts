import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import { exampleCommand } from '../../../src/tui/model/example-command.ts';
import { created, moved, started, stateOf, task, threeAgents } from '../fake-swarm.ts';
import { drawPanel, modelOf } from '../panels/draw-panel.ts';

test('the example fits the whole swarm, whatever a filter hides', () => {
  expect(exampleCommand({ state: stateOf([]) })).toBe('launch 3 instances');
  expect(exampleCommand({ state: stateOf([created(1), moved('rehearsal-1', 'stopped')]) })).toBe('launch 3 instances');
  expect(exampleCommand({ state: stateOf([created(1)]) })).toBe('create task "…"');
  expect(exampleCommand({ state: stateOf([created(1), created(2), moved('rehearsal-2', 'waiting')]) })).toBe(
    'answer rehearsal-2 "…"',
  );
});

const result = { head_commit: 'b'.repeat(40), commits: 1, files: 1, insertions: 1, deletions: 0 } as const;

const ran = (end: EventDraft): readonly EventDraft[] => [
  created(1),
  task('1', 'One'),
  ...started('1', 'rehearsal-1'),
  end,
];

test.each<[string, readonly EventDraft[]]>([
  ['launch 3 instances', []],
  ['create task "…"', [created(1)]],
  ['run all ready tasks', [created(1), task('1', 'One')]],
  ['list tasks', threeAgents],
  ['answer rehearsal-1 "…"', [...threeAgents, moved('rehearsal-1', 'waiting', 'Which?')]],
  ['show task 1', ran({ type: 'run.failed', data: { id: '1', failure: { class: 'check', message: 'x' } } })],
  [
    'merge completed branches',
    ran({ type: 'run.verified', data: { id: '1', result: { ...result, check_ms: 1, check_output: '' } } }),
  ],
])('an empty command line gives an example that makes sense now: %s', (step, drafts) => {
  expect(drawPanel('prompt', modelOf(drafts))).toContain(` ❯ for instance: ${step}\n`);
});
