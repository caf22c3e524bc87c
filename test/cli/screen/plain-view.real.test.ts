import type { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { openPlainView } from '../../../src/cli/screen/plain-view.ts';
import { testIo } from '../../helpers/io.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';

/** `drover` on a terminal that can only print. */
const open = ({ root, env }: Swarm, more: Record<string, string> = {}) => {
  const { io, text, printed } = testIo({ cwd: root, env: { ...env, TERM: 'dumb', ...more }, tty: true });
  const done = openPlainView(io);
  const input = io.stdin as unknown as PassThrough;
  return { io, text, printed, done, input, type: (line: string) => void input.write(`${line}\n`) };
};

test('[TUI-7] on a dumb terminal the swarm is told line by line, and commands can be typed', async () => {
  // Long enough that nobody looks away while it is at work.
  await using swarm = await openSwarm({ env: { DROVER_REHEARSAL_TASK_MS: '2000' } });
  const { text, printed, done, type } = open(swarm);
  await printed(/No agent yet\. (?:No agent program is here|Try: )/);
  await printed(/Type a command, or q to leave/);
  type('launch 1 instances agent=rehearsal');
  await printed(/^Launched 1 instance/m);
  await printed(/^\d\d:\d\d:\d\d rehearsal-1 is idle$/m);
  type('');
  await swarm.say('create task "Parse the lines"');
  type('run task t1');
  await printed(/rehearsal-1 is working on t1 Parse the lines$/m);
  await printed(/task t1 Parse the lines is done, unchecked$/m);
  type('rnu');
  await printed(/did you mean/i);
  type('stop instance rehearsal-1 force');
  await printed(/Type yes to do it/);
  type('no');
  await printed(/Not done: stop instance rehearsal-1/);
  type('stop instance rehearsal-1 force');
  await printed(/Type yes to do it.*Type yes to do it/su);
  type('yes');
  await printed(/rehearsal-1 is stopped/);
  type('q');
  expect(await done).toBe(0);
  expect(text.stdout).not.toContain('\u001B');
  expect(Object.keys((await swarm.state()).instances)).toEqual(['rehearsal-1']);
});

test('a daemon that goes and comes back is told, and what happened meanwhile', async () => {
  await using swarm = await openSwarm();
  const { printed, done, input } = open(swarm);
  await printed(/q to leave/);
  await swarm.close();
  await printed(/no connection to the daemon/);
  await swarm.reopen();
  await printed(/connected to the daemon again/);
  input.end();
  expect(await done).toBe(0);
});

test.each([
  ['SIGINT', 130],
  ['SIGHUP', 129],
] as const)('%s ends it with code %i, and the agents go on', async (signal, code) => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instances');
  const { printed, done } = open(swarm);
  await printed(/q to leave/);
  process.emit(signal, signal);
  expect(await done).toBe(code);
  expect(swarm.tmux('list-sessions')).toContain('rehearsal-1');
});

test('whoever stops reading ends it as well', async () => {
  await using swarm = await openSwarm();
  const { io, printed, done } = open(swarm);
  await printed(/q to leave/);
  io.stdout.emit('error', new Error('EPIPE'));
  expect(await done).toBe(141);
});

test('where the locale knows only ASCII, only that is printed', async () => {
  await using swarm = await openSwarm({ env: { LANG: 'C' } });
  const { text, printed, done, type } = open(swarm);
  await printed(/q to leave/);
  type('create task "Größe der Übersicht … prüfen"');
  await printed(/t1/);
  type('list tasks');
  await printed(/Grosse|Grose/);
  type('exit');
  expect(await done).toBe(0);
  expect(text.stdout).toMatch(/^[\n -~]*$/);
});
