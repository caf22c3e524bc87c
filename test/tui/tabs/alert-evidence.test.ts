import { expect, test } from 'vitest';
import { taskAlert } from '../../../src/daemon/signals/alert-facts.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { evidenceCommand } from '../../../src/tui/tabs/alert-evidence.ts';
import { alertsTab } from '../../../src/tui/tabs/alerts.ts';
import { startsFact } from '../../../src/daemon/actions/held-back.ts';
import { emptyState } from '../../../src/state/index.ts';
import { created, moved, reply, started, task } from '../fake-swarm.ts';
import { tabContext, textOf } from './tab-context.ts';

const failure = { class: 'check', message: '"npm test" ended with 1' } as const;
const failed: readonly EventDraft[] = [
  created(1),
  moved('rehearsal-1', 'idle'),
  task('t3', 'Third'),
  ...started('t3', 'rehearsal-1'),
  { type: 'run.failed', data: { id: 't3', failure } },
  taskAlert('t3', failure, 'rehearsal-1'),
];
const shown = {
  message: failure.message,
  output: '✖ 2 tests failed\nexpected 4, got 5\n',
  suggestions: [{ command: 'show diff t3', what: 'see what it changed' }],
};

const bodyWith = (drafts: readonly EventDraft[], answers: object, width = 140) =>
  textOf(alertsTab.body(tabContext(drafts, { answers: answers as Record<string, unknown>, width })));
const asked = (drafts: readonly EventDraft[]) => alertsTab.queries!(tabContext(drafts)).map(({ text }) => text);

test('[TUI-6] beside a failed check stands what it printed, and what can be done', () => {
  expect(asked(failed)).toEqual(['show failure t3']);
  expect(bodyWith(failed, { 'show failure t3': shown })[1]).toEqual([
    'failure of t3',
    ' "npm test" ended with 1',
    '',
    ' ✖ 2 tests failed',
    ' expected 4, got 5',
    '',
    ' Suggested, by Enter and its number:',
    ' 1  show diff t3  see what it changed',
  ]);
  const noted = bodyWith(failed, { 'show failure t3': { ...shown, note: 'it ran without a network' } })[1];
  expect(noted!.slice(1, 4)).toEqual([' "npm test" ended with 1', ' it ran without a network', '']);
});

test('[TUI-6] beside a crash stand the last lines of its agent', () => {
  const last_lines = ['looking at the code', 'Error: it broke'];
  const crashed = { message: 'rehearsal-1 ended with 1', output: null, last_lines, suggestions: [] };
  expect(bodyWith(failed, { 'show failure t3': crashed })[1]).toEqual([
    ...['failure of t3', ' rehearsal-1 ended with 1', '', ' looking at the code', ' Error: it broke'],
  ]);
});

test('where there is no room beside the list, the first lines of the evidence stand below the selected alert', () => {
  const [list, ...others] = bodyWith(failed, { 'show failure t3': shown }, 80);
  expect(others).toEqual([]);
  expect(list!.slice(1, 6)).toEqual([
    ' ✖ t3 failed (check): "npm test" ended with 1 | 1m',
    '     show failure t3',
    '   │  "npm test" ended with 1',
    '   │',
    '   │  ✖ 2 tests failed',
  ]);
});

test('a question stands in its context: what its agent printed last, and then what it asks', () => {
  const asks = [created(1), moved('rehearsal-1', 'waiting', 'Which port?')];
  expect(asked(asks)).toEqual(['show log rehearsal-1 limit=60']);
  const body = bodyWith(asks, { 'show log rehearsal-1 limit=60': { text: 'reading config\nno port is set\n' } });
  expect(body[1]).toEqual([
    'last output of rehearsal-1',
    ' reading config',
    ' no port is set',
    '',
    ' rehearsal-1 asks: Which port?',
  ]);
});

test('where an agent has printed nothing that is said, and what it asks stands there all the same', () => {
  const asks = [created(1), moved('rehearsal-1', 'waiting', 'Which port?')];
  const printed = (text: string) => bodyWith(asks, { 'show log rehearsal-1 limit=60': { text } })[1];
  const silent = ['last output of rehearsal-1', ' It has printed nothing yet.', '', ' rehearsal-1 asks: Which port?'];
  expect([printed(''), printed(' \n\n')]).toEqual([silent, silent]);
  expect(bodyWith(asks, {})[1]).toEqual(['last output of rehearsal-1', '(looking for it …)']);
});

test('a conflict shows its places, and what can be done', () => {
  const aside: readonly EventDraft[] = [
    ...failed.slice(0, 5),
    {
      type: 'run.verified',
      data: {
        id: 't3',
        result: { head_commit: 'b', commits: 1, files: 1, insertions: 1, deletions: 0, check_ms: 1, check_output: '' },
      },
    },
    { type: 'batch.started', data: { id: 'b-1', target: 'i', base_commit: 'c', tasks: ['t3'] } },
    {
      type: 'batch.set_aside',
      data: { id: 'b-1', task: 't3', reason: 'conflict', message: 'conflict in a.txt', files: ['a.txt'] },
    },
    { type: 'batch.finished', data: { id: 'b-1' } },
    {
      type: 'alert.raised',
      data: {
        ...{ id: 'aside:t3', severity: 'warning', text: 't3 conflicts with t2 in a.txt' },
        ...{ suggestion: 'show conflict t3', instance: null, task: 't3' },
      },
    },
  ];
  expect(asked(aside)).toEqual(['show conflict t3']);
  const context = tabContext(aside);
  const suggestions = [{ command: 'takeover task t3', what: null }];
  const told = reply({ message: 't3: t3 and t2\n  12 + ours\n  12 - theirs', data: { suggestions } });
  const body = textOf(alertsTab.body({ ...context, answers: new Map([['show conflict t3', told]]) }));
  const places = ['conflict of t3', ' t3: t3 and t2', '   12 + ours', '   12 - theirs'];
  expect(body[1]).toEqual([...places, '', ' Suggested, by Enter and its number:', ' 1  takeover task t3']);
});

