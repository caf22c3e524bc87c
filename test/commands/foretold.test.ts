import { expect, test } from 'vitest';
import type { Command, Context } from '../../src/commands/define.ts';
import { resolveConflict } from '../../src/commands/git/resolve-conflict.ts';
import { removeWorktree } from '../../src/commands/git/remove-worktree.ts';
import { launchInstance } from '../../src/commands/instances/launch-instance.ts';
import { scaleInstance } from '../../src/commands/instances/scale-instance.ts';
import { raceTask } from '../../src/commands/races/race-task.ts';
import { returnTask } from '../../src/commands/reviews/return-task.ts';
import { takeoverTask } from '../../src/commands/reviews/takeover-task.ts';
import { archiveTask } from '../../src/commands/tasks/archive-task.ts';
import { cancelTask } from '../../src/commands/tasks/cancel-task.ts';
import { pauseTask } from '../../src/commands/tasks/pause-task.ts';
import { reassignTask } from '../../src/commands/tasks/reassign-task.ts';
import { removeTask } from '../../src/commands/tasks/remove-task.ts';
import { retryTask } from '../../src/commands/tasks/retry-task.ts';
import { runTask } from '../../src/commands/tasks/run-task.ts';
import { stopTask } from '../../src/commands/tasks/stop-task.ts';
import { unarchiveTask } from '../../src/commands/tasks/unarchive-task.ts';
import { unassignTask } from '../../src/commands/tasks/unassign-task.ts';
import type { Mutex } from '../../src/lib/mutex.ts';
import type { Git } from '../../src/ports/index.ts';
import type { EventDraft } from '../../src/state/index.ts';
import { type Settings, settingsSchema } from '../../src/state/settings.ts';
import { forecast } from '../../src/tui/prompt/prompt-forecast.ts';
import { partOf } from '../helpers/context.ts';
import { languageOf, openDesk } from '../helpers/desk.ts';
import { assigned, begin, created, failed, imported, instance, started, verified } from '../tasks/journal.ts';

const commands: readonly Command[] = [
  ...[retryTask, returnTask, takeoverTask, raceTask, reassignTask, resolveConflict, removeWorktree],
  ...[launchInstance, scaleInstance, runTask],
  ...[unassignTask, stopTask, pauseTask, cancelTask, archiveTask, unarchiveTask, removeTask],
];

/** What is at hand beside state and settings, where nothing of it is in the way. */
const parts: Partial<Context> = {
  git: partOf<Git>({
    resolve: async () => 'c0',
    ownBase: async () => 'c0',
    missingFolders: async () => [],
    place: async (path) => path,
  }),
  paths: { worktrees: '/w', root: '/r', commonDir: '/r/.git' } as Context['paths'],
  agents: partOf<Context['agents']>({
    assertStartable: async () => undefined,
    assertRoom: async () => undefined,
    workers: async () => ['codex'],
  }),
  launchTarget: {
    host: 'local',
    paths: {},
    tmux: { sessionNames: async () => [] },
  } as unknown as Context['launchTarget'],
  atIntegration: ((work: () => Promise<unknown>) => work()) as Mutex,
};

const usual = settingsSchema.parse({ agent: 'rehearsal' });

const openPlace = (drafts: readonly EventDraft[], settings: Settings = usual) => {
  const desk = openDesk(commands, drafts, { ...parts, settings });
  const foretold = (line: string) =>
    forecast(line, { state: desk.state, settings, workers: () => ['codex'] }, languageOf(commands));
  /** Says a line that is refused; the forecast before that must have been this very refusal, which it gives. */
  const refused = async (line: string): Promise<string> => {
    const hint = foretold(line);
    const { message, hint: help, exit } = await desk.say(line);
    expect([line, hint]).toEqual([line, { kind: 'error', message, help, understood: true }]);
    expect(exit, line).toBeGreaterThan(0);
    expect(desk.recorded(), line).toEqual([]);
    return message;
  };
  return { foretold, refused, propose: desk.propose, say: desk.say };
};

/** A task that this instance has done. */
const done = (id: string, by = 'r-1'): EventDraft[] => [created(id), assigned(id, by), started(id, by), verified(id)];

const merged = (...ids: readonly string[]): EventDraft[] => [
  { type: 'batch.started', data: { id: 'batch-1', target: 'drover/integration', base_commit: 'c0', tasks: [...ids] } },
  ...ids.map(
    (task): EventDraft => ({
      type: 'batch.merged',
      data: { id: 'batch-1', task, branch: `feature/${task}`, commit: 'c1' },
    }),
  ),
  { type: 'batch.finished', data: { id: 'batch-1' } },
];

