import { expect, test } from 'vitest';
import type { ScreenSink } from '../../../src/ports/swarm.ts';
import { openAgentScreens } from '../../../src/tui/panes/agent-screens.ts';
import { rowsOf } from '../screen.ts';

const MB = 1024 * 1024;
const SIZE = { cols: 20, rows: 3 };

/** Screens of agents, each follower of which is told what to say by the test. */
const followedScreens = () => {
  const followers: { sink: ScreenSink; closed: boolean; fail: (error: unknown) => void }[] = [];
  const clock = { ms: 0 };
  const screens = openAgentScreens(
    (_id, sink) => {
      const { promise: ended, resolve: fail } = Promise.withResolvers<unknown>();
      const follower = { sink, closed: false, fail };
      followers.push(follower);
      sink.reset({ ...SIZE, text: `start ${followers.length}` });
      return {
        ended,
        close: () => {
          follower.closed = true;
          fail(null);
        },
      };
    },
    { onReset: () => undefined, onData: () => undefined },
    () => clock.ms,
  );
  return { screens, followers, clock };
};

const flood = new TextEncoder().encode('x\r\n'.repeat(MB / 3));

test('a log that is read faster than its screen is drawn waits, and loses nothing', async () => {
  const { screens, followers } = followedScreens();
  screens.follow(['a-1']);
  const { sink } = followers[0]!;
  let full = sink.data(flood);
  let given = 1;
  while (!full && given < 20) {
    full = sink.data(flood);
    given += 1;
  }
  expect(given).toBeLessThanOrEqual(5);
  await full;
  expect(sink.data(new TextEncoder().encode('the end'))).toBeUndefined();
  const terminal = screens.get('a-1')!;
  await new Promise<void>((resolve) => terminal.write('', resolve));
  expect(rowsOf(terminal)).toEqual(['x', 'x', 'the end']);
});

test('a log waits for no screen that is closed or begins anew', async () => {
  const { screens, followers } = followedScreens();
  screens.follow(['a-1']);
  const { sink } = followers[0]!;
  const wait = () => Promise.all(Array.from({ length: 5 }, () => sink.data(flood)));
  const anew = wait();
  sink.reset({ ...SIZE, text: 'anew' });
  await anew;
  const last = wait();
  screens.follow([]);
  await last;
  expect(followers[0]?.closed).toBe(true);
  expect(sink.data(flood)).toBeUndefined();
});

test('a log that could not be read is followed anew, not more often than now and then', async () => {
  const { screens, followers, clock } = followedScreens();
  screens.follow(['a-1', 'a-2']);
  followers[0]?.fail(new Error('no space'));
  await Promise.resolve();
  clock.ms = 999;
  screens.follow(['a-1', 'a-2']);
  expect(followers).toHaveLength(2);
  clock.ms = 1000;
  screens.follow(['a-1', 'a-2']);
  expect(followers.map(({ closed }) => closed)).toEqual([true, false, false]);
  await new Promise<void>((resolve) => screens.get('a-1')!.write('', resolve));
  expect(rowsOf(screens.get('a-1')!)[0]).toBe('start 3');
  screens.close();
});
