import { expect, test } from 'vitest';
import { paneFooter, paneHints } from '../../../src/tui/panes/pane-footer.ts';
import { threeAgents } from '../fake-swarm.ts';
import { modelOf } from '../panels/draw-panel.ts';
import type { ScreenChanges } from '../screen-with.ts';

const key = (label: string, help: string) => [{ text: `[${label} ${help}]` }];
const textOf = (pieces: readonly { readonly text: string }[] | null) =>
  pieces?.map(({ text }) => text).join('') ?? null;
const typing = { id: 'rehearsal-1', over: null, focus: 'panes' } as const;

test.each<[string, ScreenChanges, string | null]>([
  ['nothing unusual', {}, null],
  ['the screen is frozen', { isFrozen: true }, ' frozen: select text with the mouse · any key goes on '],
  ['an agent is typed into', { panes: { typing } }, ' keys go to rehearsal-1 · Ctrl-] returns [Shift-PgUp read back]'],
  [
    'an agent that is typed into has gone',
    { panes: { typing: { ...typing, over: 'its terminal is gone' } } },
    ' rehearsal-1: its terminal is gone · Enter goes back ',
  ],
  [
    'a pane is read back',
    { panes: { scroll: { id: 'rehearsal-1', above: 3 } } },
    ' reading… [PgUp PgDn Home read][End back to live]',
  ],
])('the footer says what the keys mean while: %s', (_while, changes, footer) => {
  expect(textOf(paneFooter(modelOf(threeAgents, changes), key))).toBe(footer);
});

test('while a pane is read back the footer says where', () => {
  const model = modelOf(threeAgents, { panes: { scroll: { id: 'rehearsal-1', above: 3 } } });
  const reading = { id: 'rehearsal-1', first: 4, lines: 20 };
  expect(textOf(paneFooter({ ...model, reading }, key))).toContain(' line 5 of 20 ');
});

test('where there is little room only the most used keys are named', () => {
  const hints = (columns: number, changes: ScreenChanges = {}) =>
    textOf(paneHints(modelOf(threeAgents, changes, { columns, rows: 30 }), key));
  expect(hints(100)).toContain('[←↓↑→ select][Enter type][z zoom][v layout][a attach]');
  expect(hints(99)).toMatch(/^\[Enter type\]\[z zoom\]\[a attach\]/u);
  expect(hints(100, { panes: { isZoomed: true } })).toContain('[Esc all panes]');
});
