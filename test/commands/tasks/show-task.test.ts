import { expect, test } from 'vitest';
import { showTask } from '../../../src/commands/tasks/show-task.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import type { TaskPlan } from '../../../src/state/tasks.ts';
import { complexityScore, weightOf } from '../../../src/tasks/estimate.ts';
import { openDesk } from '../../helpers/desk.ts';
import {
  assigned,
  claimed,
  created,
  failed,
  imported,
  instance,
  moved,
  started,
  verified,
} from '../../tasks/journal.ts';

test('[TSK-10] very many tasks that one waits for are told as their gate, and folded', async () => {
  const gate = 'gate:1';
  const many = Array.from({ length: 300 }, (_, i) => created(`t${i + 1}`, { opens: [gate] }));
  const last = created('t999', { dependencies: [gate], dependency_rules: { barrier: [gate] } });
  const { text } = await openDesk(showTask, [...many, last]).say('show task t999');
  expect(text).toMatch(/^after: +t1–t300 \(300 tasks\) \(barrier\)$/mu);
  expect(text).not.toContain('gate:');
  expect(text).toMatch(/^waits for:\n- t1 [^\n]*\n(?:- t\d+ [^\n]*\n){19}- and 280 more$/mu);
});

test('tasks that wait for one are named until there are very many', async () => {
  const many = Array.from({ length: 30 }, (_, i) => created(`t${i + 1}`, { dependencies: ['t0'] }));
  const desk = openDesk(showTask, [created('t0'), ...many]);
  expect((await desk.say('show task t0')).text).toMatch(/^before: +t1, .*t20 and 10 more$/mu);
  expect((await desk.say('show task t0 detailed')).text).toMatch(/^before: +t1, .*t20, .*t30$/mu);
});

test('[TSK-3] the weight of a task says what it is made of, or that somebody said it', async () => {
  const own = { title: 'Build the parser', details: ['for lines', 'for words'], requirements: ['1.1'] };
  const weigh = async (complexity_score: number, more: Partial<TaskPlan> = {}) => {
    const task = created('t1', { ...own, ...more, complexity_score });
    const { text, data } = await openDesk(showTask, [imported('web', ['t1']), task]).say('show task t1');
    return [/^weight: +(?<weight>.*)$/mu.exec(text)?.groups?.['weight'], (data as { weight: unknown }).weight];
  };
  expect(await weigh(complexityScore(own))).toEqual([
    '3 of 10 by its text (7 words, 2 points, 1 requirement)',
    { basis: 'text', words: 7, details: 2, requirements: 1 },
  ]);
  expect(await weigh(complexityScore({ ...own, allRequirements: true }))).toEqual([
    '6 of 10 as said',
    expect.anything(),
  ]);
  expect(await weigh(complexityScore({ ...own, allRequirements: true }), { spec: 'web' })).toEqual([
    expect.stringContaining('10 requirements'),
    { basis: 'text', words: 7, details: 2, requirements: 10 },
  ]);
  expect((await weigh(9))[0]).toBe('9 of 10 as said');
  const told = { details: [], requirements: [], description: 'As the others do it.\n\nWith tests.' };
  expect((await weigh(weightOf({ ...own, ...told }), told))[0]).toBe('3 of 10 by its text (10 words, 2 points)');
});

const run = [created('t1'), assigned('t1', 'one-1'), started('t1', 'one-1')];
const noted = { type: 'run.progressed', data: { id: 't1', progress: 40, note: 'writing' } } as const;

test('what an agent noted is told while its run goes on, and not of one that has ended', async () => {
  const progress = async (...end: EventDraft[]) =>
    /^progress: +(?<text>.*)$/mu.exec((await openDesk(showTask, [...run, noted, ...end]).say('show task t1')).text)
      ?.groups?.['text'];
  expect(await progress()).toBe('40%, writing');
  expect(await progress(claimed('t1'), verified('t1'))).toBe('100%');
  expect(await progress(claimed('t1'), failed('t1'))).toBeUndefined();
});

test('the time of a merged task is said to be when it was done', async () => {
  const merged = { id: 'batch-1', task: 't1', branch: 'feature/t1', commit: 'c1' };
  const events: EventDraft[] = [
    ...run,
    claimed('t1'),
    verified('t1'),
    {
      type: 'batch.started',
      data: { id: 'batch-1', target: 'drover/integration', base_commit: 'c0', tasks: ['t1'], reasons: {} },
    },
    { type: 'batch.merged', data: merged },
  ];
  expect((await openDesk(showTask, events).say('show task t1')).text).toMatch(
    /^state: +merged, done 0s ago \(\d\d:\d\d\)$/mu,
  );
});

const stopped: EventDraft = { type: 'run.failed', data: { id: 't1', failure: { class: 'stopped', message: 'x' } } };

