import { expect, test } from 'vitest';
import { gitBusy } from '../../src/git/errors.ts';
import { fastForwardWith } from '../../src/git/fast-forward.ts';
import type { RunGit } from '../../src/git/run.ts';
import { makeMutex } from '../../src/lib/mutex.ts';

/** A fast-forward of main, checked out at /r, beside a git that is at work there for so many tries. */
const forward = async (busy: number) => {
  let tries = 0;
  const run = (async ([verb]) => {
    const stdout = verb === 'worktree' ? 'worktree /r\0HEAD from\0branch refs/heads/main\0\0' : 'from\n';
    if (verb === 'merge') {
      tries += 1;
      if (tries <= busy) throw gitBusy({ reason: '/r/.git/index.lock' });
    }
    return { code: 0, signal: null, stdout, stderr: '', timedOut: false };
  }) as RunGit;
  const moveUnused = async () => true;
  const moved = await fastForwardWith({ run, exclusive: makeMutex(), moveUnused })('main', 'from', 'to').catch(
    (error: unknown) => (error as { code: string }).code,
  );
  return { moved, tries };
};

test('[STO-7] a fast-forward waits for the one that a killed daemon ordered, and not for ever', async () => {
  expect(await forward(0)).toEqual({ moved: { kind: 'moved' }, tries: 1 });
  expect(await forward(3)).toEqual({ moved: { kind: 'moved' }, tries: 4 });
  expect(await forward(1000)).toEqual({ moved: 'git/busy', tries: 20 });
});
