import { execFile } from 'node:child_process';
import { expect, onTestFinished, test, vi } from 'vitest';
import { serveRepository } from '../../src/cli/web/served.ts';
import type { Reply } from '../../src/ports/swarm.ts';
import { reduceAll, type State } from '../../src/state/index.ts';
import { openWeb } from '../../src/web/serve.ts';
import type { ServerFrame, Snapshot, WebRole } from '../../src/web/wire.ts';
import { daemonRepository } from '../helpers/daemon.ts';
import { runMain, testIo } from '../helpers/io.ts';
import { shipped } from '../helpers/swarm.ts';
import { openPage } from './page-socket.ts';

/** The built program in a process of its own; resolves with its exit code. */
const runDrover = ({ root, env }: { root: string; env: NodeJS.ProcessEnv }, ...argv: readonly string[]) =>
  new Promise<number>((resolve) => {
    execFile(process.execPath, [shipped.cli, ...argv], { cwd: root, env }, (error) =>
      resolve(Number(error?.code ?? 0)),
    );
  });

const PATIENCE = { timeout: 30_000, interval: 20 };

/** The page's server for a repository whose daemon is a process of its own. */
const serve = async () => {
  const repository = daemonRepository({ env: { DROVER_REHEARSAL_TASK_MS: '20..60' } });
  const { root, env, paths } = repository;
  const { io } = testIo({ cwd: root, env });
  const served = await serveRepository(io, paths);
  const server = await openWeb({
    ...{ host: '127.0.0.1', port: 0, auth: true, repositories: [served], stateFolder: paths.state },
    ...{ pageFolder: `${root}/page`, version: '1.2.3', complain: () => undefined },
  });
  onTestFinished(async () => {
    await server.close();
    served.close();
    await repository[Symbol.asyncDispose]();
  });
  const origin = server.url.slice(0, -1);
  const enter = async (role: WebRole, name: string = role) => {
    const token = server.link({ name, role }).split('#once=')[1];
    const init = { method: 'POST', headers: { 'content-type': 'application/json', origin } };
    const answer = await fetch(`${origin}/api/login`, { ...init, body: JSON.stringify({ token }) });
    const { csrf } = (await answer.json()) as { csrf: string };
    const headers = {
      ...init.headers,
      cookie: answer.headers.get('set-cookie')!.split(';')[0]!,
      'x-drover-csrf': csrf,
    };
    return {
      state: async (): Promise<Snapshot> =>
        (await fetch(`${origin}/api/state`, { headers })).json() as Promise<Snapshot>,
      search: async (text: string) => (await fetch(`${origin}/api/logs?text=${text}`, { headers })).json(),
      say: async (line: string, more = {}) => {
        const body = JSON.stringify({ line, ...more });
        const said = await fetch(`${origin}/api/command`, { method: 'POST', headers, body });
        return { status: said.status, reply: (await said.json()) as Reply };
      },
      open: (query: string) => {
        const page = openPage(`${origin.replace('http', 'ws')}/api/events${query}`, { cookie: headers.cookie, origin });
        onTestFinished(() => page.close());
        return page;
      },
    };
  };
  const drover = (...argv: readonly string[]) => runMain(argv, { cwd: root, env });
  return { repository, origin, enter, drover };
};

/** The state that a page has that began with a snapshot and folded what it was told. */
const folded = ({ state }: Snapshot, frames: readonly ServerFrame[]): State =>
  reduceAll(
    state,
    frames.flatMap((frame) => (frame.kind === 'events' ? frame.events : [])),
  );

test('[WEB-2] [WEB-4] a page sees and does what its role may, over the death of the daemon as well', async () => {
  const { enter, repository, drover, origin } = await serve();
  const [operator, viewer] = [await enter('operator'), await enter('viewer', 'tablet')];
  const snapshot = await operator.state();
  const page = operator.open(`?since=${snapshot.seq}`);
  await page.told('hello');

  expect(await viewer.say('create task "Mine" id=v1')).toMatchObject({ status: 403, reply: { exit: 4 } });
  expect(await operator.say('create task "First" id=t1', { id: 'a' })).toMatchObject({
    status: 200,
    reply: { exit: 0 },
  });
  expect((await fetch(`${origin}/api/state`, { headers: { origin: 'https://evil.example' } })).status).toBe(403);
  await vi.waitFor(() => expect(Object.keys(folded(snapshot, page.frames).tasks)).toEqual(['t1']), PATIENCE);
  const denied = async () => {
    const { stdout } = await drover('audit', 'list', '--json');
    return (JSON.parse(stdout) as { decision: string }[]).filter(({ decision }) => decision === 'denied');
  };
  await vi.waitFor(async () => expect(await denied()).toHaveLength(2), PATIENCE);
  expect(await denied()).toEqual([
    expect.objectContaining({ actor: 'web:tablet', role: 'viewer', command: expect.stringContaining('create task') }),
    expect.objectContaining({ actor: 'web', command: 'web: GET /api/state from 127.0.0.1' }),
  ]);

  await repository.crash();
  await vi.waitFor(
    () => expect(page.frames).toContainEqual(expect.objectContaining({ kind: 'daemon', connected: false })),
    PATIENCE,
  );
  // The same request over the death of a daemon has one effect.
  expect(await operator.say('create task "First" id=t1', { id: 'a' })).toMatchObject({ reply: { exit: 0 } });
  expect(await operator.say('create task "Second" id=t2')).toMatchObject({ reply: { exit: 0 } });
  await vi.waitFor(() => expect(Object.keys(folded(snapshot, page.frames).tasks)).toEqual(['t1', 't2']), PATIENCE);
  const numbers = page.seqs();
  expect(numbers).toEqual(numbers.map((_, i) => snapshot.seq + 1 + i));
  expect(page.frames.some(({ kind }) => kind === 'resync')).toBe(false);
  // That a command has ended is told a moment after what it did.
  await vi.waitFor(async () => expect(folded(snapshot, page.frames)).toEqual((await viewer.state()).state), PATIENCE);

  // A page that was away longer goes on from the journal, by a server that knows nothing of before.
  const late = viewer.open(`?since=${snapshot.seq}`);
  await vi.waitFor(() => expect(Object.keys(folded(snapshot, late.frames).tasks)).toEqual(['t1', 't2']), PATIENCE);
});

