import { expect, test } from 'vitest';
import type { EventDraft } from '../../src/state/index.ts';
import { stateOf } from './fold.ts';
import { instanceCreated, timeOf } from './story.ts';

const moved = (changes: Partial<Extract<EventDraft, { type: 'instance.moved' }>['data']> = {}): EventDraft => ({
  type: 'instance.moved',
  data: { instance_id: 'claude-1', state: 'idle', source: 'hook', ...changes },
});
const claude = (...drafts: readonly EventDraft[]) =>
  stateOf(instanceCreated('claude-1'), ...drafts).instances['claude-1']!;

test('a new instance is being created and has nothing yet', () => {
  expect(claude()).toMatchObject({
    instance_id: 'claude-1',
    pane: null,
    pid: null,
    state: { kind: 'creating', since: timeOf(1), source: 'command' },
    task_assignments: [],
    isolation_level: 'worktree',
    revision: 1,
  });
});

test('an instance lives on the machine that it was created for; where none was named, on the daemon’s own', () => {
  expect(claude().host).toBe('local');
  const created = instanceCreated('claude-1') as Extract<EventDraft, { type: 'instance.created' }>;
  const elsewhere = stateOf({ ...created, data: { ...created.data, host: 'worker' } });
  expect(elsewhere.instances['claude-1']!.host).toBe('worker');
});

test('a started instance knows its pane and process, and forgets how it ended before', () => {
  const instance = claude(
    moved({ state: 'failed', exit: { code: 1, signal: null } }),
    { type: 'instance.stop_requested', data: { instance_id: 'claude-1', force: true, remove: false } },
    { type: 'instance.started', data: { instance_id: 'claude-1', session: 'app-claude-1', pane: '%2', pid: 9 } },
  );
  expect(instance).toMatchObject({ pane: '%2', pid: 9, exit: null, stop: null, revision: 4 });
  expect(instance.state).toEqual({
    kind: 'starting',
    since: timeOf(4),
    source: 'terminal',
    evidence: 'process 9 in pane %2',
  });
});

test('[SEC-9] an instance remembers the strictest sandbox of its programs, whatever comes after it', () => {
  const levelsAfter = (...levels: ('worktree' | 'strict' | 'missing' | undefined)[]) => {
    const place = { instance_id: 'claude-1', session: 's', pane: '%1', pid: 7 };
    const { sandbox, was_shut_in } = claude(
      ...levels.map(
        (one): EventDraft => ({
          type: 'instance.started',
          data: { ...place, ...(one === undefined ? {} : { sandbox: one }) },
        }),
      ),
    );
    return [sandbox, was_shut_in];
  };
  expect(levelsAfter(undefined, 'missing')).toEqual(['missing', undefined]);
  expect(levelsAfter('worktree', undefined)).toEqual([undefined, 'worktree']);
  expect(levelsAfter('worktree', 'strict', 'missing', 'worktree')).toEqual(['worktree', 'strict']);
});

test('an instance that moved says since when, who says so and what was seen', () => {
  const instance = claude(moved({ state: 'waiting', source: 'screen', evidence: 'Do it?', question: 'Do it?' }));
  expect(instance.state).toEqual({ kind: 'waiting', since: timeOf(2), source: 'screen', evidence: 'Do it?' });
  expect(instance.question).toBe('Do it?');
  expect(claude(moved({ question: 'Do it?' }), moved()).question).toBeNull();
});

test('a wish to stop lasts until the instance is somewhere else than stopping', () => {
  const stop: EventDraft = {
    type: 'instance.stop_requested',
    data: { instance_id: 'claude-1', force: false, remove: true },
  };
  expect(claude(stop, moved({ state: 'stopping' })).stop).toEqual({ force: false, remove: true });
  expect(claude(stop, moved({ state: 'stopped' })).stop).toBeNull();
});

test('a fresh restart forgets the conversation, another one keeps it', () => {
  const conversed: EventDraft = { type: 'instance.conversed', data: { instance_id: 'claude-1', conversation: 'abc' } };
  const restart = (fresh: boolean): EventDraft => ({
    type: 'instance.restart_requested',
    data: { instance_id: 'claude-1', fresh },
  });
  expect(claude(conversed, restart(true))).toMatchObject({
    conversation: null,
    restarts: 1,
    state: { kind: 'creating' },
  });
  expect(claude(conversed, restart(false))).toMatchObject({ conversation: 'abc', restarts: 1 });
});

test('an instance keeps its last twenty states', () => {
  const many = Array.from({ length: 30 }, () => moved());
  expect(claude(...many).transitions).toHaveLength(20);
});

test('an instance that was removed is gone, and facts about it change nothing', () => {
  const state = stateOf(
    instanceCreated('claude-1'),
    { type: 'instance.placed', data: { instance_id: 'claude-1', branch_name: 'b', workspace_path: '/w' } },
    { type: 'instance.removed', data: { instance_id: 'claude-1' } },
    moved(),
  );
  expect(state.instances).toEqual({});
});
