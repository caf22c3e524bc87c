import { EventEmitter } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { holdConsole, watchProcessEnd } from '../../../src/tui/app/lifecycle.ts';

test('every end of the process is heard with its exit code, until the watch ends', () => {
  const host = new EventEmitter();
  const heard: unknown[] = [];
  const stop = watchProcessEnd(host, {
    onSignal: (code) => heard.push(code),
    onStop: () => heard.push('stop'),
    onCrash: () => heard.push('crash'),
  });
  const events = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGTSTP', 'uncaughtExceptionMonitor', 'exit'];
  for (const event of events) host.emit(event);
  expect(heard).toEqual([130, 143, 129, 'stop', 'crash', 'crash']);
  stop();
  expect(host.eventNames()).toEqual([]);
});

test('what is said to the console meanwhile is kept, the last of it, and the console is given back', () => {
  const own = globalThis.console;
  onTestFinished(() => {
    globalThis.console = own;
  });
  const release = holdConsole();
  for (let i = 1; i <= 250; i += 1) globalThis.console[i % 2 === 0 ? 'log' : 'error'](`line ${i}`);
  const said = release().trimEnd().split('\n');
  expect([said.length, said[0], said.at(-1)]).toEqual([200, 'line 51', 'line 250']);
  expect(globalThis.console).toBe(own);
});
