import { expect, test, vi } from 'vitest';
import { initialScreen } from '../../../src/tui/model/screen-state.ts';
import { promptText } from '../../../src/tui/prompt/prompt-state.ts';
import { many, reply, threeAgents } from '../fake-swarm.ts';
import { openView } from '../open-view.ts';
import { typeInto } from '../panes/type-into.ts';
import { openTabIn } from '../tabs/open-tab-in.ts';
import { IDS, keyContext } from './key-context.ts';

test('a press of the mouse selects, a double one types, the wheel reads back; F leaves the mouse to the terminal', async () => {
  let now = 0;
  const printed = async function* () {
    yield new TextEncoder().encode(Array.from({ length: 80 }, (_, i) => `line ${i}\r\n`).join(''));
  };
  const view = openView(many(3), { now: () => now, printed });
  await view.see('rehearsal-3');
  await vi.waitUntil(() => view.tty.terminal.modes.mouseTrackingMode === 'vt200');
  const at = (id: string) => {
    const rows = view.screen().split('\n');
    const y = rows.findIndex((row) => row.includes(`${id} `));
    return { x: rows[y]!.indexOf(id) + 1, y: y + 4 };
  };
  const press = (id: string, code = 0) =>
    view.type(`\u001B[<${code};${at(id).x};${at(id).y}M\u001B[<${code};${at(id).x};${at(id).y}m`);
  press('rehearsal-2');
  await view.see('▶ rehearsal-2');
  now += 5000;
  press('rehearsal-2', 2);
  press('rehearsal-3', 64);
  await view.see('▶ rehearsal-3');
  await view.see('line 7');
  view.type('\u001B[F');
  await view.see('Enter type');
  press('rehearsal-3');
  now += 100;
  press('rehearsal-3');
  await view.see('rehearsal-3: nobody can type here');
  view.type('\r');
  await view.panes();
  view.type('F');
  await view.see('mouse off: the terminal selects');
  await vi.waitUntil(() => view.tty.terminal.modes.mouseTrackingMode === 'none');
  view.type('F');
  await view.see('mouse on');
  view.type('v');
  await view.see(/^ 3 agents {5}/mu);
  press('■ rehearsal-1');
  const row =
    view
      .screen()
      .split('\n')
      .findIndex((line) => line.includes('■ rehearsal-1')) + 1;
  view.type(`\u001B[<0;5;${row}M`);
  await view.see('▶ rehearsal-1');
  view.type('?\u001B[<65;5;5M');
  await view.see('Keys');
  view.type('\u001B');
  view.type('\u001B[<0;5;1M');
  await view.see('▶ rehearsal-1');
});

test('a press on the name of a view opens it, and the wheel goes through its lines', () => {
  const { view, openIn, press } = openTabIn('tasks', threeAgents);
  const context = keyContext({ openIn, tabBounds: [{ id: 'metrics', rect: { x: 10, y: 30, width: 5, height: 1 } }] });
  const before = view();
  const down = typeInto(before, '\u001B[<65;5;5M', context).screen;
  expect(down.tabs).toEqual(press(before, 'down').screen.tabs);
  expect(down.tabs).not.toEqual(before.tabs);
  expect(typeInto(down, '\u001B[<64;5;5M', context).screen.tabs).toEqual(press(down, 'up').screen.tabs);
  expect(typeInto(before, '\u001B[<0;12;31M', context).screen.tabs.open).toBe('metrics');
  expect(typeInto(before, '\u001B[<0;40;31M', context).screen.tabs.open).toBe('tasks');
});

test('half a command stays one when a pane is pressed, and a double press types into the pane and comes back to it', () => {
  const pane = { x: 10, y: 5, width: 20, height: 10 };
  const context = keyContext({ bounds: [{ id: 'a-2', frame: pane, pane }] });
  const press = '\u001B[<0;12;8M';
  const pressed = typeInto(initialScreen(IDS), `stop ${press}all`, context).screen;
  expect([pressed.focus, pressed.panes.selected, promptText(pressed.prompt)]).toEqual(['prompt', 'a-2', 'stop all']);
  const searched = typeInto(initialScreen(IDS), `\u0012${press}q`, context);
  expect([searched.screen.focus, searched.typed]).toEqual(['prompt', '']);
  expect(typeInto(initialScreen(IDS), press, context).screen.focus).toBe('panes');
  const twice = typeInto(initialScreen(IDS), `stop ${press}${press}hi\u001D`, context);
  expect([twice.typed, twice.screen.focus, promptText(twice.screen.prompt)]).toEqual([
    '<begin-typing>hi<end-typing>',
    'prompt',
    'stop ',
  ]);
});

test('[TUI-3] a press on what a page suggests does what its digit does', async () => {
  const view = openView(threeAgents);
  const suggestions = [
    { command: 'show diff t1', what: 'see what it changed' },
    { command: 'cancel task t1', what: null },
  ];
  view.swarm.answer = async () =>
    reply({ message: 'it failed\nof itself', text: 'it failed\nof itself', data: { suggestions } });
  await view.see('rehearsal-3');
  const press = (words: string, button = 0) => {
    const rows = view.screen().split('\n');
    const y = rows.findIndex((row) => row.includes(words));
    view.type(`\u001B[<${button};${rows[y]!.indexOf(words) + 1};${y + 1}M`);
  };
  view.type('show failure t1\r');
  await view.see('2 ↵  cancel task t1');
  press('it failed');
  press('Suggested:');
  press('cancel task t1', 2);
  press('cancel task t1');
  await view.gone('Suggested:');
  expect(view.swarm.ran.map(({ text }) => text).filter((text) => text.includes('t1'))).toEqual(['show failure t1']);
  await view.see('❯ cancel task t1');
});
