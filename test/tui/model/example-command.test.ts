import { expect, test } from 'vitest';
import { exampleCommand } from '../../../src/tui/model/example-command.ts';
import { created, moved, stateOf } from '../fake-swarm.ts';

test('the example fits the whole swarm, whatever a filter hides', () => {
  expect(exampleCommand({ state: stateOf([]) })).toBe('launch 3 instances');
  expect(exampleCommand({ state: stateOf([created(1), moved('rehearsal-1', 'stopped')]) })).toBe('launch 3 instances');
  expect(exampleCommand({ state: stateOf([created(1)]) })).toBe('create task "…"');
  expect(exampleCommand({ state: stateOf([created(1), created(2), moved('rehearsal-2', 'waiting')]) })).toBe(
    'answer rehearsal-2 "…"',
  );
});