const archived = (id: string): EventDraft => ({ type: 'task.archived', data: { id, archived: true } });

test('[TUI-2] a retry that is refused is foretold in the words of the refusal', async () => {
  const { refused, foretold } = openPlace([
    ...instance('r-1'),
    ...[...done('t1'), ...merged('t1')],
    ...[created('t2'), assigned('t2', 'r-1'), started('t2', 'r-1')],
    ...[created('t3'), archived('t3')],
    ...[created('t4'), assigned('t4', 'r-1'), started('t4', 'r-1'), failed('t4')],
  ]);
  expect(await refused('retry task t1')).toBe('t1 is merged; it cannot be run again now.');
  expect(await refused('retry task t2')).toBe('t2 is running; it cannot be run again now.');
  expect(await refused('retry tasks t4, t3')).toBe('t3 is archived; it cannot be run again now.');
  expect(await refused('retry task t4 beast-mode mode=tdd')).toContain('two are said');
  expect(foretold('retry task t4')).toMatchObject({ kind: 'ok', says: 'retries t4' });
});

test('[TUI-2] what cannot be sent back or taken over is foretold so', async () => {
  const { refused, foretold } = openPlace([
    ...instance('r-1'),
    ...[...done('t1'), ...merged('t1'), ...done('t2'), created('t3')],
    ...[
      ...done('t4'),
      { type: 'review.taken_over', data: { task: 't4', commit: 'abc', by: 'me', worktree: '/w/t4' } } as const,
    ],
    ...[created('t5'), assigned('t5', 'r-1'), started('t5', 'r-1')],
  ]);
  for (const line of ['return task t1 "again"', 'takeover task t1'])
    expect(await refused(line)).toBe('t1 is merged in batch-1; nothing is left to decide.');
  for (const line of ['return task t3 "again"', 'takeover task t3'])
    expect(await refused(line)).toBe('t3 has not been run.');
  for (const line of ['return task t5 "again"', 'takeover task t5'])
    expect(await refused(line)).toBe('t5 is running; only finished work is decided on.');
  expect(await refused('return task t2')).toBe('There is nothing to tell the agent about t2.');
  expect(await refused('takeover tasks t2, t4')).toContain('This takes one task');
  expect(await refused('takeover task t4')).toBe('t4 is taken over already, in /w/t4.');
  expect(foretold('return task t2 "again"')).toMatchObject({ kind: 'ok' });
  expect(foretold('takeover task t2')).toMatchObject({ kind: 'ok' });
});

test.each([
  [
    'disk',
    'Launching instances is stopped until there is room: 3 MB are free on the disk of /w, and limits.disk_mb is 9.',
  ],
  [
    'memory',
    'Launching instances is stopped until there is memory: 3 MB of memory are available, and limits.memory_mb is 9.',
  ],
])('[TUI-2] what would launch somebody is foretold as refused while the %s is low', (what, text) => {
  const low: EventDraft = {
    type: 'alert.raised',
    data: { id: `${what}:low`, severity: 'error', text, suggestion: null, instance: null, task: null },
  };
  const { foretold } = openPlace([low, created('t1')]);
  for (const line of [
    'launch 1 instance',
    'scale instances to 2',
    'run task t1',
    'run all tasks',
    'race task t1 instances=2',
  ])
    expect([line, foretold(line)]).toMatchObject([
      line,
      { kind: 'error', message: text, help: expect.stringContaining(`limits.${what}_mb`) },
    ]);
  const { foretold: withSome } = openPlace([low, ...instance('r-1'), created('t1')]);
  for (const line of ['run task t1', 'scale instances to 1', 'scale instances to 0'])
    expect([line, withSome(line)]).toMatchObject([line, { kind: 'ok' }]);
});

test('[TUI-2] what would launch an agent whose program is not here is foretold as refused', () => {
  const { foretold } = openPlace([created('t1')], settingsSchema.parse({ agent: 'claude' }));
  const lines = [
    'run all tasks',
    'run task t1 and wait',
    'run task t1 agent=gemini',
    'race task t1 agents=codex,gemini',
  ];
  for (const line of lines)
    expect([line, foretold(line)]).toMatchObject([
      line,
      { kind: 'error', message: expect.stringMatching(/^The program of (?:claude|gemini), .*, is not in PATH\.$/u) },
    ]);
  expect(foretold('run task t1 agent=codex')).toMatchObject({ kind: 'ok' });
});

