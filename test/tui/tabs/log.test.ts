import { expect, test } from 'vitest';
import type { ScreenState } from '../../../src/tui/model/screen-state.ts';
import { shownColumns } from '../../../src/tui/tabs/tab-window.ts';
import { openTabIn } from './open-tab-in.ts';
import { logTab } from '../../../src/tui/tabs/log.ts';
import { reply, threeAgents } from '../fake-swarm.ts';
import { commandOf, tabContext, textOf } from './tab-context.ts';

test('[TUI-6] the log shows what one agent printed, or finds words in what all of them did', () => {
  const answers = {
    'list logs': [{ instance: 'rehearsal-2', last: 'the \u001B[31mlast' }],
    'show log rehearsal-2 limit=1000': { text: 'one\n\u001B[31mtwo\n' },
  };
  const own = { cursor: 'rehearsal-2' };
  expect(textOf(logTab.body(tabContext(threeAgents, { answers, own })))).toEqual([
    ['agents', '■ rehearsal-1', '', '■ rehearsal-2', '  the last', '■ rehearsal-3', ''],
    ['output of rehearsal-2  / searches all', 'one', 'two'],
  ]);
  expect(logTab.queries!(tabContext(threeAgents)).map(({ text }) => text)).toEqual([
    'list logs',
    'show log rehearsal-1 limit=1000',
  ]);
  const search = { own: { filter: ' say "hi" ' } };
  const [asked] = logTab.queries!(tabContext(threeAgents, search));
  expect(asked!.text).toBe('list logs grep="say \\"hi\\""');
  expect(textOf(logTab.body(tabContext(threeAgents, search)))[0]?.[1]).toBe('(searching …)');
  const found = [
    { instance: 'rehearsal-1', found: ['I SAY "Hi" to you'] },
    { instance: 'rehearsal-2', found: [] },
  ];
  const body = logTab.body(tabContext(threeAgents, { ...search, answers: { [asked!.text]: found } }));
  expect(textOf(body)).toEqual([
    ['“say "hi"” in the output of all agents  done', '■ rehearsal-1 1', '   I SAY "Hi" to you'],
  ]);
  expect(body.columns[0]!.lines[1]!.pieces).toContainEqual({ text: 'SAY "Hi"', inverse: true, bold: true });
  expect(commandOf(logTab, 'enter', 'rehearsal-1 0', tabContext([]))).toBe('show log rehearsal-1');
  expect(commandOf(logTab, 'a', 'rehearsal-1', tabContext([]))).toBe('attach rehearsal-1');
  expect(textOf(logTab.body(tabContext([])))).toHaveLength(2);
});

test('[TUI-6] a line that was found says when it was printed, else since when its task was worked on, and which that is', () => {
  const own = { filter: 'red' };
  const since = new Date(2026, 0, 1, 10, 2).toISOString();
  const by = new Date(2026, 0, 1, 10, 4, 5).toISOString();
  const before = (ms: number): string => new Date(Date.parse(by) - ms).toISOString();
  const about = [
    { task: 't3', since, after: before(1000), by },
    { task: 't3', since, after: before(1000), by: null },
    { task: null, since: null, after: before(5000), by },
    { task: null, since: null, after: null, by: null },
    // Nobody noted times then: it was some time before that one.
    { task: 't3', since, after: before(60_000), by },
    { task: 't3', since, after: null, by },
  ];
  const lines = ['all red', 'red', 'red too', 'and red', 'red then', 'red first'];
  const found = [{ instance: 'rehearsal-1', found: lines, about }];
  const body = logTab.body(tabContext(threeAgents, { own, answers: { 'list logs grep="red"': found } }));
  expect(textOf(body)[0]!.slice(2)).toEqual([
    '   10:04:05 t3  all red',
    '   t3  run began 10:02  red',
    '  ≈10:04:05 red too',
    '   and red',
    '   t3  run began 10:02  red then',
    '   t3  run began 10:02  red first',
  ]);
});

test('[TUI-6] on 40 columns the log is what the selected agent printed, over the whole width, and follows its end', () => {
  const text = Array.from({ length: 30 }, (_, i) => `line ${i}`).join('\n');
  const shows = new Map([['show log rehearsal-1 limit=1000', reply({ data: { instance: 'rehearsal-1', text } })]]);
  const { view, openIn, press } = openTabIn('log', threeAgents, 40, shows);
  const shown = (screen: ScreenState) => {
    const { body, context } = openIn(screen)!;
    return shownColumns(body, context.own, context.size.height).map(({ lines }) => lines.at(-1)?.pieces[0]?.text);
  };
  const end = view();
  const above = press(end, 'up').screen;
  expect([shown(end), shown(above)]).toEqual([['line 29'], ['line 28']]);
  // Where it is at its end again it stays there.
  const { states } = press(above, 'down').screen.tabs;
  expect(states.log.tops).toEqual({});
});
