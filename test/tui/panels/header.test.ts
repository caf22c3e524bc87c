import { expect, test } from 'vitest';
import { barredStep } from '../../../src/attention/attention.ts';
import { outlookOf } from '../../../src/attention/outlook.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { many, moved, started, task, threeAgents } from '../fake-swarm.ts';
import { drawPanel, modelOf } from './draw-panel.ts';

const six = many(6);

test('the header tells a daemon that was stopped from one that is lost', () => {
  expect(drawPanel('header', { ...modelOf(threeAgents), connected: false })).toContain(
    '✖ no connection: this is how it was',
  );
  const stopped = modelOf([...threeAgents, { type: 'daemon.stopped', data: { pid: 1 } }]);
  expect(drawPanel('header', { ...stopped, connected: false })).toContain(
    '○ daemon stopped: a command starts it again',
  );
});

test('the header says how long a daemon that is connected has been silent', () => {
  const model = modelOf(threeAgents);
  expect(drawPanel('header', { ...model, silentSince: model.now - 3400 })).toMatch(
    /○ daemon silent for 3 s: this is how it was$/mu,
  );
  expect(drawPanel('header', { ...model, silentSince: model.now + 5000 })).toContain('silent for 1 s');
  expect(drawPanel('header', { ...model, connected: false, silentSince: 0 })).not.toContain('silent');
});

test('the header counts states by glyph and word and says how far the tasks are', () => {
  const done: EventDraft = {
    ...task('1', 'First'),
    data: { ...(task('1', 'First').data as object), done: true },
  } as EventDraft;
  const model = modelOf([...threeAgents, done, moved('rehearsal-3', 'stuck')]);
  expect(drawPanel('header', model)).toBe(
    ` ◆ drover  repo    1 needs you   agents ✖ 1 stuck  ● 2 working${' '.repeat(6)}tasks ▰▰▰▱▱▱▱▱▱▱ 1/4   ● daemon`,
  );
});

test.each([
  [90, ' ◆ drover  repo   agents ● 2 working  ○ 1 idle', 'tasks ▱▱▱▱▱▱▱▱▱▱ 0/3   ● daemon'],
  [65, ' ◆ drover  agents ● 2 working  ○ 1 idle', 'tasks 0/3   ● daemon'],
  [58, ' ◆ agents ● 2 working  ○ 1 idle', 'tasks 0/3   ● daemon'],
  [48, ' ◆ agents ● 2 working  ○ 1 idle', '0/3  ● daemon'],
  [44, ' ◆ agents ● 2 working  ○ 1 idle', '0/3  ●'],
  [34, ' ● 2 working  ○ 1 idle', '0/3  ●'],
  [20, ' ● 2 working', '…'],
])('in %d columns the header keeps what matters most', (columns, left, right) => {
  const header = drawPanel('header', modelOf(threeAgents, {}, { columns, rows: 20 }));
  expect([header?.startsWith(left), header?.endsWith(right), header]).toEqual([true, true, header]);
});

test('[TUI-1] on 80 columns it is said of what the header counts, since tasks wait and fail as well', () => {
  const failing: readonly EventDraft[] = [
    ...[moved('rehearsal-1', 'waiting', 'Which?'), moved('rehearsal-2', 'failed')],
    { type: 'run.failed', data: { id: '2.2', failure: { class: 'crash', message: 'ended with 1' } } },
  ];
  const model = modelOf([...threeAgents, ...failing], {}, { columns: 80, rows: 24 });
  expect(drawPanel('header', model)).toMatch(/need you {3}agents \? 1 waiting {2}✖ 1 failed {2}○ 1 idle .*\/3/u);
  expect(drawPanel('task-strip', model)).toMatch(/^ tasks .*✖ 1 failed/u);
});

test('the header says how many need a person', () => {
  expect(drawPanel('header', modelOf(six))).not.toContain('need');
  expect(drawPanel('header', modelOf([...six, moved('rehearsal-2', 'stuck')]))).toContain(' 1 needs you ');
  const two = [...six, moved('rehearsal-2', 'stuck'), moved('rehearsal-3', 'failed')];
  expect(drawPanel('header', modelOf(two, {}, { columns: 40, rows: 20 }))).toContain(' 2 need you ');
});

test('[TUI-6] the header keeps how much is done on 80 columns also while somebody asks', () => {
  const asking = [...threeAgents, moved('rehearsal-3', 'waiting', 'Which?'), moved('rehearsal-1', 'lost')];
  const header = drawPanel('header', modelOf(asking, {}, { columns: 62, rows: 24 }));
  expect(header).toMatch(/2 need you .* 0\/3 {2}●$/u);
});

const unchecked = (id: string, check_ms: number): readonly EventDraft[] => [
  task(id, `Task ${id}`),
  ...started(id, 'rehearsal-3'),
  { type: 'run.claimed', data: { id, summary: null } },
  {
    type: 'run.verified',
    data: {
      id,
      result: {
        ...{ head_commit: 'b', commits: 1, files: 1, insertions: 1, deletions: 0 },
        ...{ check_ms, check_output: '' },
      },
    },
  },
];

