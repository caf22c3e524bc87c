import { type AppEvent, type EventDraft, emptyState, reduce, type State } from '../../src/state/index.ts';
import type { InstanceStateName } from '../../src/state/instances.ts';
import type { TaskPlan } from '../../src/state/tasks.ts';

export const AT = '2026-01-01T00:00:00.000Z';

/** The state after these facts, as the daemon would have it. */
export const after = (state: State, ...drafts: readonly EventDraft[]): State =>
  drafts.reduce(
    (current, draft) =>
      reduce(current, { ...draft, seq: current.seq + 1, at: AT, actor: 'test', corr: 'c' } as AppEvent),
    state,
  );

export const begin = (...drafts: readonly EventDraft[]): State => after(emptyState, ...drafts);

const taskPlan = (id: string, changes: Partial<TaskPlan> = {}): TaskPlan => ({
  id,
  title: `Title of ${id}`,
  description: '',
  details: [],
  spec: null,
  group: null,
  requirements: [],
  acceptance_criteria: [],
  dependencies: [],
  barrier: false,
  priority: 'normal',
  estimated_duration: null,
  complexity_score: 1,
  required_capabilities: [],
  check: null,
  ...changes,
});

export const created = (id: string, changes: Partial<TaskPlan> = {}, done = false): EventDraft => ({
  type: 'task.created',
  data: { task: taskPlan(id, changes), done },
});

export const requested = (...ids: readonly string[]): EventDraft => ({
  type: 'task.requested',
  data: { ids: [...ids] },
});

export const assigned = (id: string, instance: string, pinned = false): EventDraft => ({
  type: 'task.assigned',
  data: { id, instance, pinned, reason: 'test' },
});

export const started = (id: string, instance: string): EventDraft => ({
  type: 'run.started',
  data: { id, instance, branch: `feature/${id}`, start_commit: 'c0ffee' },
});

export const claimed = (id: string): EventDraft => ({ type: 'run.claimed', data: { id, summary: null } });

/** What a check has found good at a commit. */
export const resultAt = (head_commit: string) => ({
  head_commit,
  ...{ commits: 1, files: 1, insertions: 1, deletions: 0, check_ms: 1, check_output: '' },
});

export const verified = (id: string): EventDraft => ({
  type: 'run.verified',
  data: { id, result: resultAt('abc') },
});

/** A task that has no check, and commits. */
export const unchecked = (id: string): EventDraft => ({
  type: 'run.verified',
  data: {
    id,
    result: { head_commit: 'abc', commits: 1, files: 1, insertions: 1, deletions: 0, check_ms: 0, check_output: '' },
  },
});

export const failed = (id: string): EventDraft => ({
  type: 'run.failed',
  data: { id, failure: { class: 'check', message: 'it failed' } },
});

export const moved = (instance_id: string, state: InstanceStateName): EventDraft => ({
  type: 'instance.moved',
  data: { instance_id, state, source: 'hook' },
});

/** Facts that make an instance and bring it into a state. */
export const instance = (instance_id: string, state: InstanceStateName = 'idle'): EventDraft[] => [
  {
    type: 'instance.created',
    data: {
      instance_id,
      agent: 'rehearsal',
      session: `s-${instance_id}`,
      branch_name: 'b',
      workspace_path: '/w',
      source_repository: '/r',
      base_commit: 'c0ffee',
      peacock_theme: { color_name: 'azure', primary_color: '#000000', accent_color: '#ffffff', theme_id: 0 },
      visual_identifier: 'x',
      communication_endpoint: '/s',
    },
  },
  ...(state === 'creating' ? [] : [moved(instance_id, state)]),
];

export const imported = (name: string, tasks: readonly string[]): EventDraft => ({
  type: 'spec.imported',
  data: {
    spec: { name, source: '/repo/spec', tracked_path: null, policy: 'siblings', barrier: true, tasks: [...tasks] },
  },
});
