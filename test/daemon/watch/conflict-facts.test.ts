import { expect, test } from 'vitest';
import { conflictFacts, goOnFacts, type Met } from '../../../src/daemon/watch/conflict-facts.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import type { ConflictSettings } from '../../../src/state/swarm-settings.ts';
import { conflictText } from '../../../src/text/conflict-text.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated, taskCreated } from '../../state/story.ts';
import { after } from '../../tasks/journal.ts';

const at = (first: number, last = first): Met['files'][number] => ({
  ...{ path: 'src/app.txt', kind: 'contents' },
  lines: [[[first, last]], [[first, last]]],
});
const met = (...files: Met['files']): Met => ({ instances: ['claude-1', 'claude-2'], tasks: ['t7', 't8'], files });
const settings = (policy: ConflictSettings['policy'] = 'warn'): ConflictSettings => ({
  ...{ policy, tell: false, overlaps: false },
});

const atWork = (task: string, id: string): EventDraft[] => [
  instanceCreated(id),
  { type: 'instance.started', data: { instance_id: id, session: id, pane: '%1', pid: 7 } },
  { type: 'instance.moved', data: { instance_id: id, state: 'idle', source: 'hook' } },
  taskCreated(task),
  { type: 'task.assigned', data: { id: task, instance: id, pinned: false, reason: 'x' } },
  { type: 'run.started', data: { id: task, instance: id, branch: task, start_commit: 'c' } },
  { type: 'instance.moved', data: { instance_id: id, state: 'working', source: 'hook' } },
];
const both = [...atWork('t7', 'claude-1'), ...atWork('t8', 'claude-2')];
const types = (facts: readonly EventDraft[]): string[] => facts.map(({ type }) => type);

test('a conflict is recorded once, however its lines move, and again when it is about something else', () => {
  const first = conflictFacts(stateOf(...both), [met(at(3, 9))], settings());
  expect(types(first)).toEqual(['conflict.predicted', 'alert.raised']);
  const known = stateOf(...both, ...first);
  const again = (...files: Met['files']) => types(conflictFacts(known, [met(...files)], settings()));
  expect(again(at(5, 11))).toEqual([]);
  expect(again(at(90))).toEqual(['conflict.predicted', 'alert.raised']);
  expect(again(at(3), { path: 'b', kind: 'modify/delete', lines: [[], []] })).toHaveLength(2);
  expect(types(conflictFacts(known, [], settings()))).toEqual(['conflict.ended', 'alert.cleared']);
  expect(stateOf(...both, ...first, ...conflictFacts(known, [], settings())).predicted).toEqual({});
});

test('a conflict is not over while a worktree in it, which is still there, was not looked at', () => {
  const known = stateOf(...both, ...conflictFacts(stateOf(...both), [met(at(3))], settings()));
  expect(conflictFacts(known, [], settings(), new Set(['claude-2']))).toEqual([]);
  expect(types(conflictFacts(known, [], settings(), new Set(['claude-3'])))).toEqual([
    'conflict.ended',
    'alert.cleared',
  ]);
  const removed: EventDraft = { type: 'instance.removed', data: { instance_id: 'claude-2' } };
  expect(types(conflictFacts(after(known, removed), [], settings(), new Set(['claude-2'])))).toContain(
    'conflict.ended',
  );
});

test('the later one is paused once; serialise lets it go on when the other is done, or nothing is in the way', () => {
  const facts = conflictFacts(stateOf(...both), [met(at(3))], settings('serialise'));
  expect(facts).toContainEqual({ type: 'instance.pause_requested', data: { instance_id: 'claude-2' } });
  const held = [...both, ...facts];
  expect(goOnFacts(stateOf(...held))).toEqual([]);
  expect(types(conflictFacts(stateOf(...held), [met(at(90))], settings('serialise')))).not.toContain(
    'instance.pause_requested',
  );
  const resumed = { type: 'instance.resume_requested', data: { instance_id: 'claude-2' } };
  expect(conflictFacts(stateOf(...held), [], settings('serialise'))).toContainEqual(resumed);
  const over: EventDraft = { type: 'run.failed', data: { id: 't7', failure: { class: 'stopped', message: 'x' } } };
  const done = stateOf(...held, over);
  expect(goOnFacts(done)).toContainEqual(resumed);
  expect(goOnFacts(stateOf(...held, over, ...goOnFacts(done)))).toEqual([]);
});