test('[TUI-2] a race that nobody could run is foretold so', async () => {
  const plan: readonly EventDraft[] = [imported('web', ['1']), created('1', { spec: 'web' })];
  const facts = [...instance('r-1'), ...instance('r-2', 'stopped'), ...plan, ...done('t1'), created('t2')];
  const settings = settingsSchema.parse({
    agent: 'rehearsal',
    rehearsal: { plans: false },
    limits: { maxInstances: 2 },
  });
  const { refused, foretold } = openPlace([...facts, created('t3', { dependencies: ['t2'] })], settings);
  expect(await refused('race task t1 instances=2')).toContain('only an open, failed or blocked task can be raced for');
  expect(await refused('race task t3 instances=2')).toBe('t3 is blocked; it waits for t2.');
  expect(await refused('race task 1 instances=2')).toContain('rehearsal only pretends to work');
  expect(await refused('race task t2 instances=4')).toContain('limits.maxInstances is 2');
  expect(await refused('race task t2 instances=r-1,r-2')).toBe('r-2 is stopped; it takes no tasks.');
  expect(await refused('race task t2 instances=r-1,r-9')).toContain('r-9');
  expect(await refused('race task t2 instances=1')).toContain('a race needs at least two');
  expect(await refused('race task t2')).toContain('say either');
  expect(foretold('race task t2 instances=2')).toMatchObject({ kind: 'ok' });
});

test('[TUI-2] tasks that cannot be moved are foretold to stay', async () => {
  const { refused, foretold } = openPlace([
    ...[...instance('r-1'), ...instance('r-2', 'stopped')],
    ...[created('t1'), assigned('t1', 'r-1'), created('t2')],
  ]);
  expect(await refused('reassign task t1')).toBe('There is no other instance that could take t1.');
  expect(await refused('reassign tasks from r-1')).toBe('There is no other instance that could take t1.');
  expect(await refused('reassign task t1 to r-2')).toBe('r-2 is stopped; it takes no tasks.');
  expect(await refused('reassign task t2 to r-1')).toBe('t2 is open; nobody has it.');
  expect(await refused('reassign task t1 from r-2')).toContain('r-2 does not have it');
  expect(foretold('reassign task t1 to r-1')).toMatchObject({ kind: 'ok' });
});

test('nobody is asked about what is refused anyway', async () => {
  const atWork = [created('t1'), assigned('t1', 'r-1'), started('t1', 'r-1')];
  const { refused, propose } = openPlace([...instance('r-1'), ...instance('r-2', 'stopped'), ...atWork]);
  const message = await refused('reassign task t1 to r-2');
  expect(await propose('reassign task t1 to r-2')).toMatchObject({ exit: 6, message, confirm: null });
  const both = openPlace([...instance('r-1'), ...instance('r-2'), ...atWork]);
  expect(await both.propose('reassign task t1 to r-2')).toMatchObject({ exit: 5, confirm: { targets: ['t1'] } });
});

test('[TUI-2] that a worktree stays because somebody works in it is foretold', async () => {
  const { foretold } = openPlace([...instance('r-1'), ...instance('r-2', 'stopped')]);
  const message = expect.stringContaining('r-1 is idle there');
  expect(foretold('remove worktree r-1')).toMatchObject({ kind: 'error', understood: true, message });
  expect(foretold('remove worktrees r-2, r-1')).toMatchObject({ kind: 'error', message });
  expect(foretold('remove worktree r-2')).toMatchObject({ kind: 'ok', asks: expect.any(String) });
});

const ALL = ['open', 'held', 'asg', 'run1', 'dun', 'fail', 'gone', 'away'];

const oneOfEach: readonly EventDraft[] = [
  ...[...instance('r-1'), ...instance('r-2'), ...done('dun'), ...done('fail').slice(0, -1), failed('fail')],
  ...[created('open'), created('held'), { type: 'task.held', data: { id: 'held', held: true } } as const],
  ...[created('asg'), assigned('asg', 'r-1'), created('run1'), assigned('run1', 'r-1'), started('run1', 'r-1')],
  ...[created('gone'), { type: 'task.cancelled', data: { id: 'gone' } } as const, created('away'), archived('away')],
];

const CHOOSING = ['unassign', 'reassign', 'stop', 'cancel', 'archive', 'unarchive', 'remove', 'retry'];

