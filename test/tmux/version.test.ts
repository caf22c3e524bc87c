import { expect, test } from 'vitest';
import type { Exit, ProcessRequest } from '../../src/ports/index.ts';
import { openTmux } from '../../src/tmux/client.ts';
import { tmuxRunner } from '../../src/tmux/run.ts';

const NO_SERVER = { code: 1, stderr: 'no server running on /tmp/tmux-0/default' };

/** A client whose tmux answers each invocation with what the function says. */
const answering = (answer: (args: readonly string[]) => Partial<Exit>) => {
  const requests: ProcessRequest[] = [];
  const processes = {
    started: 0,
    run: async (request: ProcessRequest): Promise<Exit> => {
      requests.push(request);
      return { code: 0, signal: null, stdout: '', stderr: '', timedOut: false, ...answer(request.args) };
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
  return { requests, processes, env: { PATH: '/bin', TMUX: '/x,1,2', TMUX_PANE: '%1', NOTHING: undefined } };
};
const open = (answer: (args: readonly string[]) => Partial<Exit>, socket?: string) => {
  const options = answering(answer);
  return { ...options, tmux: openTmux({ ...options, assets: '/a', ...(socket ? { socket } : {}) }) };
};

test.each(['3.2', '3.2a', '3.3a', '3.7c', '4.0', 'next-3.6', 'master', 'openbsd-7.4'])(
  'tmux %s is supported',
  async (v) => {
    expect(await open(() => ({ stdout: `${v}\n` })).tmux.version()).toBe(v);
  },
);

test.each(['3.1c', '2.9', 'next-3.1'])('tmux %s is too old and the way to a newer one is told', async (v) => {
  const { tmux } = open((args) => (args.includes('-V') ? { stdout: `tmux ${v}\n` } : NO_SERVER));
  const error = await tmux.version().catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'tmux/too-old', exit: 1, message: `tmux ${v} is too old` });
  expect(error).toHaveProperty('hint', expect.stringContaining('sudo dnf install tmux'));
});

test('an old tmux is refused before a session is created, and asked again the next time', async () => {
  const { tmux, requests } = open(() => ({ stdout: '3.0\n' }));
  const spec = { ...{ session: 's', droverId: 'd', cwd: '/', launchFile: '/l', cols: 80, rows: 24, logDir: '/l' } };
  const rest = { firstSegment: 1, spoolDir: '/s', title: 't', background: '#000000', foreground: '#ffffff' };
  for (let i = 0; i < 2; i += 1)
    await expect(tmux.create({ ...spec, ...rest })).rejects.toMatchObject({ code: 'tmux/too-old' });
  expect(requests.map(({ args }) => args)).toEqual(Array(2).fill(['-u', 'display-messag', '-p', '#{version}']));
});

test('a session that is gone as soon as it was made is an error that says so', async () => {
  const { tmux } = open((args) => ({ stdout: args.includes('#{version}') ? '3.3a\n' : '' }));
  const spec = { ...{ session: 's', droverId: 'd', cwd: '/', launchFile: '/l', cols: 80, rows: 24, logDir: '/l' } };
  const rest = { firstSegment: 1, spoolDir: '/s', title: 't', background: '#000000', foreground: '#ffffff' };
  await expect(tmux.create({ ...spec, ...rest })).rejects.toMatchObject({ code: 'tmux/failed' });
});

test('being inside of tmux does not change which server is meant, a configured socket does', async () => {
  const { tmux, requests } = open(() => ({}), 'own');
  await tmux.sessionNames();
  expect(requests[0]).toMatchObject({
    env: { PATH: '/bin' },
    args: ['-u', '-L', 'own', 'list-session', '-F', '#{session_name}'],
  });
  expect(Object.keys(requests[0]?.env ?? {})).toEqual(['PATH']);
});

test('a server that refuses is an error where only a missing one is not', async () => {
  const { tmux } = open(() => ({ code: 1, stderr: 'protocol version mismatch\u001B[31m\n' }));
  for (const call of [() => tmux.version(), () => tmux.list(''), () => tmux.kill('b'), () => tmux.nudge()])
    await expect(call()).rejects.toMatchObject({
      code: 'tmux/failed',
      message: 'tmux says "protocol version mismatch"',
    });
});

test('the last session may take the server with it before it answers', async () => {
  await open(() => ({ code: 1, stderr: 'server exited unexpectedly' })).tmux.kill('b');
});

test('a server that does not answer is reported, and so is any other trouble with the program', async () => {
  await expect(open(() => ({ timedOut: true })).tmux.version()).rejects.toMatchObject({
    code: 'tmux/timeout',
    exit: 124,
  });
  const { processes, env } = answering(() => {
    throw new Error('broken');
  });
  await expect(tmuxRunner({ processes, env }).program()).rejects.toThrow('broken');
});

test('a command beyond what tmux takes is refused with its size', async () => {
  const { processes, env, requests } = answering(() => ({}));
  const error = await tmuxRunner({ processes, env })
    .run([['set-buffer', 'x'.repeat(16_000)]])
    .catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'tmux/too-long', exit: 2 });
  expect(requests).toEqual([]);
});
