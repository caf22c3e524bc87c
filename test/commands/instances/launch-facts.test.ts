import { expect, test } from 'vitest';
import { startOutcome } from '../../../src/commands/instances/launch-facts.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated } from '../../state/story.ts';

const asks = (id: string, suggestion: string): EventDraft[] => [
  instanceCreated(id),
  { type: 'instance.moved', data: { instance_id: id, state: 'starting', source: 'drover' } },
  { type: 'instance.moved', data: { instance_id: id, state: 'waiting', source: 'screen', question: 'Trust it?' } },
  {
    type: 'alert.raised',
    data: { id: `waiting:${id}`, severity: 'warning', text: 'x', suggestion, instance: id, task: null },
  },
];

test('a launch says what its agents ask before they begin, and the one command that answers all of them', () => {
  const two = stateOf(...asks('claude-1', 'answer claude-1 "yes"'), ...asks('claude-2', 'approve claude-2'));
  expect(startOutcome(two, ['claude-1', 'claude-2'], 'Launched 2 instances.')).toMatchObject({
    message:
      'Launched 2 instances. claude-1, claude-2 ask before they begin: Trust it? To say yes: approve claude-1, claude-2',
  });
  const login = stateOf(...asks('claude-1', 'attach instance claude-1'));
  expect(startOutcome(login, ['claude-1'], 'Launched 1 instance.').message).toBe(
    'Launched 1 instance. claude-1 asks before it begins: Trust it? Look at it: attach claude-1',
  );
  const open = stateOf(...asks('claude-1', 'approve claude-1'));
  expect(startOutcome(open, ['claude-1'], 'Launched 1 instance.').message).toMatch(/To say yes: approve claude-1$/u);
  const calm = stateOf(instanceCreated('claude-1'));
  expect(startOutcome(calm, ['claude-1'], 'Launched 1 instance.').message).toBe('Launched 1 instance.');
});
