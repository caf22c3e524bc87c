import { expect, test } from 'vitest';
import type { EventDraft } from '../../src/state/index.ts';
import { stateOf } from './fold.ts';
import { instanceCreated, timeOf } from './story.ts';

const created = (group_id: string, description = ''): EventDraft => ({
  type: 'group.created',
  data: { group_id, description },
});

test('a group knows its name, what it is for and since when it is there', () => {
  expect(stateOf(created('backend', 'server side')).groups).toEqual({
    backend: { group_id: 'backend', description: 'server side', created_at: timeOf(1), revision: 1 },
  });
});

test('an instance belongs to the group that it was launched for, or was put into', () => {
  const launched = instanceCreated('claude-1') as Extract<EventDraft, { type: 'instance.created' }>;
  const { instances } = stateOf(
    created('backend'),
    { ...launched, data: { ...launched.data, group: 'backend' } },
    instanceCreated('claude-2', 1),
    { type: 'instance.grouped', data: { instance_id: 'claude-2', group: 'backend' } },
    instanceCreated('claude-3', 2),
    { type: 'instance.grouped', data: { instance_id: 'claude-2', group: null } },
  );
  expect(Object.values(instances).map((one) => one.group)).toEqual(['backend', null, null]);
});

test('a group that was removed is not there any more, and others are', () => {
  const { groups } = stateOf(created('a'), created('b'), { type: 'group.removed', data: { group_id: 'a' } });
  expect(Object.keys(groups)).toEqual(['b']);
});
