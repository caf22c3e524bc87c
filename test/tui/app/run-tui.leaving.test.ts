import { expect, test, vi } from 'vitest';
import { created, reply, threeAgents } from '../fake-swarm.ts';
import { openView } from '../open-view.ts';

test('attaching gives the terminal away and takes it back with the same pane selected', async () => {
  const { see, type, handedOver, tty, listening, panes } = openView();
  await see('rehearsal-3');
  await panes();
  type('l');
  await see('▶ rehearsal-2');
  const from = tty.written.length;
  type('a');
  await vi.waitUntil(() => handedOver.length === 1 && listening());
  await see('▶ rehearsal-2');
  expect(handedOver).toEqual([{ argv: ['tmux', 'attach', '-t', 'rehearsal-2'], env: { A: 'b' } }]);
  const written = tty.written.slice(from).join('');
  expect(written.indexOf('?1049l')).toBeLessThan(written.indexOf('?1049h'));
  type('a');
  await see('✖ attaching ended with code 1');
  type('i');
  await see('❯ ');
  type('attach rehearsal-3\r');
  await vi.waitUntil(() => handedOver.length === 3 && listening());
  expect(handedOver[2]?.argv).toEqual(['tmux', 'attach', '-t', 'rehearsal-3']);
});

test('what is typed while the terminal is being handed over does nothing here', async () => {
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  const view = openView();
  await view.see('rehearsal-3');
  await view.panes();
  const { swarm } = view;
  swarm.answer = async () => {
    await answered;
    return reply();
  };
  view.type('aq');
  view.type('stop all\rq');
  answer();
  await vi.waitUntil(() => view.handedOver.length === 1 && view.listening());
  await view.see('▶ rehearsal-1');
  expect(swarm.ran.map(({ text }) => text)).toEqual(['attach rehearsal-1']);
  view.type('l');
  await view.see('▶ rehearsal-2');
});

test('while another program has the terminal its Ctrl-C is not ours, and an end does not take the terminal back', async () => {
  const { promise: guest, resolve: leave } = Promise.withResolvers<number>();
  const view = openView(threeAgents, {
    visitor: () => {
      // As of a program that is ended before it has put right what it changed.
      view.tty.writeNow('\u001B[?7l\u001B[?25l\u001B[?1002h');
      return guest;
    },
  });
  await view.see('rehearsal-3');
  await view.panes();
  view.type('a');
  await vi.waitUntil(() => view.handedOver.length === 1);
  view.host.emit('SIGINT');
  view.resize(100, 30);
  expect(await Promise.race([view.done, Promise.resolve('still there')])).toBe('still there');
  view.host.emit('SIGTERM');
  expect(await view.done).toBe(143);
  expect(view.endedGuests()).toBe(1);
  leave(0);
  await guest;
  await view.tty.read();
  expect([view.listening(), view.tty.terminal.buffer.active.type]).toEqual([false, 'normal']);
  expect(view.tty.terminal.modes).toMatchObject({ wraparoundMode: true, mouseTrackingMode: 'none' });
});

test('Ctrl-Z and a stop from outside suspend the program and take the terminal back', async () => {
  const { see, type, stopped, host, listening } = openView();
  await see('rehearsal-3');
  type('\u001A');
  await vi.waitUntil(() => stopped() === 1 && listening());
  host.emit('SIGTSTP');
  host.emit('SIGTSTP');
  await vi.waitUntil(() => stopped() === 2 && listening());
  await see('rehearsal-3');
});

test('q leaves, restores the terminal and says that the agents go on', async () => {
  const { see, type, done, tty, swarm, logs, host, screen, panes } = openView();
  await see('rehearsal-3');
  await panes();
  console.log('said meanwhile');
  type('q');
  expect(await done).toBe(0);
  await tty.read();
  expect(tty.terminal.buffer.active.type).toBe('normal');
  expect(screen()).toContain('3 agents keep running. "drover" brings the screen back.');
  expect(screen()).toContain('said meanwhile');
  expect(swarm.ran).toEqual([]);
  expect(logs.following.size).toBe(0);
  expect(host.eventNames()).toEqual([]);
});

test('Ctrl-C asks once and then leaves', async () => {
  const { see, type, done, panes } = openView([created(1)]);
  await see('rehearsal-1');
  await panes();
  type('\u0003');
  await see('Ctrl-C again leaves; the agents go on');
  type('j\u0003');
  await see('Ctrl-C again leaves');
  type('\u0003');
  expect(await done).toBe(0);
});

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
  ['SIGHUP', 129],
])('%s restores the terminal and ends with %d', async (signal, code) => {
  const { see, done, host, tty, screen } = openView([]);
  await see('No agent yet.');
  host.emit(signal);
  expect(await done).toBe(code);
  await tty.read();
  expect(screen()).toContain('No agent is running. "drover" brings the screen back.');
});

test('a view whose terminal is gone ends', async () => {
  const { see, done, hangUp } = openView();
  await see('rehearsal-3');
  hangUp();
  expect(await done).toBe(129);
});

test('a crash restores the terminal before anything is printed', async () => {
  const { see, host, tty, endedGuests } = openView();
  await see('rehearsal-3');
  host.emit('uncaughtExceptionMonitor', new Error('bug'));
  expect(endedGuests()).toBe(1);
  await tty.read();
  expect(tty.terminal.buffer.active.type).toBe('normal');
});

test('a panel that throws ends the view with its error', async () => {
  const { done } = openView(threeAgents, {
    now: () => {
      throw new Error('no clock');
    },
  });
  await expect(done).rejects.toThrow('no clock');
});

test('attaching to an agent that has no session says why, and the terminal stays', async () => {
  const { see, type, handedOver, swarm, panes } = openView();
  await see('rehearsal-3');
  await panes();
  swarm.answer = async () => reply({ exit: 6, message: 'rehearsal-1 has no session', hint: 'Restart it.' });
  type('a');
  await see('✖ rehearsal-1 has no session   Restart it.');
  swarm.answer = async () => reply({ exit: 3, message: 'nobody is called so' });
  type('iattach rehearsal-9\r');
  await see('✖ nobody is called so');
  swarm.answer = () => Promise.reject(new Error('no daemon'));
  type('attach rehearsal-1\r');
  await see('✖ no daemon');
  type('half a line');
  await see('❯ half a line');
  expect(handedOver).toEqual([]);
});
