import { expect, test } from 'vitest';
import type { Pane } from '../../../src/tui/compositor/layers.ts';
import type { ScreenModel } from '../../../src/tui/model/screen-model.ts';
import { makeEmulator } from '../../../src/tui/panes/emulator.ts';
import { makePaneDrawing, type PaneParts, paneBoundsOf } from '../../../src/tui/panes/pane-drawing.ts';
import { moved, threeAgents } from '../fake-swarm.ts';
import { modelOf } from '../panels/draw-panel.ts';
import type { ScreenChanges } from '../screen-with.ts';
import { openTabIn } from '../tabs/open-tab-in.ts';

const SCROLL = { id: 'rehearsal-1', above: 5 };

/** A drawing of panes onto a compositor that remembers what it was told. */
const openDrawing = (changes: Partial<PaneParts> = {}) => {
  let panes: ReadonlyMap<string, Pane> = new Map();
  const told: string[] = [];
  const screens = new Map(['rehearsal-1', 'rehearsal-2'].map((id) => [id, makeEmulator({ cols: 60, rows: 12 })]));
  const drawing = makePaneDrawing({
    compositor: {
      setPanes: (next) => {
        panes = next;
      },
      setMouse: (wanted) => void told.push(`mouse ${wanted}`),
      setCursor: (cursor) => void told.push(`cursor ${cursor === null ? 'none' : typeof cursor}`),
      touch: (id) => void told.push(`touch ${id}`),
    },
    screens: {
      follow: (ids) => void told.push(`follow ${ids.join(' ')}`),
      get: (id) => screens.get(id),
      close: () => undefined,
    },
    typingHost: {
      begin: () => undefined,
      type: () => undefined,
      terminal: () => undefined,
      mouse: 'none',
      end: () => undefined,
      close: async () => undefined,
    },
    scrollback: { read: undefined, show: (id) => void told.push(`read ${id}`) },
    ...changes,
  });
  const draw = (model: ScreenModel) => {
    told.length = 0;
    drawing.draw(model);
    return { panes, told: [...told] };
  };
  return { drawing, draw, screens, told };
};

const model = (changes: ScreenChanges = {}) => modelOf(threeAgents, changes, { columns: 120, rows: 36 });

test('agents are found where their frames are, and nowhere while another view is open', () => {
  const bounds = paneBoundsOf(model());
  expect(bounds.map(({ id }) => id)).toEqual(['rehearsal-1', 'rehearsal-2', 'rehearsal-3']);
  for (const { frame, pane } of bounds)
    expect([pane.x, pane.y, pane.width]).toEqual([frame.x + 1, frame.y + 2, frame.width - 2]);
  const { view, openIn } = openTabIn('tasks', threeAgents);
  expect(paneBoundsOf({ ...model(), open: openIn(view()) })).toEqual([]);
});

test('the terminals of the shown agents are followed, and drawn as soon as they are known', () => {
  const { draw } = openDrawing();
  const { panes, told } = draw(model());
  expect([...panes.keys()]).toEqual(['rehearsal-1', 'rehearsal-2']);
  expect(told).toEqual(['follow rehearsal-1 rehearsal-2 rehearsal-3', 'read null', 'mouse clicks']);
});

test('a pane that may not be true any more is dim', () => {
  const { draw } = openDrawing();
  const dimOf = (shown: ScreenModel) => [...draw(shown).panes.values()].map(({ dim }) => dim);
  expect(dimOf(model())).toEqual([false, false]);
  expect(dimOf({ ...model(), connected: false })).toEqual([true, true]);
  expect(dimOf({ ...model(), silentSince: 0 })).toEqual([true, true]);
  const lost = modelOf([...threeAgents, moved('rehearsal-2', 'lost')], {}, { columns: 120, rows: 36 });
  expect(dimOf(lost)).toEqual([false, true]);
});

test('a pane is read back from the line that was scrolled to', () => {
  const terminal = makeEmulator({ cols: 60, rows: 12 }, 100);
  const read = { id: 'rehearsal-1', terminal, lines: 100 };
  const { drawing, draw } = openDrawing({ scrollback: { read, show: () => undefined } });
  const shown = model({ panes: { scroll: SCROLL } });
  const { height } = paneBoundsOf(shown)[0]!.pane;
  expect(drawing.readingIn(shown)).toEqual({ id: 'rehearsal-1', first: 100 - height - 5, lines: 100 });
  expect(drawing.scrollRoom(shown)).toEqual({ height, most: 100 - height });
  expect(draw(shown).panes.get('rehearsal-1')).toMatchObject({ terminal, from: 100 - height - 5 });
  expect(drawing.readingIn(model())).toBeNull();
});

test('the mouse is the terminal’s own where it is not wanted, and while the screen is frozen', () => {
  const { draw } = openDrawing();
  expect(draw(model({ mouse: { isHeard: false } })).told).toContain('mouse off');
  expect(draw(model({ isFrozen: true })).told).toContain('mouse off');
});

test('the cursor of an agent that is typed into is shown, unless something stands in front of the pane', () => {
  const { draw } = openDrawing();
  const typing = { id: 'rehearsal-1', over: null, focus: 'panes' } as const;
  const page = { title: 'Keys', lines: null, top: 0 };
  expect(draw(model({ panes: { typing } })).told).toContain('cursor function');
  expect(draw(model({ panes: { typing }, overlays: { page } })).told).toContain('cursor none');
  expect(draw(model({ panes: { typing: { ...typing, over: 'gone' } } })).told).toContain('cursor none');
});

test('what changed while nothing was drawn is drawn afterwards', () => {
  const { drawing, draw, told } = openDrawing();
  draw(model());
  told.length = 0;
  drawing.refresh();
  expect(told).toEqual(['touch rehearsal-1', 'touch rehearsal-2']);
});
