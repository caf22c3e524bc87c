import { expect, test, vi } from 'vitest';
import { handleInput } from '../../../src/tui/control/handle-input.ts';
import type { Effect, KeyContext } from '../../../src/tui/control/key.ts';
import { type InputEvent, makeDecoder } from '../../../src/tui/input/decoder.ts';
import { reduceScreen } from '../../../src/tui/model/screen-reducer.ts';
import { initialScreen, type ScreenState, withPanes, withTabs } from '../../../src/tui/model/screen-state.ts';
import { promptText } from '../../../src/tui/prompt/prompt-state.ts';
import { IDS, keyContext } from '../control/key-context.ts';
import { moved, reply, threeAgents } from '../fake-swarm.ts';
import { openView } from '../open-view.ts';
import { fakeAgentTerminals } from './fake-agent-terminal.ts';

const panes: ScreenState = { ...initialScreen(IDS), focus: 'panes' };

/** The view and the effects after a person has typed this. */
const after = (screen: ScreenState, text: string, context: KeyContext = keyContext()) => {
  const decoder = makeDecoder();
  const events: readonly InputEvent[] = [...decoder.feed(new TextEncoder().encode(text)), ...decoder.flush()];
  const effects: Effect[] = [];
  const last = events.reduce((now, event) => {
    const result = handleInput(now, event, context);
    effects.push(...result.effects);
    return result.screen;
  }, screen);
  const typed = effects.map((effect) => (effect.kind === 'type' ? effect.event.raw : `<${effect.kind}>`)).join('');
  return { screen: last, typed };
};

test.each([
  ['a burst with Enter', '\rhi\r', '<begin-typing>hi\r'],
  [
    'keys that mean much to the view',
    '\rqa:\u0003\u001A\u0007\u001B[A\t',
    '<begin-typing>qa:\u0003\u001A\u0007\u001B[A\t',
  ],
  ['a paste as it came', '\r\u001B[200~two\nlines\u001B[201~', '<begin-typing>\u001B[200~two\nlines\u001B[201~'],
  ['a line of an input method', '\rにほんご👍🏽e\u0301', '<begin-typing>にほんご👍🏽e\u0301'],
  [
    'keys that the view does not know',
    '\r\u001B[25~\u001B[57441u\u001BOx',
    '<begin-typing>\u001B[25~\u001B[57441u\u001BOx',
  ],
  ['a second chord', '\rhi\u001D\u001Dho', '<begin-typing>hi<end-typing><begin-typing>ho'],
])('%s goes to the agent that has the keyboard, in order', (_what, keys, typed) => {
  expect(after(panes, keys).typed).toBe(typed);
});

test('what the terminal answers to questions of ours is not typed into an agent', () => {
  const answers = '\u001B[0n\u001B[?62;c\u001B]11;rgb:0/0/0\u0007\u001B[12;40R\u001B[I\u001B[3n\u001BP1$r0m\u001B\\';
  expect(after(panes, `\r${answers}x`).typed).toBe('<begin-typing>x');
});

test('the chord takes the keyboard back, and what follows in the same burst is for the view', () => {
  const { screen, typed } = after(panes, '\rhi\u001Dl');
  expect([typed, screen.panes.typing, screen.panes.selected, screen.focus]).toEqual([
    '<begin-typing>hi<end-typing>',
    null,
    'a-2',
    'panes',
  ]);
  expect(after(initialScreen(IDS), '\rhi\u001Dx').screen.focus).toBe('prompt');
});

test('while an agent has the keyboard a question of ours waits: no key of its answers it', () => {
  const confirm = { targets: ['a-1'], loses: 'x', token: 't', expires: '' };
  const typing = after(panes, '\r').screen;
  const asked = reduceScreen(typing, { kind: 'replied', command: 'stop all', reply: reply({ exit: 5, confirm }) });
  expect(after(asked, 'y\r').typed).toBe('y\r');
  expect(after(asked, 'y\u001D').screen.overlays.dialog?.command).toBe('stop all');
});

test('whoever types into an agent that has gone types into nothing until they have seen it', () => {
  const typing = after(panes, '\r').screen;
  const over = reduceScreen(typing, { kind: 'left', id: 'a-1', reason: 'its session has ended' });
  expect(after(over, 'stop all q')).toMatchObject({
    typed: '',
    screen: { panes: { typing: { over: 'its session has ended' } } },
  });
  for (const key of ['\r', '\u001D', '\u001B']) expect(after(over, `abc${key}`).screen.panes.typing).toBeNull();
  expect(reduceScreen(typing, { kind: 'left', id: 'a-1', reason: null }).panes.typing).toBeNull();
  expect(reduceScreen(typing, { kind: 'left', id: 'a-9', reason: null }).panes.typing?.id).toBe('a-1');
  const gone = reduceScreen(typing, { kind: 'instances', ids: ['a-2'], shown: ['a-2'] });
  expect(after(gone, 'q').screen).toMatchObject({
    panes: { selected: 'a-2', typing: { id: 'a-1', over: 'it is gone' } },
  });
});

