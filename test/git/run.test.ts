import { expect, test } from 'vitest';
import { gitEnvironment, gitRunner } from '../../src/git/run.ts';
import type { Exit, Processes, ProcessRequest } from '../../src/ports/index.ts';

const EXIT: Exit = { code: 0, signal: null, stdout: '', stderr: '', timedOut: false };

/** Processes that are not started: each request gets the next of the given answers, the last one for ever. */
const answering = (...answers: readonly Partial<Exit>[]) => {
  const requests: ProcessRequest[] = [];
  const processes: Processes = {
    started: 0,
    run: async (request) => {
      requests.push(request);
      return { ...EXIT, ...answers[Math.min(requests.length, answers.length) - 1] };
    },
    [Symbol.asyncDispose]: async () => {},
  };
  return { requests, run: gitRunner({ processes, env: {}, root: '/repository' }) };
};

const LOCKED = { code: 128, stderr: "fatal: Unable to create '/repository/.git/index.lock': File exists.\n" };
const RACE = { code: 128, stderr: 'fatal: failed to read .git/worktrees/x/commondir: Success\n' };
const CONFIG = { code: 255, stderr: 'error: could not lock config file .git/config: File exists\n' };

test('git sees nothing of our environment that could turn it elsewhere', () => {
  expect(
    gitEnvironment({
      PATH: '/bin',
      GIT_DIR: '/x',
      GIT_AUTHOR_NAME: 'x',
      GIT_CONFIG_COUNT: '1',
      LC_ALL: 'de',
      NO: undefined,
    }),
  ).toEqual({
    PATH: '/bin',
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_PAGER: 'cat',
    GIT_EDITOR: 'true',
  });
});

test('[GIT-10] what fails because of a lock is tried again until it succeeds', async () => {
  const { run, requests } = answering(LOCKED, RACE, CONFIG, { stdout: 'done' });
  expect((await run(['status'])).stdout).toBe('done');
  expect(requests.length).toBe(4);
  expect(new Set(requests.map((request) => JSON.stringify(request))).size).toBe(1);
});

test('[GIT-10] after a bounded number of attempts the lock is told', async () => {
  const { run, requests } = answering(LOCKED);
  await expect(run(['status'], { accept: 'any' })).rejects.toMatchObject({ code: 'git/busy' });
  expect(requests.length).toBe(7);
});

test('an exit code that is no answer is told with what git said, without its hints and without control sequences', async () => {
  const { run } = answering({ code: 1, stderr: 'hint: try this\nfatal: \u001B[31mno\u001B[0m\n' });
  await expect(run(['worktree', 'add', 'x'])).rejects.toMatchObject({
    message: '"git worktree add" failed: fatal: no',
  });
  expect((await run(['x'], { accept: [1] })).code).toBe(1);
});

test('an end without a word is told by its code or signal', async () => {
  await expect(answering({ code: 3 }).run(['x'])).rejects.toMatchObject({
    message: '"git x" failed: it ended with exit code 3',
  });
  await expect(answering({ code: null, signal: 'SIGKILL' }).run([], { accept: 'any' })).rejects.toMatchObject({
    message: '"git " failed: it ended with SIGKILL',
  });
  await expect(answering({ code: 1, stdout: 'said here' }).run(['x'])).rejects.toMatchObject({
    message: '"git x" failed: said here',
  });
});

test('a call that takes too long is stopped and told', async () => {
  const { run } = answering({ code: null, signal: 'SIGTERM', timedOut: true });
  await expect(run(['status'], { timeoutMs: 2000 })).rejects.toMatchObject({
    code: 'git/timed-out',
    exit: 124,
    message: '"git status" did not end within 2 s and was stopped',
  });
});

test('a look at files that stands still is stopped, and what it waited for is told', async () => {
  const { run, requests } = answering({ code: null, signal: 'SIGTERM', stalled: 'sleep 3000' });
  await expect(run(['status'], { cwd: '/work/a-1' })).rejects.toMatchObject({
    code: 'git/stalled',
    exit: 124,
    message: '"git status" in /work/a-1 stood still for 10 s, waiting for "sleep 3000", and was stopped',
  });
  expect(requests).toMatchObject([{ stallMs: 10_000 }]);
});

test.each([
  ['fetch', 'git/remote-stalled', ''],
  ['push', 'git/push-stalled', '; what it pushed may have arrived all the same'],
])(
  '%s has a minute for hooks and keys of the other side, and says what is known of its end',
  async (command, code, more) => {
    const { run, requests } = answering({ code: null, signal: 'SIGTERM', stalled: 'ssh host' });
    await expect(run([command, 'origin'])).rejects.toMatchObject({
      code,
      exit: 124,
      message: `"git ${command}" stood still for 60 s, waiting for "ssh host", and was stopped${more}`,
    });
    expect(requests).toMatchObject([{ stallMs: 60_000 }]);
  },
);