test('an attempt that was given up for another one is in nobody’s way, and what was told of it is over', () => {
  const placed = { instance_id: 'claude-1', branch_name: 't7', workspace_path: '/w' };
  const begun: EventDraft[] = [...both, { type: 'instance.placed', data: placed }];
  const held = [...begun, ...conflictFacts(stateOf(...begun), [met(at(3))], settings())];
  const again: EventDraft[] = [
    { type: 'run.failed', data: { id: 't7', failure: { class: 'check', message: 'x' } } },
    { type: 'task.reopened', data: { id: 't7', reason: 'retry' } },
  ];
  const left: Met = { ...met(at(3)), tasks: [null, 't8'] };
  expect(types(conflictFacts(stateOf(...held, ...again), [left], settings()))).toEqual([
    'conflict.ended',
    'alert.cleared',
  ]);
  expect(conflictFacts(stateOf(...begun, ...again), [left], settings())).toEqual([]);
  const own = { type: 'instance.placed', data: { ...placed, branch_name: 'drover/claude-1' } } as const;
  expect(conflictFacts(stateOf(...begun, ...again, own), [left], settings())).not.toEqual([]);
});

test('with pause nobody goes on by itself, and whoever is not at work is not paused', () => {
  const held = [...both, ...conflictFacts(stateOf(...both), [met(at(3))], settings('pause'))];
  expect(types(conflictFacts(stateOf(...held), [], settings('pause')))).toEqual(['conflict.ended', 'alert.cleared']);
  const over: EventDraft = { type: 'run.failed', data: { id: 't8', failure: { class: 'stopped', message: 'x' } } };
  expect(types(conflictFacts(stateOf(...both, over), [met(at(3))], settings('pause')))).toEqual([
    'conflict.predicted',
    'alert.raised',
  ]);
});

test('files that merge so far are told of, and nobody is paused for them', () => {
  const [, alert] = conflictFacts(
    stateOf(...both),
    [met({ path: 'a', kind: 'overlap', lines: [[], []] })],
    settings('pause'),
  );
  expect(alert).toMatchObject({ data: { severity: 'info', text: 't7 and t8 both change a (claude-1 and claude-2)' } });
});

test('a conflict in words names both sides, files and lines, and no control character', () => {
  expect(conflictText(met(at(3, 9)))).toBe('t7 and t8 both change src/app.txt lines 3–9 (claude-1 and claude-2)');
  const alone = { ...met({ path: 'a\u001b[2J', kind: 'modify/delete', lines: [[], []] }), tasks: [null, null] } as Met;
  const text = conflictText(alone);
  expect(text).toMatch(/^claude-1 and claude-2 both change a.*\(modify\/delete\)$/);
  expect(text).not.toContain('\u001b');
  const many = met(at(1), at(2), at(3), at(4), at(5));
  expect(conflictText(many)).toContain('2 further files');
});

test('what lies with two that are stopped and have no task needs nobody: nothing of it is merged; it does when one goes on', () => {
  const of = (id: string, state: 'idle' | 'stopped'): EventDraft[] => [
    instanceCreated(id),
    { type: 'instance.started', data: { instance_id: id, session: id, pane: '%1', pid: 7 } },
    { type: 'instance.moved', data: { instance_id: id, state, source: 'terminal' } },
  ];
  const pair: Met = { ...met(at(2)), tasks: [null, null] };
  const one = [...of('claude-1', 'idle'), ...of('claude-2', 'stopped')];
  const facts = conflictFacts(stateOf(...one), [pair], settings());
  expect(types(facts)).toEqual(['conflict.predicted', 'alert.raised']);
  const stopped: EventDraft = {
    type: 'instance.moved',
    data: { instance_id: 'claude-1', state: 'stopped', source: 'terminal' },
  };
  const rest = stateOf(...one, ...facts, stopped);
  expect(conflictFacts(rest, [pair], settings())).toEqual([
    { type: 'conflict.ended', data: { id: 'claude-1/claude-2', because: 'both are stopped without a task' } },
    expect.objectContaining({ type: 'alert.cleared' }),
  ]);
  expect(conflictFacts(stateOf(...one, stopped), [pair], settings())).toEqual([]);
});