test('[WEB-3] a terminal is shown as it prints, and found again by its words', async () => {
  const { enter } = await serve();
  const admin = await enter('admin');
  expect(await admin.say('launch 1 instance')).toMatchObject({ reply: { exit: 0 } });
  const { seq } = await admin.state();
  const page = admin.open(`?since=${seq}`);
  await page.told('hello');
  page.say({ kind: 'log', instance: 'rehearsal-1' });
  page.say({ kind: 'resources', on: true });
  expect((await page.told('screen'))[0]).toMatchObject({ instance: 'rehearsal-1', cols: 120, rows: 36 });
  expect(await admin.say('tell rehearsal-1 "good morning"')).toMatchObject({ reply: { exit: 0 } });
  const printed = () =>
    page.frames.flatMap((one) => (one.kind === 'log' ? [one.data] : one.kind === 'screen' ? [one.text] : [])).join('');
  await vi.waitFor(() => expect(printed()).toContain('good morning'), PATIENCE);
  await vi.waitFor(async () => {
    expect(await admin.search('GOOD%20morning')).toMatchObject({
      hits: expect.arrayContaining([expect.objectContaining({ instance: 'rehearsal-1' })]),
      cut: false,
    });
  }, PATIENCE);
  const [news] = await page.told('resources');
  expect(news?.rows).toHaveProperty('rehearsal-1.memory_mb');
});

test('[WEB-6] drover web refuses what is not safe, and drover web token makes, changes and revokes tokens', async () => {
  await using repository = daemonRepository();
  const drover = (...argv: readonly string[]) => runMain(argv, { cwd: repository.root, env: repository.env });
  expect(await drover('web', '--host', '0.0.0.0', '--no-auth')).toMatchObject({ exit: 2, stdout: '' });
  expect(await drover('web', '--host', '0.0.0.0')).toMatchObject({ exit: 2 });
  expect(await drover('web', '--port', '70000')).toMatchObject({ exit: 2 });
  expect(repository.pid()).toBeUndefined();
  const made = JSON.parse((await drover('web', 'token', 'create', 'tablet', '--role', 'viewer', '--json')).stdout);
  expect(made).toEqual({ name: 'tablet', role: 'viewer', expires_at: null, token: expect.stringMatching(/^drover_/u) });
  expect(await drover('web', 'token', 'create', 'tablet')).toMatchObject({ exit: 6 });
  expect(await drover('web', 'token', 'create', '--role', 'agent')).toMatchObject({ exit: 2 });
  const rotated = JSON.parse((await drover('web', 'token', 'rotate', 'tablet', '--json')).stdout);
  expect(rotated.token).not.toBe(made.token);
  expect((await drover('web', 'token', 'list')).stdout).toMatch(/tablet\s+viewer/u);
  expect(await drover('web', 'token', 'revoke', 'tablet')).toMatchObject({ exit: 0 });
  expect(await drover('web', 'token', 'revoke', 'tablet')).toMatchObject({ exit: 3 });
  const { stdout } = await drover('audit', 'list', '--json');
  expect(stdout).toContain('web token rotate tablet');
  expect(stdout + (await drover('events', 'list')).stdout).not.toContain(made.token);
});

test('[WEB-6] tokens that are made in several terminals at once are all there', async () => {
  await using repository = daemonRepository();
  const drover = (...argv: readonly string[]) => runMain(argv, { cwd: repository.root, env: repository.env });
  await drover('status');
  const names = Array.from({ length: 12 }, (_, i) => `t${i}`);
  const made = await Promise.all(names.map((name) => runDrover(repository, 'web', 'token', 'create', name)));
  expect(made).toEqual(names.map(() => 0));
  const { stdout } = await drover('web', 'token', 'list', '--json');
  expect((JSON.parse(stdout) as { name: string }[]).map(({ name }) => name).toSorted()).toEqual(names.toSorted());
});
