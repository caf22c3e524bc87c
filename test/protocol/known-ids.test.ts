import { expect, test } from 'vitest';
import { knownIdsIn } from '../../src/protocol/known-ids.ts';
import { emptyState } from '../../src/state/index.ts';
import { stateOf, threeAgents } from '../tui/fake-swarm.ts';

test('a state knows the names of what there is, each once', () => {
  const { instances, tasks, worktrees, branches } = knownIdsIn(stateOf(threeAgents));
  expect({ instances, tasks, worktrees }).toEqual({
    instances: ['rehearsal-1', 'rehearsal-2', 'rehearsal-3'],
    tasks: ['2.1', '2.2', '2.3'],
    worktrees: ['integration', 'rehearsal-1', 'rehearsal-2', 'rehearsal-3'],
  });
  expect(branches).toEqual([
    'feature/task-1',
    'feature/task-2',
    'feature/task-3',
    'feature/task-2.1',
    'feature/task-2.2',
  ]);
});

test('alerts, plans, groups and conflicts are known by the names that the commands take', () => {
  const state = stateOf([
    ...threeAgents,
    { type: 'group.created', data: { group_id: 'backend', description: '' } },
    {
      type: 'alert.raised',
      data: { id: 'failed:2.1', severity: 'error', text: 'x', suggestion: null, instance: null, task: '2.1' },
    },
  ]);
  const { alerts, groups, conflicts, specs, parts } = knownIdsIn(state);
  expect({ alerts, groups, conflicts, specs, parts }).toEqual({
    alerts: ['failed:2.1'],
    groups: ['backend'],
    conflicts: [],
    specs: [],
    parts: [],
  });
  expect(knownIdsIn(emptyState).tasks).toEqual([]);
});
