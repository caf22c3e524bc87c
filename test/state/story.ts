import { themeOf } from '../../src/lib/palette.ts';
import type { AppEvent, EventDraft } from '../../src/state/index.ts';
import type { TaskPlan } from '../../src/state/tasks.ts';

export const AT = '2026-01-02T03:04:05.000Z';

/** The n-th second of the stories, so that times differ and are known. */
export const timeOf = (n: number): string => new Date(Date.parse(AT) + n * 1000).toISOString();

export const planOf = (id: string, changes: Partial<TaskPlan> = {}): TaskPlan => ({
  id,
  title: `Task ${id}`,
  description: 'Ünïcode 界, "quotes", \\ and a\nline feed',
  details: ['first', 'second'],
  spec: null,
  group: null,
  requirements: ['1.1'],
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

export const taskCreated = (id: string, changes: Partial<TaskPlan> = {}): EventDraft => ({
  type: 'task.created',
  data: { task: planOf(id, changes), done: false },
});

export const instanceCreated = (instance_id: string, theme = 0): EventDraft => ({
  type: 'instance.created',
  data: {
    instance_id,
    agent: instance_id.replace(/-\d+$/, ''),
    session: `app-${instance_id}`,
    branch_name: `drover/${instance_id}`,
    workspace_path: `/worktrees/${instance_id}`,
    source_repository: '/app',
    base_commit: 'c0',
    peacock_theme: themeOf(theme),
    visual_identifier: '▲',
    communication_endpoint: `/app/.git/drover/spool/${instance_id}`,
  },
});

/** The drafts as the journal would number them. */
export const numbered = (drafts: readonly EventDraft[], first = 1): readonly AppEvent[] =>
  drafts.map(
    (draft, index) =>
      ({ ...draft, seq: first + index, at: timeOf(first + index), corr: 'k1', actor: 'cli' }) as AppEvent,
  );

const result = {
  head_commit: 'c2',
  commits: 2,
  files: 3,
  insertions: 40,
  deletions: 5,
  check_ms: 900,
  check_output: 'ok',
};

const runOf = (id: string, instance: string): readonly EventDraft[] => [
  { type: 'task.assigned', data: { id, instance, pinned: false, reason: 'the least busy one' } },
  { type: 'run.started', data: { id, instance, branch: `feature/${id}`, start_commit: 'c0' } },
  { type: 'run.progressed', data: { id, progress: 40, note: 'half of it' } },
  { type: 'run.claimed', data: { id, summary: 'all there' } },
];

const recovery = {
  task: '1',
  class: 'crash',
  message: 'ended by SIGKILL',
  tries: 1,
  most: 3,
  unready: false,
  next: 'restart',
  due: '2026-01-02T03:05:00.000Z',
} as const;

/** A short life of a swarm in which every fact that exists happens, in an order that makes sense. */
export const story: readonly EventDraft[] = [
  { type: 'daemon.started', data: { pid: 4711, version: '0.1.0' } },
  {
    type: 'spec.imported',
    data: {
      spec: {
        name: 'login',
        source: '/app/specs/login',
        tracked_path: 'specs/login/tasks.md',
        policy: 'siblings',
        barrier: true,
        tasks: ['1', '2', '3'],
      },
    },
  },
  taskCreated('1', { spec: 'login' }),
  taskCreated('2', { spec: 'login', dependencies: ['1'], priority: 'high' }),
  taskCreated('3', { spec: 'login' }),
  taskCreated('t1'),
  taskCreated('t2'),
  { type: 'task.edited', data: { id: '3', changes: { title: 'Another title', priority: 'low' } } },
  { type: 'task.requested', data: { ids: ['1', '2'] } },
  instanceCreated('claude-1', 0),
  {
    type: 'instance.placed',
    data: { instance_id: 'claude-1', branch_name: 'drover/a', workspace_path: '/worktrees/a' },
  },
  { type: 'instance.ports_given', data: { instance_id: 'claude-1', first: 20_010, count: 2 } },
  {
    type: 'instance.started',
    data: { instance_id: 'claude-1', session: 'app-claude-1', pane: '%1', pid: 100, argv: ['claude', '--resume'] },
  },
  { type: 'instance.moved', data: { instance_id: 'claude-1', state: 'idle', source: 'hook' } },
  { type: 'instance.conversed', data: { instance_id: 'claude-1', conversation: 'abc' } },
  instanceCreated('kiro-1', 1),
  ...runOf('1', 'claude-1'),
  {
    type: 'instance.moved',
    data: {
      instance_id: 'claude-1',
      state: 'limited',
      source: 'hook',
      evidence: 'its limit is used up',
      until: '2026-01-02T04:00:00.000Z',
    },
  },
  { type: 'instance.recovery_planned', data: { instance_id: 'claude-1', recovery } },
  { type: 'run.continued', data: { id: '1', reason: 'crash: ended by SIGKILL' } },
  { type: 'instance.recovery_ended', data: { instance_id: 'claude-1', because: 'it works again' } },
  { type: 'run.verified', data: { id: '1', result } },
  {
    type: 'review.commented',
    data: {
      task: '1',
      comment: { id: 'c1', commit: 'c2', file: 'a.ts', side: 'new', line: 3, code: 'a();', text: 'why?', by: 'cli' },
    },
  },
  {
    type: 'review.commented',
    data: {
      task: '1',
      comment: { id: 'c2', commit: 'c0', file: 'a.ts', side: 'old', line: 1, code: 'b();', text: 'keep', by: 'cli' },
    },
  },
  { type: 'review.comment_removed', data: { task: '1', id: 'c2' } },
  { type: 'review.seen', data: { task: '1', files: { 'a.ts': '1234567', 'b.ts': 'abcdef0' } } },
  { type: 'review.seen', data: { task: '1', files: { 'b.ts': null } } },
  {
    type: 'review.evidenced',
    data: { task: '1', criterion: '1.1', commit: 'c2', text: 'seen in the browser', by: 'cli' },
  },
  { type: 'review.taken_over', data: { task: '1', commit: 'c2', by: 'cli', worktree: '/worktrees/1-by-hand' } },
  { type: 'review.sent_back', data: { task: '1', commit: 'c2', by: 'cli', comments: ['c1'] } },
  {
    type: 'task.sent_back',
    data: {
      id: '1',
      reason: 'sent back by its review',
      instruction: { branch: 'feature/1', by: 'cli', text: '1. a.ts, line 3: why?' },
    },
  },
  ...runOf('1', 'claude-1'),
  { type: 'run.verified', data: { id: '1', result } },
  { type: 'review.approved', data: { task: '1', commit: 'c2', by: 'cli' } },
  ...runOf('2', 'claude-1'),
  { type: 'run.failed', data: { id: '2', failure: { class: 'check', message: 'npm test ended with 1' } } },
  {
    type: 'instance.moved',
    data: {
      instance_id: 'claude-1',
      state: 'waiting',
      source: 'screen',
      evidence: 'Do you want to …?',
      question: 'Do you want to …?',
    },
  },
  {
    type: 'instance.moved',
    data: {
      instance_id: 'claude-1',
      state: 'waiting',
      source: 'hook',
      evidence: 'asks',
      question: 'May it use Bash: npm test?',
      requests: [
        {
          ask: 'claude-1-7-0.ask',
          tool: 'Bash',
          subject: 'npm test',
          helper: null,
          question: 'May it use Bash: npm test?',
        },
      ],
    },
  },
  {
    type: 'instance.answered',
    data: {
      instance_id: 'claude-1',
      tool: 'Bash',
      subject: 'npm test',
      decision: 'allow',
      rule: 'permissions.allow: Bash(npm test:*)',
    },
  },
  { type: 'group.created', data: { group_id: 'backend', description: 'server side' } },
  { type: 'group.created', data: { group_id: 'gone', description: '' } },
  { type: 'group.removed', data: { group_id: 'gone' } },
  { type: 'instance.grouped', data: { instance_id: 'claude-1', group: 'backend' } },
  { type: 'instance.pause_requested', data: { instance_id: 'claude-1' } },
  { type: 'instance.paused', data: { instance_id: 'claude-1', evidence: 'its processes are frozen' } },
  { type: 'instance.resume_requested', data: { instance_id: 'claude-1' } },
  { type: 'instance.resumed', data: { instance_id: 'claude-1', evidence: 'its processes go on' } },
  { type: 'swarm.paused', data: {} },
  { type: 'swarm.resumed', data: {} },
  { type: 'task.held', data: { id: '3', held: true } },
  { type: 'task.archived', data: { id: 't2', archived: true } },
  {
    type: 'task.requested',
    data: { ids: ['3'], mode: 'beast', fresh: true, group: 'backend', agent: 'kiro', retries: 1 },
  },
  { type: 'instance.restart_requested', data: { instance_id: 'claude-1', fresh: true, mode: 'beast', task: '3' } },
  { type: 'task.blocked', data: { id: '2', reason: 'failed three times' } },
  { type: 'task.reopened', data: { id: '2', reason: 'a person said so' } },
  { type: 'task.assigned', data: { id: 't1', instance: 'kiro-1', pinned: true, reason: 'asked for' } },
  { type: 'task.unassigned', data: { id: 't1', reason: 'kiro-1 stops' } },
  { type: 'instance.stop_requested', data: { instance_id: 'kiro-1', force: false, remove: true } },
  {
    type: 'instance.moved',
    data: { instance_id: 'kiro-1', state: 'stopped', source: 'terminal', exit: { code: 0, signal: null } },
  },
  { type: 'instance.removed', data: { instance_id: 'kiro-1' } },
  { type: 'task.cancelled', data: { id: 't1' } },
  { type: 'task.removed', data: { id: 't2' } },
  {
    type: 'batch.started',
    data: { id: 'batch-1', target: 'drover/integration', base_commit: 'c0', tasks: ['1', '3'] },
  },
  { type: 'batch.stepped', data: { id: 'batch-1', kind: 'gate', task: '1', gate: 'tests' } },
  {
    type: 'batch.publishing',
    data: { id: 'batch-1', to_commit: 'c3', merged: [{ task: '1', branch: 'feature/1', commit: 'c3' }] },
  },
  { type: 'batch.merged', data: { id: 'batch-1', task: '1', branch: 'feature/1', commit: 'c3' } },
  {
    type: 'batch.set_aside',
    data: { id: 'batch-1', task: '3', reason: 'conflict', message: 'both edit it', files: ['a.ts'] },
  },
  { type: 'batch.sent_back', data: { id: 'batch-1', task: '3', round: 1, to: null } },
  {
    type: 'batch.checked',
    data: { id: 'batch-1', task: '1', commit: 'c3', command: 'npm test', ms: 9, problem: null },
  },
  { type: 'batch.caught_up', data: { id: 'batch-1', commit: 'c3' } },
  { type: 'batch.cancelled', data: { id: 'batch-1', by: 'cli' } },
  { type: 'batch.delivering', data: { id: 'batch-1', branch: 'main', from_commit: 'c0', to_commit: 'c3' } },
  { type: 'batch.delivery_refused', data: { id: 'batch-1', problem: 'a.ts is changed there' } },
  { type: 'batch.delivered', data: { id: 'batch-1' } },
  { type: 'batch.finished', data: { id: 'batch-1' } },
  {
    type: 'batch.rollback_started',
    data: { id: 'batch-1', method: 'revert', from_commit: 'c3', to_commit: 'c4' },
  },
  { type: 'batch.rollback_failed', data: { id: 'batch-1', problem: 'the branch was moved' } },
  { type: 'batch.rollback_started', data: { id: 'batch-1', method: 'reset', from_commit: 'c3', to_commit: 'c0' } },
  { type: 'batch.rolled_back', data: { id: 'batch-1' } },
  {
    type: 'alert.raised',
    data: {
      id: 'conflict:3',
      severity: 'warning',
      text: '3 conflicts',
      suggestion: 'show task 3',
      instance: null,
      task: '3',
    },
  },
  {
    type: 'alert.raised',
    data: { id: 'disk', severity: 'error', text: 'little space', suggestion: null, instance: null, task: null },
  },
  {
    type: 'usage.measured',
    data: {
      instance_id: 'claude-1',
      conversation: 'abc',
      task: '1',
      models: {
        'claude-opus-5-5': { input_tokens: 1000, output_tokens: 40, cache_read_tokens: 5000, cache_write_tokens: 200 },
      },
      turns: 1,
      usd: 0.25,
      unpriced_tokens: 0,
      context: { used_tokens: 6240, window_tokens: null },
    },
  },
  { type: 'budget.used', data: { budget: 'task:1', level: 'warned', usd: 0.3, tokens: null } },
  { type: 'budget.eased', data: { budget: 'task:1' } },
  { type: 'alert.cleared', data: { id: 'disk', because: 'there is space again' } },
  { type: 'command.begun', data: { places: { 'look-around': '/worktrees/look-around' } } },
  {
    type: 'command.finished',
    data: {
      id: 'k1',
      text: 'launch claude',
      verb: 'launch',
      noun: 'instance',
      exit: 0,
      message: 'claude-1 is starting',
    },
  },
  { type: 'journal.repaired', data: { message: 'half an event was dropped' } },
  { type: 'daemon.stopped', data: { pid: 4711 } },
];
