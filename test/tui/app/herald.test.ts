import { expect, test, vi } from 'vitest';
import { moved, threeAgents } from '../fake-swarm.ts';
import { openView } from '../open-view.ts';

const viewWith = (bell: 'off' | 'bell' | 'notify', env: Record<string, string> = {}, title = true) =>
  openView(threeAgents, { heralds: () => ({ title, bell }) }, undefined, env);
const asks = moved('rehearsal-1', 'waiting', 'Which \u001B]9;port?');

test('a new question is notified once, in plain characters, and the title counts it', async () => {
  const view = viewWith('notify');
  const written = () => view.tty.written.join('');
  await view.see('rehearsal-3');
  await vi.waitUntil(() => written().includes('\u001B[22;2t\u001B]2;0/3 main-repo\u001B\\'));
  view.swarm.apply(asks);
  await vi.waitUntil(() => written().includes('\u001B]2;? 1 · 0/3 main-repo\u001B\\'));
  view.swarm.apply(moved('rehearsal-3', 'working'));
  await view.see('● 2 working');
  expect(written().split('\u001B]9;drover main-repo: rehearsal-1 asks').length).toBe(2);
  view.host.emit('SIGTERM');
  await view.done;
  expect(written().split('\u001B[23;2t').length).toBe(2);
});

test('inside tmux it is a bell; who wants neither gets neither', async () => {
  const inTmux = viewWith('notify', { TMUX: '/tmp/x,1,0' });
  await inTmux.see('rehearsal-3');
  inTmux.swarm.apply(asks);
  await inTmux.see('1 needs you');
  await vi.waitUntil(() => inTmux.tty.written.includes('\u0007'));
  expect(inTmux.tty.written.join('')).not.toContain('\u001B]9;');
  const quiet = viewWith('off', {}, false);
  await quiet.see('rehearsal-3');
  quiet.swarm.apply(asks);
  await quiet.see('1 needs you');
  expect(quiet.tty.written.join('')).not.toMatch(/\u001B\](?:2|9);|\u001B\[2[23];2t|\u0007/u);
});
