import { expect, test } from 'vitest';
import { runsIn } from '../../../src/daemon/watch/git-trail.ts';
import { isFromElsewhere, suspectsOf } from '../../../src/daemon/watch/ref-suspects.ts';

const GUARD = '/r/.git/drover/guard';
const at = (second: number): string => `2026-01-01T00:00:0${second}.000000Z`;

/** What git writes down of a run, from one second to another. */
const trail = (sid: string, [from, to]: readonly [number, number], argv: readonly string[], hooked = false): string =>
  [
    { event: 'start', sid, time: at(from), argv },
    { event: 'def_repo', sid, time: at(from), worktree: '/w/kiro-1' },
    ...(hooked
      ? [
          {
            event: 'child_start',
            sid,
            hook_name: 'reference-transaction',
            argv: [`${GUARD}/hooks-1/reference-transaction`],
          },
        ]
      : []),
    { event: 'atexit', sid, time: at(to) },
  ]
    .map((told) => JSON.stringify(told))
    .join('\n');

const suspected = (
  text: string,
  ref = 'refs/heads/main',
  to: string | null = 'b',
  gone: readonly number[] = [],
): readonly string[] => {
  const moment = { since: Date.parse(at(4)), until: Date.parse(at(4)), gone, heads: {}, root: '/r' };
  return suspectsOf(runsIn('kiro-1', text, GUARD), { ref, from: 'a', to }, moment).map(({ argv }) => argv.join(' '));
};

test('only who was told of the ref, ran at that moment and went past the guard is suspected', () => {
  const move = ['git', '-c', 'core.hooksPath=/dev/null', 'branch', '-f', 'main', 'HEAD'];
  expect(suspected(trail('1', [3, 5], move))).toEqual([move.join(' ')]);
  expect(suspected(trail('1', [3, 5], move, true))).toEqual([]);
  expect(suspected(trail('1', [1, 2], move))).toEqual([]);
  expect(suspected(trail('1', [3, 5], move), 'refs/heads/maintenance')).toEqual([]);
  // A commit that is called HEAD is only read.
  expect(suspected(trail('1', [3, 5], move), 'HEAD')).toEqual([]);
  expect(suspected(trail('1', [3, 5], ['git', 'log', 'main']))).toEqual([]);
  expect(suspected(trail('1', [3, 5], ['git', 'branch', '--contains', 'main']))).toEqual([]);
  expect(suspected(trail('1', [3, 5], ['git', 'commit', '-m', 'main']))).toEqual([]);
});

test('at the other end of a push the push counts, and what is told on standard input counts by its moment alone', () => {
  const push = ['git', 'push', '--no-verify', '.', 'HEAD:main'];
  const both = `${trail('1', [3, 5], push)}\n${trail('1/2', [4, 5], ['git-receive-pack', '.'])}`;
  expect(suspected(both)).toEqual([push.join(' '), 'git-receive-pack .']);
  const fed = trail('1', [3, 5], ['git', 'update-ref', '--stdin']);
  expect(suspected(fed)).toEqual(['git update-ref --stdin']);
  expect(suspected(fed, 'refs/heads/main', null)).toEqual([]);
  // Of what is gone only the moment at which it went speaks, and a run of another repository is none.
  expect(suspected(fed, 'refs/heads/main', null, [Date.parse(at(1)), Date.parse(at(4))])).toHaveLength(1);
  expect(suspected(fed, 'refs/heads/main', null, [Date.parse(at(7))])).toEqual([]);
  const elsewhere = fed.replace('"/w/kiro-1"', 'null');
  expect(suspected(elsewhere, 'refs/heads/main', null, [Date.parse(at(4))])).toEqual([]);
});

test('the branch of the checkout was moved from elsewhere where the log of its HEAD does not say so', () => {
  const trace = (to: string | null) => ({
    ...{ writtenAt: 1, goneAt: [], hasLog: to !== null },
    last: to === null ? null : { to, message: 'commit' },
  });
  const moved = { ref: 'refs/heads/main', from: 'a', to: 'b' };
  const now = 'ref: refs/heads/main';
  expect(isFromElsewhere(moved, { now, trace: trace('a') })).toBe(true);
  expect(isFromElsewhere(moved, { now, trace: trace('b') })).toBe(false);
  expect(isFromElsewhere(moved, { now, trace: trace(null) })).toBe(false);
  expect(isFromElsewhere(moved, { now: 'ref: refs/heads/other', trace: trace('a') })).toBe(false);
  expect(isFromElsewhere({ ...moved, to: null }, { now, trace: trace('a') })).toBe(false);
});

test('a line that was cut off, or is none, is left out', () => {
  expect(runsIn('kiro-1', '{"event":"start","sid":"1","ti\nnonsense\n{"event":"start"}\n', GUARD)).toEqual([]);
});
