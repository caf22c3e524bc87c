import { expect, test, vi } from 'vitest';
import type { Preferences } from '../../../src/tui/app/options.ts';
import { many, moved } from '../fake-swarm.ts';
import { openView } from '../open-view.ts';

test('v goes through the layouts and V lets the space choose; who remembers them is told', async () => {
  const told: Preferences[] = [];
  const view = openView(many(3), { onPreferences: (now) => told.push(now) });
  await view.see('rehearsal-3');
  await view.panes();
  view.type('v');
  await view.see('layout: list');
  await view.see(/^ 3 agents {5}/mu);
  view.type('j');
  await view.see(/━ ▶ rehearsal-2 ━/);
  view.type('v');
  await view.see('layout: focus');
  await view.gone(' 3 agents     ');
  view.type('l');
  await view.see(/━ ▶ rehearsal-3 ━/);
  view.type('V');
  await view.see('layout: chosen by the space');
  await view.see('■ rehearsal-1');
  expect(told.map(({ arrangement }) => arrangement)).toEqual(['list', 'focus', 'auto']);
});

test('a view begins as it was left', async () => {
  const view = openView(many(3), { preferences: { arrangement: 'focus', mouse: false } });
  await view.see('▶ rehearsal-1');
  expect(view.screen()).not.toContain('rehearsal-2');
  expect(view.tty.terminal.modes.mouseTrackingMode).toBe('none');
});

test('the screen can be frozen to select from it: nothing is drawn, the mouse is the terminal’s, any key goes on', async () => {
  const view = openView(many(2));
  await view.see('rehearsal-2');
  await view.panes();
  view.type('f');
  await view.see('frozen: select text with the mouse · any key goes on');
  await vi.waitUntil(() => view.tty.terminal.modes.mouseTrackingMode === 'none');
  const written = view.tty.written.length;
  view.logs.print('rehearsal-1', 'meanwhile');
  view.swarm.apply(moved('rehearsal-2', 'failed'));
  view.type('\u001B[<0;5;5M\u001B[25~');
  await new Promise(setImmediate);
  expect(view.tty.written.length).toBe(written);
  view.type('q');
  await view.see('meanwhile');
  await view.see('✖ failed');
  view.type('fq');
  await view.see('q leave');
  view.type('f');
  await view.see('frozen: select');
  view.resize(100, 30);
  await view.see('q leave');
});
