import { expect, test, vi } from 'vitest';
import { daemonRepository } from '../helpers/daemon.ts';
import { openDrover } from './terminal.ts';

type Screen = ReturnType<typeof openDrover>;

/** What a terminal is told beside what it draws, in one whose window had a title before. */
const listenTo = ({ terminal }: Screen) => {
  const heard = { title: '', bells: 0 };
  terminal.options.windowOptions = { pushTitle: true, popTitle: true };
  terminal.onTitleChange((title) => {
    heard.title = title;
  });
  terminal.onBell(() => {
    heard.bells += 1;
  });
  terminal.write('\u001B]2;my shell\u001B\\');
  return heard;
};

test('the window says who needs somebody and rings once for a question and once for the end; then it is as it was', async () => {
  await using repository = daemonRepository({ env: { DROVER_REHEARSAL_TASK_MS: '50..100' } });
  const { root, env } = repository;
  const screen = openDrover([], { cwd: root, env });
  const heard = listenTo(screen);
  await screen.see('No agent yet.');
  screen.type('create task "Ask" description="rehearse: ask Which port?"\r');
  await screen.see('Created t1');
  screen.type('run all tasks\r');
  await vi.waitUntil(() => heard.title === '? 1 · 0/1 r');
  await vi.waitUntil(() => heard.bells === 1);
  const second = openDrover([], { cwd: root, env });
  const late = listenTo(second);
  await vi.waitUntil(() => late.title === '? 1 · 0/1 r');
  screen.type('answer rehearsal-1 "8080"\r');
  await vi.waitUntil(() => heard.title === '1/1 (1 unchecked) r' && late.title === '1/1 (1 unchecked) r');
  await vi.waitUntil(() => late.bells === 1 && heard.bells === 2);
  for (const one of [screen, second]) {
    one.type('\u0003');
    one.type('\u0003');
    expect(await one.ended()).toBe(0);
  }
  expect([heard, late]).toEqual([
    { title: 'my shell', bells: 2 },
    { title: 'my shell', bells: 1 },
  ]);
});