test.each(CHOOSING)(
  '[TUI-2] what %s does is foretold, to each task that it is done to and to no other',
  async (verb) => {
    const words = [
      ...ALL.map((id) => `task "${id}"`),
      ...['all', 'failed', 'done', 'running'].map((one) => `${one} tasks`),
    ];
    const fromWhom = ['reassign', 'unassign'].includes(verb) ? ['tasks from r-1', 'tasks from r-2'] : [];
    const toWhom = verb === 'reassign' ? words.flatMap((one) => [`${one} to r-1`, `${one} to r-2`]) : [];
    for (const line of [...words, ...fromWhom, ...toWhom].map((rest) => `${verb} ${rest}`)) {
      const { say, foretold } = openPlace(oneOfEach);
      const hint = foretold(line);
      const { exit, message, hint: help, data } = await say(line);
      if (exit !== 0) {
        expect([line, hint]).toEqual([line, { kind: 'error', message, help, understood: true }]);
        continue;
      }
      const ids = new Set(Array.isArray(data) ? data : (data as { readonly tasks: string[] }).tasks);
      const says = hint.kind === 'ok' ? hint.says : '';
      const named = ALL.filter((id) => new RegExp(`\\b${id}\\b`, 'u').test(says));
      expect([line, ids.size === 0 ? says : named]).toEqual([
        line,
        ids.size === 0 ? message : ALL.filter((id) => ids.has(id)),
      ]);
    }
  },
);

test('[TUI-2] a pause is foretold for what waits or is at work', async () => {
  const { foretold, refused } = openPlace(oneOfEach);
  expect(foretold('pause tasks "dun", "open", "run1"')).toMatchObject({
    kind: 'ok',
    says: 'pauses 2 tasks: open, run1',
  });
  expect(await refused('pause done tasks')).toBe('dun is done; only what waits or runs can be paused.');
});

test.each(['archive', 'remove'])('what %s does to a whole plan is foretold by a few looks at each task', (verb) => {
  let looks = 0;
  const ids = Array.from({ length: 200 }, (_, i) => `t${i}`);
  const state = begin(...ids.map((id, i) => created(id, { dependencies: ids.slice(Math.max(0, i - 1), i) })));
  const counted = Object.values(state.tasks).map((task) => {
    const get = () => {
      looks += 1;
      return task.dependencies;
    };
    return [task.id, Object.defineProperty({ ...task }, 'dependencies', { get })];
  });
  const standing = { state: { ...state, tasks: Object.fromEntries(counted) }, settings: usual, workers: () => [] };
  const hint = forecast(`${verb} all tasks`, standing, languageOf(commands));
  expect(hint).toMatchObject({ kind: 'ok', says: expect.stringContaining('200 tasks') });
  expect(looks).toBeLessThan(20 * ids.length);
});

const setAside = (task: string): EventDraft[] => [
  { type: 'batch.started', data: { id: 'batch-1', target: 'drover/integration', base_commit: 'c0', tasks: [task] } },
  {
    type: 'batch.set_aside',
    data: { id: 'batch-1', task, reason: 'conflict', message: 'conflict in a', files: ['a'] },
  },
  { type: 'batch.finished', data: { id: 'batch-1' } },
];

test('[TUI-2] a conflict that cannot be resolved as it is said is foretold so', async () => {
  const facts = [...instance('r-1'), ...instance('r-2', 'stopped'), ...done('t1'), ...setAside('t1')];
  const { refused, foretold } = openPlace(facts);
  expect(await refused('resolve conflict t1 agent=r-1 ours')).toContain('an agent goes without ours');
  expect(await refused('resolve conflict t1 agent=r-2')).toBe('r-2 is stopped; it takes no tasks.');
  expect(await refused('resolve conflict t1 agent=nobody')).toBe('There is no instance "nobody".');
  expect(await refused('resolve conflict t1 agent=r-1')).toBe('batch-1/t1 is not examined; nobody knows where it is.');
  expect(foretold('resolve conflict t1')).toMatchObject({ kind: 'ok' });
  expect(foretold('resolve conflicts ours')).toMatchObject({
    kind: 'ok',
    asks: expect.stringContaining('1 conflict with ours'),
  });
  const under: EventDraft = {
    type: 'batch.started',
    data: { id: 'batch-2', target: 'drover/integration', base_commit: 'c0', tasks: ['t2'] },
  };
  const busy = openPlace([...facts, ...done('t2'), under]);
  expect(await busy.refused('resolve conflict t1')).toBe('batch-2 is running; one batch at a time.');
  const reviewed = openPlace(facts, settingsSchema.parse({ agent: 'rehearsal', review: 'before-merge' }));
  expect(await reviewed.refused('resolve conflict t1')).toContain('t1 is not approved');
});
