import { expect, test } from 'vitest';
import { gitBusy } from '../../src/git/errors.ts';
import { openForwards } from '../../src/git/fast-forward.ts';
import type { RunGit } from '../../src/git/run.ts';
import { makeMutex } from '../../src/lib/mutex.ts';
import { temporaryFolder } from '../helpers/folder.ts';

type Meanwhile = { head?: string; tip?: string };

/** A fast-forward of main, checked out at /r, beside a git that is at work there for so many tries and then has done this. */
const forward = async (busy: number, meanwhile: Meanwhile = {}) => {
  // Notes of what is under way are written there.
  using folder = temporaryFolder('git');
  let tries = 0;
  let tip = 'from';
  const said: Record<string, string> = {
    worktree: 'worktree /r\0HEAD from\0branch refs/heads/main\0\0',
    'symbolic-ref': 'refs/heads/main\n',
  };
  const run = (async ([verb = '', second]) => {
    const stdout = said[verb] ?? (second === '--absolute-git-dir' ? `${folder.path}\n` : `${tip}\n`);
    if (verb === 'merge') {
      tries += 1;
      if (tries === busy) {
        said['symbolic-ref'] = `refs/heads/${meanwhile.head ?? 'main'}\n`;
        tip = meanwhile.tip ?? tip;
      }
      if (tries <= busy) throw gitBusy({ reason: '/r/.git/index.lock' });
      tip = 'to';
    }
    return { code: 0, signal: null, stdout, stderr: '', timedOut: false };
  }) as RunGit;
  const moveUnused = async () => true;
  const forwards = openForwards({
    commonDir: folder.path,
    run,
    exclusive: makeMutex(),
    shut: async () => [],
    moveUnused,
  });
  const moved = await forwards.fastForward('main', 'from', 'to');
  return { moved, tries };
};

test('[STO-7] a fast-forward waits for the one that a killed daemon ordered, and not for ever', async () => {
  expect(await forward(0)).toEqual({ moved: { kind: 'moved' }, tries: 1 });
  expect(await forward(3)).toEqual({ moved: { kind: 'moved' }, tries: 4 });
  expect(await forward(1000)).toEqual({
    moved: { kind: 'refused', why: 'another git process holds a lock: /r/.git/index.lock' },
    tries: 20,
  });
});

test('[STO-7] a person at work there meanwhile is not overrun: another branch of theirs stays, and what they moved', async () => {
  const refused = (why: string) => ({ moved: { kind: 'refused', why }, tries: 1 });
  expect(await forward(1, { head: 'feature' })).toEqual(refused('it is not checked out in /r any more'));
  expect(await forward(1, { tip: 'theirs' })).toEqual(refused('main was moved meanwhile'));
  expect(await forward(1, { tip: 'to' })).toEqual({ moved: { kind: 'moved' }, tries: 1 });
});