test('what is refused is said, and what is only to be known has no evidence', () => {
  const context = tabContext(failed);
  const refused = new Map([['show failure t3', reply({ exit: 3, message: 'There is no failure.' })]]);
  expect(textOf(alertsTab.body({ ...context, answers: refused }))[1]).toEqual([
    'failure of t3',
    ' There is no failure.',
  ]);
  expect(asked([])).toEqual([]);
});

const ID = 'rehearsal-1/rehearsal-2';
const foreseen: readonly EventDraft[] = [
  ...[created(1), moved('rehearsal-1', 'idle'), created(2), moved('rehearsal-2', 'idle')],
  ...[task('t7', 'Seventh'), ...started('t7', 'rehearsal-1'), task('t8', 'Eighth'), ...started('t8', 'rehearsal-2')],
  {
    type: 'conflict.predicted',
    data: {
      ...{ id: ID, instances: ['rehearsal-1', 'rehearsal-2'], tasks: ['t7', 't8'], policy: 'warn', paused: null },
      files: [{ path: 'app.txt', kind: 'contents', lines: [[[3, 3]], [[3, 3]]] }],
    },
  },
  {
    type: 'alert.raised',
    data: {
      ...{ id: `conflict:${ID}`, severity: 'warning', text: 't7 and t8 both change app.txt line 3' },
      ...{ suggestion: `show conflict ${ID}`, instance: null, task: null },
    },
  },
];

test('[TUI-6] beside a conflict that is foreseen stand its places, with the lines as each of the two has them', () => {
  const query = `show conflict ${ID}`;
  expect(asked(foreseen)).toEqual([query]);
  const context = tabContext(foreseen);
  const places = ['    line 3', '    base   | line 3', '    t7     | ours', '    t8     | theirs'];
  const told = reply({ message: [`${ID}: x`, ...places].join('\n'), data: { suggestions: [] } });
  const { columns } = alertsTab.body({ ...context, answers: new Map([[query, told]]) });
  expect(textOf({ columns })[1]).toEqual([
    `conflict of ${ID}`,
    ` ${ID}: x`,
    '     line 3',
    '     base   | line 3',
    '     t7     | ours',
    '     t8     | theirs',
  ]);
  const look = columns[1]!.lines.slice(-3).map(({ pieces }) => [pieces[0]!.dim ?? false, pieces[0]!.color]);
  expect(look).toEqual([
    [true, undefined],
    [false, 'green'],
    [false, 'green'],
  ]);
  expect(evidenceCommand(context.attention.needs[0]!)).toBe(query);
});

test('where there is no room beside the list, the lines of both stand below a conflict, without those around them', () => {
  const context = tabContext(foreseen, { width: 80 });
  const message = [
    ...[`${ID}: x`, '  t7   Seventh', '  t8   Eighth', '  app.txt: both sides changed the same lines', '    line 3'],
    ...['         | two', '    base | three', '    t7   | drei', '    t8   | trois', '         | four', '    line 9'],
  ].join('\n');
  const told = reply({ message, data: { suggestions: [] } });
  const [list] = textOf(alertsTab.body({ ...context, answers: new Map([[`show conflict ${ID}`, told]]) }));
  expect(list!.filter((line) => line.startsWith('   │'))).toEqual([
    '   │    app.txt: both sides changed the same lines',
    '   │      line 3',
    '   │      base | three',
    '   │      t7   | drei',
    '   │      t8   | trois',
    '   │      line 9',
  ]);
});

test('an age stands apart from what is said, however old it is', () => {
  const [list] = textOf(alertsTab.body(tabContext(foreseen, { width: 44 })));
  expect(list![1]).toMatch(/^ . t7 and t8 both change app\.txt line *\|/u);
});

test('beside an agent that rests in the middle of its task stand its last lines: that task has not failed', () => {
  const rests: readonly EventDraft[] = [
    ...[...failed.slice(0, 5), moved('rehearsal-1', 'idle')],
    {
      type: 'alert.raised',
      data: {
        ...{ id: 'interrupted:rehearsal-1', severity: 'warning', text: 'rehearsal-1 rests' },
        ...{ suggestion: 'tell rehearsal-1 "Go on."', instance: 'rehearsal-1', task: 't3' },
      },
    },
  ];
  expect(asked(rests)).toEqual(['show log rehearsal-1 limit=60']);
});

test('beside the alert about starts that failed one after the other stand the last lines of the last of them', () => {
  const told = { agent: 'codex', times: 3, why: 'it broke', instance: 'codex-3' };
  const starts = [startsFact(emptyState, told)];
  expect(asked(starts)).toEqual(['show log codex-3 limit=60']);
  const { needs } = tabContext(starts).attention;
  expect(evidenceCommand(needs[0]!)).toBe('show instance codex-3');
});

test('where a task is kept from being done, what does that stands beside its alert with what helps', () => {
  const context = tabContext(failed);
  const message = 'The branches it builds on conflict in a.txt.';
  const refused = reply({ exit: 6, message, hint: 'Suggested: show task t3' });
  const body = alertsTab.body({ ...context, answers: new Map([['show failure t3', refused]]) });
  expect(textOf(body)[1]).toEqual(['failure of t3', ` ${message}`, ' Suggested: show task t3']);
});