test('[REC-7] what failed twice in the same way is not proposed to be tried once more as it is', async () => {
  const suggested = async (...events: readonly EventDraft[]) => {
    const { data } = await openDesk(showTask, events).say('show task t1');
    return (data as { suggestions: { command: string }[] }).suggestions.map(({ command }) => command);
  };
  expect(await suggested(...run, stopped)).toEqual(['retry task t1']);
  expect(await suggested(...run, stopped, started('t1', 'one-1'), stopped)).toEqual([
    'show diff t1',
    'review task t1',
    'retry task t1 prompt="…"',
    'cancel task t1',
  ]);
  expect(await suggested(...run, failed('t1'))).toEqual(['show failure t1']);
});

test('how long a task is what it is is said with the time of day', async () => {
  const state = async (...end: EventDraft[]) =>
    /^state: +(?<text>.*)$/mu.exec((await openDesk(showTask, [...run, ...end]).say('show task t1')).text)?.groups?.[
      'text'
    ];
  expect(await state()).toMatch(/^running for 0s \(since \d\d:\d\d\)$/u);
  expect(await state(failed('t1'))).toMatch(/^failed its check 0s ago \(\d\d:\d\d\)$/u);
  expect(await state(stopped)).toMatch(/^failed: stopped 0s ago /u);
});

test('how long a task still takes is not told while its agent is stuck', async () => {
  const left = async (...more: EventDraft[]) => {
    const facts = [...instance('one-1', 'working'), created('t1', { estimated_duration: 60_000 }), ...run.slice(1)];
    const { data } = await openDesk(showTask, [...facts, ...more]).say('show task t1');
    return (data as { left_ms: number | null }).left_ms;
  };
  expect(await left()).toBe(60_000);
  expect(await left(moved('one-1', 'stuck'))).toBeNull();
});

test('of a task that takes longer than its estimate that is said, and no time that is left', async () => {
  const facts = [...instance('one-1', 'working'), created('t1', { estimated_duration: 60_000 }), ...run.slice(1)];
  const shown = (now: string) => openDesk(showTask, facts, { now: () => now }).say('show task t1');
  expect((await shown('2026-01-01T00:00:59.000Z')).data).toMatchObject({
    left_ms: 5900,
    estimate: { exceeded: false },
  });
  const late = await shown('2026-01-01T00:01:10.000Z');
  expect(late.data).toMatchObject({ left_ms: null, estimate: { ms: 60_000, exceeded: true } });
  expect(late.text).toMatch(/^estimate: +1m as said, it takes longer than estimated$/mu);
});

test('the state of a task that is archived, held back or paused is not timed by when it came into another one', async () => {
  const shows = async (...drafts: readonly EventDraft[]): Promise<string | undefined> => {
    const { text = '' } = await openDesk(showTask, [...instance('a-1'), created('t1'), ...drafts]).say('show task t1');
    return /^state: +(?<state>.*)$/mu.exec(text)?.groups?.['state'];
  };
  expect(await shows({ type: 'task.archived', data: { id: 't1', archived: true } })).toBe('archived');
  expect(await shows({ type: 'task.held', data: { id: 't1', held: true } })).toBe('held back');
  const pause: EventDraft = { type: 'instance.paused', data: { instance_id: 'a-1', evidence: 'frozen' } };
  expect(await shows(started('t1', 'a-1'), moved('a-1', 'working'), pause)).toBe('paused');
});

test('an attempt that a person stopped is not said to have failed', async () => {
  const stopped: EventDraft = {
    type: 'run.failed',
    data: { id: 't1', failure: { class: 'stopped', message: 'moved to one-2' } },
  };
  const desk = openDesk(showTask, [
    ...instance('one-1'),
    ...run,
    stopped,
    assigned('t1', 'one-2'),
    started('t1', 'one-2'),
    failed('t1'),
  ]);
  const { text } = await desk.say('show task t1');
  expect(text).toMatch(/^- 1\. one-1 on .*: stopped: moved to one-2$/mu);
  expect(text).toMatch(/^- 2\. one-2 on .*: failed: check, it failed$/mu);
});

test('a task whose agent asks something says what, how it is answered, and no time at which it is done', async () => {
  const estimated = created('t1', { estimated_duration: 60_000 });
  const asked: EventDraft = {
    type: 'instance.moved',
    data: { instance_id: 'a-1', state: 'waiting', source: 'hook', question: 'Red or blue?' },
  };
  const begun = [...instance('a-1'), estimated, assigned('t1', 'a-1'), started('t1', 'a-1')];
  const working = openDesk(showTask, [...begun, moved('a-1', 'working')]);
  expect((await working.say('show task t1')).data).toMatchObject({ asks: null, left_ms: expect.any(Number) });
  const { text, data } = await openDesk(showTask, [...begun, asked]).say('show task t1');
  expect(text).toMatch(/^state: +running .*, asks: Red or blue\?$/mu);
  expect(text).not.toMatch(/ left/u);
  expect(data).toMatchObject({
    asks: 'Red or blue?',
    left_ms: null,
    suggestions: [{ command: 'answer a-1 "…"' }],
  });
});