test('nobody types into an agent that is not on the screen', () => {
  expect(after(withTabs(panes, { open: 'tasks' }), '\u001D').typed).toBe('');
  expect(after(withPanes(panes, { selected: null }), '\r').typed).toBe('');
});

test('the mouse in the pane is the agent’s where it asked for it, else it reads back; elsewhere it takes the keyboard back', () => {
  const pane = { x: 10, y: 5, width: 20, height: 10 };
  const places = [{ id: 'a-1', frame: pane, pane }];
  const typing = after(panes, '\r').screen;
  const click = '\u001B[<0;12;8M';
  const wheel = '\u001B[<64;12;8M';
  const context = keyContext({ bounds: places, scroll: { most: 100, height: 10 } });
  expect(after(typing, click + wheel, { ...context, mouseWanted: true }).typed).toBe('\u001B[<0;2;3M\u001B[<64;2;3M');
  expect(after(typing, click, context).typed).toBe('');
  expect(after(typing, wheel, context).screen.panes.scroll).toEqual({ id: 'a-1', above: 3 });
  expect(after(typing, `${wheel}x`, context)).toMatchObject({ typed: 'x', screen: { panes: { scroll: null } } });
  expect(after(typing, '\u001B[<0;1;1m', context).screen.panes.typing).not.toBeNull();
  expect(after(typing, '\u001B[<0;1;1M', context)).toMatchObject({
    typed: '<end-typing>',
    screen: { panes: { typing: null } },
  });
});

test('half a command stays one when a pane is pressed, and a double press types into the pane and comes back to it', () => {
  const pane = { x: 10, y: 5, width: 20, height: 10 };
  const context = keyContext({ bounds: [{ id: 'a-2', frame: pane, pane }] });
  const press = '\u001B[<0;12;8M';
  const pressed = after(initialScreen(IDS), `stop ${press}all`, context).screen;
  expect([pressed.focus, pressed.panes.selected, promptText(pressed.prompt)]).toEqual(['prompt', 'a-2', 'stop all']);
  const searched = after(initialScreen(IDS), `\u0012${press}q`, context);
  expect([searched.screen.focus, searched.typed]).toEqual(['prompt', '']);
  expect(after(initialScreen(IDS), press, context).screen.focus).toBe('panes');
  const twice = after(initialScreen(IDS), `stop ${press}${press}hi\u001D`, context);
  expect([twice.typed, twice.screen.focus, promptText(twice.screen.prompt)]).toEqual([
    '<begin-typing>hi<end-typing>',
    'prompt',
    'stop ',
  ]);
});

test('Enter gives the keyboard to the agent in its place: frame and footer say so, its terminal is drawn, keys wait for it', async () => {
  const { promise: gate, resolve: come } = Promise.withResolvers<void>();
  const { visits, visit } = fakeAgentTerminals({ gate });
  const view = openView(threeAgents, { openAgentTerminal: visit });
  await view.see('rehearsal-3');
  view.logs.print('rehearsal-1', 'from the log');
  view.type('\rearly ');
  await view.see('╔═ ▶ rehearsal-1 ═');
  await view.see('keys go to rehearsal-1 · Ctrl-] returns');
  await view.see('from the log');
  come();
  await vi.waitUntil(() => visits[0]?.typed === 'early ');
  await visits[0]?.print('\u001B[2J\u001B[Hits own screen\u001B[5;3H\u001B]0;evil\u0007');
  await view.see('its own screen');
  await vi.waitUntil(() => view.tty.terminal.buffer.active.cursorX === 3);
  expect(view.tty.written.join('')).not.toContain('evil');
  expect(visits[0]?.sizes.at(-1)).toEqual({ cols: 118, rows: 27 });
  // Without a connection everything else may not be true any more; what is typed into is seen itself.
  view.swarm.setConnected(false);
  await view.see('no connection');
  expect(view.tty.terminal.buffer.active.getLine(3)?.getCell(1)?.isDim()).toBe(0);
  view.swarm.setConnected(true);
  view.resize(100, 30);
  await vi.waitUntil(() => visits[0]?.sizes.at(-1)?.cols === 98);
  view.type('\u001D');
  await view.see('■ rehearsal-3');
  await vi.waitUntil(() => visits[0]?.closed);
  expect(view.swarm.ran.map(({ text }) => text)).toEqual(['attach rehearsal-1']);
});

test('a kept filter never takes the keyboard away: who is typed into stays shown until the person goes back', async () => {
  const { visits, visit } = fakeAgentTerminals();
  const view = openView(threeAgents, { openAgentTerminal: visit });
  await view.panes();
  view.type('/idle');
  await view.see('▶ rehearsal-3');
  view.type('\r');
  await view.gone('Enter keep');
  view.type('\rprompt');
  await vi.waitUntil(() => visits[0]?.typed === 'prompt');
  view.swarm.apply(moved('rehearsal-3', 'working'));
  await view.see('3 working');
  await view.see('keys go to rehearsal-3');
  view.type(' more');
  await vi.waitUntil(() => visits[0]?.typed === 'prompt more');
  view.type('\u001D');
  await view.see('No agent has “idle” in its name');
});

