import { expect, test } from 'vitest';
import { runsIn } from '../../../src/daemon/watch/git-trail.ts';
import { suspectsOf } from '../../../src/daemon/watch/ref-suspects.ts';

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

const suspected = (text: string, ref = 'refs/heads/main', to: string | null = 'b'): readonly string[] => {
  const moment = { since: Date.parse(at(4)), until: Date.parse(at(4)), heads: {}, root: '/r' };
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
});

test('a line that was cut off, or is none, is left out', () => {
  expect(runsIn('kiro-1', '{"event":"start","sid":"1","ti\nnonsense\n{"event":"start"}\n', GUARD)).toEqual([]);
});
