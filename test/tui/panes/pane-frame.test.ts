import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import { lastWork } from '../../../src/tui/panes/last-work.ts';
import { paneFrameOf } from '../../../src/tui/panes/pane-frame.ts';
import { verified } from '../../tasks/journal.ts';
import { created, moved, started, task, threeAgents } from '../fake-swarm.ts';
import { drawPanel, modelOf } from '../panels/draw-panel.ts';

test('a tile says who it is, its state, its task, how far it is and where', () => {
  const model = modelOf(threeAgents, { panes: { isZoomed: true } }, { columns: 70, rows: 18 });
  expect(drawPanel('grid', model)?.split('\n')).toEqual([
    `┏━ ▶ rehearsal-1 ${'━'.repeat(37)} ● working 1m ━┓`,
    `┃ 2.1 Parse the lines${' '.repeat(38)}▰▰▰▱▱ 60% ┃`,
    ...Array.from({ length: 9 }, () => `┃${' '.repeat(68)}┃`),
    `┗━ ⎇ feature/task-1 ${'━'.repeat(37)} rehearsal ━┛`,
  ]);
});

test('a question stands in the place of the task, a guess is marked as one', () => {
  const guess: EventDraft = {
    type: 'instance.moved',
    data: { instance_id: 'rehearsal-2', state: 'idle', source: 'screen' },
  };
  const frame = drawPanel(
    'grid',
    modelOf([created(1), created(2), moved('rehearsal-1', 'waiting', 'Shall\u001B[2J I?'), guess]),
  );
  expect(frame).toContain('? Shall\\u001b[2J I?');
  expect(frame).toContain('? waiting 1m');
  expect(frame).toContain('○ ≈idle 1m');
});

test('in a small tile the task’s title gives way to its progress', () => {
  const small = { columns: 40, rows: 20 };
  const working = [created(1), task('1', 'A task with a title that is too long'), ...started('1', 'rehearsal-1', 40)];
  expect(drawPanel('grid', modelOf(working, {}, small))).toContain('┃ 1 A task with a title…     ▰▰▱▱▱ 40% ┃');
});

test('a colour that is none does no harm', () => {
  const odd = created(1);
  const data = {
    ...(odd.data as Record<string, unknown>),
    peacock_theme: { color_name: 'x', primary_color: '1;2m', accent_color: '', theme_id: 0 },
  };
  expect(drawPanel('grid', modelOf([{ ...odd, data } as EventDraft]))).toContain('rehearsal-1');
});

const clash = (kind: string): EventDraft => ({
  type: 'conflict.predicted',
  data: {
    id: 'rehearsal-1/rehearsal-2',
    instances: ['rehearsal-1', 'rehearsal-2'],
    tasks: ['2.1', 't8'],
    files: [{ path: 'src/app.txt', kind, lines: [[[3, 9]], [[3, 9]]] }],
    policy: 'warn',
    paused: null,
  },
});

test('[GIT-4] a tile says with which task its work would conflict and in which file, as far as there is room', () => {
  const drawn = (columns: number, kind = 'contents') =>
    drawPanel('grid', modelOf([...threeAgents, clash(kind)], { panes: { isZoomed: true } }, { columns, rows: 18 }));
  expect(drawn(70)).toContain(' ⚡ t8 src/app.txt ● working 1m ');
  expect(drawn(46)).toContain(' ⚡ t8 ● working 1m ');
  expect(drawn(70, 'overlap')).not.toContain('⚡');
});

test('on a narrow edge no space is doubled beside what an agent left', () => {
  const model = modelOf([created(1), moved('rehearsal-1', 'idle')], {}, { columns: 24, rows: 18 });
  const attention = { ...model.attention, toReview: new Map([['rehearsal-1', 2]]) };
  const noteAt = (width: number): string =>
    paneFrameOf({ ...model, attention }, model.state.instances['rehearsal-1']!, width)
      .note.map(({ text }) => text)
      .join('');
  expect([noteAt(24), noteAt(70)]).toEqual(['✔ 2 to review', '✔ 2 to review ○ idle 1m']);
});

test.each([
  ['worktree' as const, 70, '━ ▣ worktree rehearsal ━┛'],
  ['strict' as const, 70, '━ ▣ strict rehearsal ━┛'],
  ['missing' as const, 70, '━ ▢ no sandbox rehearsal ━┛'],
  ['strict' as const, 40, '━ ▣ rehearsal ━┛'],
  ['missing' as const, 40, '━ ▢ rehearsal ━┛'],
])(
  '[SEC-9] a tile says in which sandbox its agent is, or that it has none that it was to have: %s in %i cells',
  (sandbox, columns, told) => {
    const shutIn: EventDraft = {
      type: 'instance.started',
      data: { instance_id: 'rehearsal-1', session: 's', pane: '%1', pid: 7, sandbox },
    };
    const model = modelOf([created(1), shutIn], { panes: { isZoomed: true } }, { columns, rows: 18 });
    expect(drawPanel('grid', model)?.split('\n').at(-1)).toContain(told);
  },
);

test('what an agent did last is told of its own run, also where its task went on without it', () => {
  const idle = [created(1), created(2), moved('rehearsal-1', 'idle')];
  const failed = (id: string): EventDraft => ({
    type: 'run.failed',
    data: { id, failure: { class: 'hang', message: 'it hung' } },
  });
  const reopened = (id: string): EventDraft => ({ type: 'task.reopened', data: { id, reason: 'again' } });
  const first = [task('1', 'One'), ...started('1', 'rehearsal-1')];
  const told = (...facts: readonly EventDraft[]): string => {
    const { state } = modelOf([...idle, ...facts]);
    return lastWork('rehearsal-1', state.tasks)
      .map(({ text }) => text)
      .join('');
  };
  expect(told(task('1', 'One'))).toBe('no task yet');
  expect(told(...first, failed('1'), reopened('1'))).toBe('✖ 1 failed');
  expect(told(...first, failed('1'), reopened('1'), ...started('1', 'rehearsal-2'))).toBe('✖ 1 attempt 1 failed');
  expect(told(...first, { type: 'task.cancelled', data: { id: '1' } })).toBe('○ 1 stopped');
  const second = [task('2', 'Two'), ...started('2', 'rehearsal-1'), verified('2')];
  expect(told(...first, verified('1'), ...second, reopened('2'))).toBe('○ 2 opened again');
});