test('only an agent that is really gone is over, and the selection moves only from one that is not shown', () => {
  const typing = after(panes, '\r').screen;
  const hidden = reduceScreen(typing, { kind: 'instances', ids: IDS, shown: ['a-2'] });
  expect(hidden).toMatchObject({ panes: { selected: 'a-2', typing: { id: 'a-1', over: null } } });
  const shown = reduceScreen(typing, { kind: 'instances', ids: IDS, shown: ['a-3', 'a-1'] });
  expect(shown).toBe(typing);
});

test('an agent that cannot be typed into says why, and nothing that was meant for it does anything', async () => {
  const { visit } = fakeAgentTerminals();
  const view = openView(threeAgents, { openAgentTerminal: visit });
  await view.see('rehearsal-3');
  view.swarm.answer = async () => reply({ exit: 6, message: 'rehearsal-1 has no session' });
  view.type('\rhello q');
  await view.see('rehearsal-1: rehearsal-1 has no session · Enter goes back');
  view.type('quit\r');
  await view.see('Enter type into it');
  expect(view.swarm.ran).toHaveLength(1);
  view.swarm.answer = () => Promise.reject(new Error('no connection'));
  view.type('\r');
  await view.see('rehearsal-1: no connection · Enter goes back');
});

test('where nobody can type at all it is said', async () => {
  const view = openView(threeAgents);
  await view.see('rehearsal-3');
  view.type('\r');
  await view.see('nobody can type here · Enter goes back');
});

test('who leaves while the way to the agent is still being found goes back at once, and what they typed arrives', async () => {
  const { promise: gate, resolve: come } = Promise.withResolvers<void>();
  const { visits, visit } = fakeAgentTerminals({ gate });
  const view = openView(threeAgents, { openAgentTerminal: visit });
  await view.see('rehearsal-3');
  view.type('\rx');
  await view.see('keys go to rehearsal-1');
  view.type('\u001D');
  await view.see('Enter type into it');
  come();
  await vi.waitUntil(() => visits[0]?.closed);
  expect(visits[0]?.typed).toBe('x');
});

test('who types nothing and leaves again is never taken there', async () => {
  const { visits, visit } = fakeAgentTerminals();
  const view = openView(threeAgents, { openAgentTerminal: visit });
  await view.see('rehearsal-3');
  view.type('\r\u001D');
  view.type('\rhi');
  await vi.waitUntil(() => visits[0]?.typed === 'hi');
  expect(visits).toHaveLength(1);
});

test('who leaves and enters again in one burst waits until the window is as it was, and no key is lost or overtaken', async () => {
  const { promise: leaving, resolve: go } = Promise.withResolvers<void>();
  const { visits, visit } = fakeAgentTerminals({ leaving });
  const view = openView(threeAgents, { openAgentTerminal: visit });
  await view.see('rehearsal-3');
  view.type('\rone');
  await vi.waitUntil(() => visits[0]?.typed === 'one');
  view.type(' two\u001D\rthree\u001D\rfour');
  await view.see('keys go to rehearsal-1');
  go();
  await vi.waitUntil(() => visits[2]?.typed === 'four');
  expect(visits.map(({ typed, alone }) => [typed, alone])).toEqual([
    ['one two', true],
    ['three', true],
    ['four', true],
  ]);
});

test('who leaves the program at once after typing has typed it all the same', async () => {
  const { promise: gate, resolve: come } = Promise.withResolvers<void>();
  const { visits, visit } = fakeAgentTerminals({ gate });
  const view = openView(threeAgents, { openAgentTerminal: visit });
  await view.see('rehearsal-3');
  view.type('\rprompt\r\u001D');
  view.host.emit('SIGTERM');
  come();
  expect(await view.done).toBe(143);
  expect(visits[0]).toMatchObject({ typed: 'prompt\r', closed: true });
});

test('a daemon that does not answer keeps nobody from leaving the program', async () => {
  const { visit } = fakeAgentTerminals();
  const view = openView(threeAgents, { openAgentTerminal: visit });
  await view.see('rehearsal-3');
  view.swarm.answer = () => new Promise(() => undefined);
  view.type('\rprompt\r\u001D');
  view.host.emit('SIGTERM');
  expect(await view.done).toBe(143);
});

test('leaving the program takes the keyboard back first, and late words of the terminal are let go', async () => {
  const { visits, visit } = fakeAgentTerminals();
  const view = openView(threeAgents, { openAgentTerminal: visit });
  await view.see('rehearsal-3');
  view.type('\r');
  await vi.waitUntil(() => visits.length === 1);
  await visits[0]?.print('\u001B[?1002h\u001B[?1006hhello');
  await view.see('hello');
  await vi.waitUntil(() => view.tty.terminal.modes.mouseTrackingMode === 'drag');
  view.type('\u001B[<0;5;5M');
  await vi.waitUntil(() => visits[0]?.typed.endsWith('M'));
  view.host.emit('SIGTERM');
  expect(await view.done).toBe(143);
  await view.tty.read();
  expect([visits[0]?.closed, view.tty.terminal.modes.mouseTrackingMode]).toEqual([true, 'none']);
  await visits[0]?.print('late');
  visits[0]?.onEnd('its terminal is gone');
});
