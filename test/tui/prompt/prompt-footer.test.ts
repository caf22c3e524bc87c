import { expect, test } from 'vitest';
import { offeredTo } from '../../../src/attention/attention.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import type { ScreenModel } from '../../../src/tui/model/screen-model.ts';
import type { PromptEdit } from '../../../src/tui/prompt/prompt-reducer.ts';
import { model } from '../answering/open-question.ts';
import { initialScreen } from '../../../src/tui/model/screen-state.ts';
import { created, moved, threeAgents } from '../fake-swarm.ts';
import { drawPanel, modelOf } from '../panels/draw-panel.ts';
import type { ScreenChanges } from '../screen-with.ts';
import { insert } from './edits.ts';
import { promptAfter, rows } from './prompt-rows.ts';

test('the last row says what the keys do now', () => {
  const keys = (changes: ScreenChanges) => drawPanel('prompt', modelOf(threeAgents, changes))?.split('\n').at(-1);
  expect(keys({})).toBe(' Enter type into it  ←→ select pane  End use example  Ctrl-R history  Esc panes  ? keys');
  expect(keys({ focus: 'panes' })).toBe(
    ' ←↓↑→ select  Enter type  z zoom  v layout  a attach  n next waiting  : command  ? keys  q leave',
  );
  const small = drawPanel('prompt', modelOf(threeAgents, { focus: 'panes' }, { columns: 80, rows: 24 }));
  expect(small).toContain(' Enter type  z zoom  a attach  n next waiting  : command  ? keys  q leave');
  const page = { title: 'list', lines: Array.from({ length: 40 }, () => 'a'), top: 0 };
  expect(keys({ overlays: { page: { ...page, lines: ['a', 'b'] } } })).toBe(' Esc close');
  const suggestions = [{ command: 'retry task t1', what: null }];
  expect(keys({ overlays: { page: { ...page, lines: ['a'], suggestions } } })).toBe(' 1 use suggestion  Esc close');
  expect(keys({ overlays: { page: { ...page, suggestions: [...suggestions, ...suggestions] } } })).toBe(
    ' 1-2 use suggestion  ↑↓ PgUp PgDn scroll  / search  Esc close',
  );
  // A stroke belongs to the command that is being typed.
  const typed = { overlays: { page: { ...page, suggestions } }, prompt: promptAfter(insert('mer')) };
  expect(keys(typed)).toBe(' 1 use suggestion  ↑↓ PgUp PgDn scroll  Esc close');
  expect(keys({ ...typed, focus: 'panes' })).toContain('/ search');
  const found = { title: 'list', lines: ['a b', 'B', 'c'], top: 0 };
  expect(keys({ overlays: { page: { ...found, search: { text: 'b', at: 1 } } } })).toBe(
    ' / b▏   2 of 2  Enter ↓ next  ↑ before  Esc end the search',
  );
  expect(keys({ overlays: { page: { ...found, search: { text: 'x', at: null } } } })).toBe(
    ' / x▏   nothing found  Esc end the search',
  );
  const answer = { tone: 'error', text: 'x'.repeat(150), hint: null } as const;
  expect(keys({ overlays: { page }, commands: { message: answer } })).toBe(' ↑↓ PgUp PgDn scroll  / search  Esc close');
});

test('[SEC-1] the last row names no key that says what is refused to who looks', () => {
  const looking = (changes: ScreenChanges, drafts: readonly EventDraft[] = threeAgents): ScreenModel => {
    const all = modelOf(drafts, changes);
    return { ...all, attention: offeredTo(all.attention, (line) => /^(?:show|list|review) /u.test(line)) };
  };
  const keys = (of: ScreenModel) => drawPanel('prompt', of)?.split('\n').at(-1);
  expect(keys(looking({ focus: 'panes' }))).toBe(
    ' ←↓↑→ select  z zoom  v layout  n next waiting  : command  ? keys  q leave',
  );
  expect(keys(looking({}))).not.toMatch(/type into it/u);
  const { attention } = looking({});
  expect(keys({ ...model({}), attention })).toBe(' Esc close');
});

test('the last row names the keys of the panes only where there are panes', () => {
  const tabs = { ...initialScreen([]).tabs, open: 'review' } as const;
  const last = drawPanel('prompt', modelOf(threeAgents, { tabs }))?.split('\n').at(-1);
  expect(last).toBe(' End use example  Ctrl-R history  Esc panes  ? keys');
});

test('the last row has the keys of the menu while that is open', () => {
  const candidates = ['status', 'stats'].map((word) => ({ word, help: '' }));
  const complete: PromptEdit = { kind: 'complete', candidates };
  const keys = (...edits: readonly PromptEdit[]) => rows({ prompt: promptAfter(insert('s'), ...edits) }).at(-1);
  expect(keys(complete)).toBe(' Tab ↓ next  ↑ before  Esc as it was');
  expect(keys(complete, complete)).toBe(' Tab ↓ next  ↑ before  Enter take  Esc as it was');
});

test('the last row has the keys of a dialogue with what Enter means in it', () => {
  const dialog = { command: 'x', targets: [], loses: '', token: 't', yes: false, interrupts: false };
  expect(rows({ overlays: { dialog } }).at(-1)).toBe(' y yes  n Enter no  ← → choose');
  expect(rows({ overlays: { dialog: { ...dialog, yes: true } } }).at(-1)).toBe(' y Enter yes  n no  ← → choose');
  expect(rows({ overlays: { dialog: { ...dialog, interrupts: true } } }).at(-1)).toBe(' Enter no  ← → choose  Esc no');
  expect(rows({ overlays: { dialog: { ...dialog, interrupts: true, yes: true } } }).at(-1)).toBe(
    ' Enter yes  ← → choose  Esc no',
  );
  expect(rows({ leavingAt: 0 }).at(-1)).toBe(' Ctrl-C again leaves; the agents go on');
});

test('keys that do not fit whole are left out, the way to all of them last', () => {
  expect(rows({}, {}, { columns: 40, rows: 20 }).at(-1)).toBe(' Enter type into it  ? keys');
  expect(rows({}, {}, { columns: 60, rows: 20 }).at(-1)).toBe(' Enter type into it  ←→ select pane  ? keys');
});

test('an agent that asks is answered by Enter, and the last row says so', () => {
  const drafts = [created(1), moved('rehearsal-1', 'waiting', 'Shall I?')];
  const last = (changes: ScreenChanges) => drawPanel('prompt', modelOf(drafts, changes))?.split('\n').at(-1);
  expect(last({})).toContain(' Enter answer rehearsal-1 ');
  expect(last({ focus: 'panes' })).toContain(' Enter answer ');
});

test('the last row says what the keys of the dialogue do', () => {
  const row = (changes: object) => drawPanel('prompt', model(changes))?.split('\n').at(-1);
  expect(row({})).toBe(' Enter send  ↑↓ 1-9 choose  Esc close, unanswered');
  expect(row({ sending: true })).toBe(' Esc close');
  // Nothing is sent to whom nobody can answer now.
  const gone = drawPanel('prompt', { ...model({}), questions: new Map() });
  expect(gone?.split('\n').at(-1)).toBe(' ↑↓ 1-9 choose  Esc close, unanswered');
});

test('the last row names no key for a terminal that is gone', () => {
  const lost = [...threeAgents, moved('rehearsal-1', 'lost')];
  const keys = drawPanel('prompt', modelOf(lost, {}))?.split('\n').at(-1);
  expect(keys).toContain('←→ select pane');
  expect(keys).not.toContain('type into it');
});
