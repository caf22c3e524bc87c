import { expect, test } from 'vitest';
import { makeNewsWatch, windowTitle } from '../../../src/tui/model/news.ts';
import { after, begin, created, failed, instance, started, unchecked, verified } from '../../tasks/journal.ts';

test('the title counts who needs somebody and what is done, without anything that could act on a terminal', () => {
  expect(windowTitle(begin(), 'repo')).toBe('repo');
  const state = begin(...instance('a-1', 'waiting'), created('1'), created('2'), started('1', 'a-2'), verified('1'));
  expect(windowTitle(state, 'repo')).toBe('? 1 · 1/2 repo');
  const unseen = begin(created('1'), created('2'), started('1', 'a-2'), unchecked('1'));
  expect(windowTitle(unseen, 'repo')).toBe('1/2 (1 unchecked) repo');
  const hostile = windowTitle(state, `re\u001B]2;x\u0007\u009Bpo\n${'long'.repeat(40)}`);
  expect(hostile).not.toMatch(/\p{Cc}/u);
  expect(hostile.length).toBeLessThanOrEqual(60);
});

test('each thing is new once, and what was there at first never', () => {
  const first = begin(...instance('a-1', 'waiting'), created('1'), created('2'), started('1', 'a-1'));
  const newsOf = makeNewsWatch(first, 'repo');
  expect(newsOf(first)).toBeNull();
  const asked = after(first, ...instance('a-2', 'waiting'), ...instance('a-3', 'waiting'));
  expect(newsOf(asked)).toMatch(/^drover repo: a-2 .*, and 1 more$/u);
  expect(newsOf(asked)).toBeNull();
  const done = begin(created('1'), started('1', 'a-1'), verified('1'));
  const over = makeNewsWatch(begin(created('1')), 'repo');
  expect(over(done)).toBe('drover repo: the task is done');
  const all = ['1', '2'].flatMap((id) => [created(id), started(id, 'a-1'), unchecked(id)]);
  expect(makeNewsWatch(begin(created('1')), 'repo')(begin(...all.slice(0, 3)))).toMatch(
    /: the task is done, unchecked$/u,
  );
  expect(makeNewsWatch(begin(created('1')), 'repo')(begin(...all))).toMatch(
    /: all 2 tasks are done, 2 of them unchecked$/u,
  );
  expect(over(done)).toBeNull();
  expect(makeNewsWatch(begin(created('1'), started('1', 'a-1'), failed('1')), 'r')(begin())).toBeNull();
});