test('what no check has looked at is counted apart, however narrow the header is', () => {
  const drawn = (columns: number, ...more: readonly EventDraft[]) =>
    drawPanel('header', modelOf([...threeAgents, ...more], {}, { columns, rows: 20 }));
  const both = [...unchecked('8', 5), ...unchecked('9', 0)];
  expect(drawn(120, ...both)).toContain('▱ 2/5 (1 unchecked)   ● daemon');
  expect(drawn(85, ...both)).toContain('tasks 2/5 (1 unchecked)   ● daemon');
  expect(drawn(60, ...both)).toContain(' 2/5 (1 unchecked)  ●');
  expect(drawn(52, ...both)).toContain(' 1/5 checked  ●');
  expect(drawn(52, ...unchecked('9', 0))).toContain(' 0/4 checked  ●');
});

test('[TUI-6] the header says how much is queued where there is room', () => {
  const queued: readonly EventDraft[] = ['5', '6'].flatMap((id) => [
    task(id, `Task ${id}`),
    { type: 'task.requested', data: { ids: [id], mode: null, fresh: false } } as EventDraft,
  ]);
  const at = (columns: number) => drawPanel('header', modelOf([...threeAgents, ...queued], {}, { columns, rows: 20 }));
  expect(at(160)).toMatch(/0\/5 {3}2 queued · next 5 {3}● daemon$/u);
  expect(at(80)).not.toContain('queued');
});

test('what waits for somebody to assign it is not counted as queued, which begins by itself', () => {
  const facts: readonly EventDraft[] = ['5', '6', '7'].flatMap((id) => [
    task(id, `Task ${id}`),
    { type: 'task.requested', data: { ids: [id], mode: null, fresh: false } } as EventDraft,
  ]);
  const assigned: EventDraft = {
    type: 'task.assigned',
    data: { id: '7', instance: 'rehearsal-3', pinned: true, reason: '' },
  };
  const surroundings = { agent: null, isUsual: true, plans: [], isManual: true };
  const drawn = (id: string, ...more: readonly EventDraft[]) => {
    const model = modelOf([...threeAgents, ...facts, ...more], {}, { columns: 160, rows: 20 });
    return drawPanel(id, { ...model, surroundings, outlook: outlookOf(model.state, model.now, true) });
  };
  expect(drawn('header')).toMatch(/0\/6 {3}3 to assign {3}● daemon$/u);
  expect(drawn('header', assigned)).toMatch(/0\/6 {3}1 queued · 2 to assign · next 7 {3}● daemon$/u);
  expect(drawn('task-strip', assigned)).toContain('3 queued (2 to assign)');
});

test('what is only for an agent that was stopped neither comes next nor is queued', () => {
  const facts: readonly EventDraft[] = [
    ...[...threeAgents, task('5', 'Five'), moved('rehearsal-3', 'stopping'), moved('rehearsal-3', 'stopped')],
    { type: 'task.requested', data: { ids: ['5'], mode: null, fresh: false } },
    { type: 'task.assigned', data: { id: '5', instance: 'rehearsal-3', pinned: true, reason: '' } },
  ];
  const drawn = (id: string) => drawPanel(id, modelOf(facts, {}, { columns: 160, rows: 20 }));
  expect(drawn('header')).not.toMatch(/queued|next/u);
  expect(drawn('task-strip')).toContain('1 queued (1 for a stopped agent)');
  expect(drawn('task-strip')).not.toContain('next');
});

test('the header says what was used in tokens where nobody tells a price', () => {
  const used = (usd: number): EventDraft => ({
    type: 'usage.measured',
    data: {
      ...{ instance_id: 'rehearsal-1', conversation: 'c', task: null, context: null, turns: 1, usd },
      models: { m: { input_tokens: 12_000, output_tokens: 800, cache_read_tokens: 0, cache_write_tokens: 0 } },
      unpriced_tokens: usd > 0 ? 0 : 12_800,
    },
  });
  const at = (usd: number) => drawPanel('header', modelOf([...threeAgents, used(usd)], {}, { columns: 160, rows: 20 }));
  expect(at(0)).toContain('12.8k tokens');
  expect(at(0.12)).toContain('$0.12');
  expect(at(0.12)).not.toContain('12.8k');
});

test('the header says which task takes too long for an end to be told, as far as there is room', () => {
  const model = modelOf(threeAgents, {}, { columns: 200, rows: 30 });
  const late = { id: '2.1', worked: 280_000, estimate: 12_000 };
  const outlook = { leftMs: null, next: null, foretold: 0, open: 3, late };
  expect(drawPanel('header', { ...model, outlook })).toContain('≈? left · 2.1 takes 4m 40s, estimated 12s');
  const narrow = modelOf(threeAgents, {}, { columns: 100, rows: 30 });
  expect(drawPanel('header', { ...narrow, outlook })).toContain('≈? left   ●');
});

test.each([[120], [80], [60]])('in %d columns the header says that whoever looks may only look', (columns) => {
  const asking = [...threeAgents, moved('rehearsal-3', 'waiting', 'Which?'), moved('rehearsal-1', 'lost')];
  const model = modelOf(asking, {}, { columns, rows: 24 });
  const doubted = { ...model, attention: { ...model.attention, barred: barredStep('You may only look.') } };
  expect(drawPanel('header', doubted)).toMatch(/! you may only look$/u);
  expect(drawPanel('header', { ...doubted, connected: false })).toMatch(/no connection: this is how it was$/u);
});
