import { expect, test } from 'vitest';
import { captionLines } from '../../../src/tui/model/caption-lines.ts';
import { openView } from '../open-view.ts';
import { threeAgents } from '../fake-swarm.ts';

test('what a guide says is wrapped with a blank at its side, and nothing is nothing', () => {
  expect(captionLines('', 80)).toEqual([]);
  expect(captionLines('one two\nthree', 9)).toEqual([' one two', ' three']);
  expect(captionLines('one two three', 9)).toEqual([' one two', ' three']);
  expect(captionLines('each with a session and a worktree of its own', 30)).toEqual([
    ' each with a session and a',
    ' worktree of its own',
  ]);
});

test('a guide speaks above everything, changes what it says, falls silent and ends the view', async () => {
  const listeners = new Set<() => void>();
  const left = Promise.withResolvers<void>();
  let caption = 'First this';
  const say = (text: string) => {
    caption = text;
    for (const listener of listeners) listener();
  };
  const guide = {
    get caption() {
      return caption;
    },
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    left: left.promise,
  };
  const view = openView(threeAgents, { guide });
  const firstRow = () => view.screen().split('\n')[0]!.trimEnd();
  await view.see('First this');
  expect(firstRow()).toBe(' First this');
  say('Then that');
  await view.see('Then that');
  say('');
  await view.see(/^ ◆ drover/u);
  expect(firstRow()).toMatch(/^ ◆ drover/u);
  left.resolve();
  expect(await view.done).toBe(0);
  expect(listeners.size).toBe(0);
});
