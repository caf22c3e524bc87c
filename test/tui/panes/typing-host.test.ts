import { expect, test, vi } from 'vitest';
import { moved, reply, threeAgents } from '../fake-swarm.ts';
import { openView } from '../open-view.ts';
import { fakeAgentTerminals } from './fake-agent-terminal.ts';

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
