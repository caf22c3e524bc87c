import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { runCheck } from '../../../src/daemon/actions/run-check.ts';
import { waysOutOf } from '../../../src/daemon/sandbox/ways-out.ts';
import { isFolder } from '../../../src/files/is-folder.ts';
import { localFiles } from '../../../src/files/open.ts';
import { boundSockets } from '../../../src/process/bound-sockets.ts';
import { openSandbox } from '../../../src/sandbox/open.ts';
import { PERL } from '../../../src/sandbox/scope.ts';
import { type EventDraft, emptyState } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { checkProblem, WITHOUT_NETWORK } from '../../../src/tasks/check-problem.ts';
import { openWorld, write } from '../../git/world.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { noSandbox } from '../../helpers/sandbox.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';
import { openOutside, PUBLIC } from '../../proxy/outside.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated } from '../../state/story.ts';

const assets = fileURLToPath(new URL('../../../assets', import.meta.url));

/** A repository with a worktree, in which checks run as these settings say. */
const stage = async (sandbox: object) => {
  const world = await openWorld();
  const cwd = world.at('claude-1');
  world.user('worktree', 'add', '--quiet', '-b', 'drover/claude-1', cwd);
  mkdirSync(`${world.home}/.ssh`);
  writeFileSync(`${world.home}/.ssh/id`, 'key');
  mkdirSync(world.at('claude-2'), { recursive: true });
  writeFileSync(`${world.at('claude-2')}/theirs`, 'theirs');
  // Not below the home, nor where others leave what is theirs.
  const elsewhere = `/opt/${basename(world.home)}`;
  for (const name of ['drover/secrets.key', 'data/drover/secrets/a', 'tmux-0/default']) write(elsewhere, name, 'key');
  world.user('config', 'remote.origin.url', 'https://ada:password@example.org/app');
  const paths = {
    root: world.root,
    commonDir: `${world.root}/.git`,
    worktrees: world.at('').replace(/\/$/u, ''),
    guard: `${world.root}/.git/drover/guard`,
    ...{
      home: world.home,
      data: `${elsewhere}/data`,
      sandboxes: `${elsewhere}/data/drover/sandboxes/r`,
    },
  };
  mkdirSync(`${paths.commonDir}/drover/instances/claude-1`, { recursive: true });
  writeFileSync(`${paths.commonDir}/drover/instances/claude-1/token`, 'token');
  const facts: EventDraft[] = [];
  const processes = {
    run: world.processes.run.bind(world.processes),
    find: async (program: string) => (program === 'bwrap' ? '/usr/bin/bwrap' : null),
  };
  const sandboxOnIt = openSandbox({
    ...localFiles,
    isFolder,
    sockets: boundSockets,
    run: (trial) => processes.run(trial),
    find: (program) => processes.find(program),
    env: world.env,
  });
  const env = { ...world.env, XDG_CONFIG_HOME: elsewhere, TMUX_TMPDIR: elsewhere };
  const parts = { paths, processes, git: world.git, env, sandbox: sandboxOnIt };
  const services = servicesWith({
    ...servicesOn({ ...parts, shipped: { assets, node: process.execPath } }),
    paths,
    settings: settingsSchema.parse({ sandbox, git: { guard: 'off' } }),
    secrets: { redact: (text: string) => text },
    checkSlots: { use: (run: () => Promise<unknown>) => run() },
    store: { state: emptyState },
    decide: async (decided: (state: typeof emptyState) => readonly EventDraft[]) =>
      void facts.push(...decided(emptyState)),
    log: () => undefined,
    signal: new AbortController().signal,
  });
  return {
    ...{ world, cwd, elsewhere, paths, facts, services },
    check: async (command: string) => {
      const exit = await runCheck(services, services.home, { command, cwd, ports: null });
      return { code: exit.code, said: `${exit.stdout}${exit.stderr}`, problem: checkProblem(command, exit) };
    },
    [Symbol.asyncDispose]: async () => {
      await waysOutOf(services).close();
      rmSync(elsewhere, { recursive: true });
      await world[Symbol.asyncDispose]();
    },
  };
};

/** Whether it has the network of the machine: a network of its own has nothing but a loopback. */
const LISTENED = `node -p 'Object.keys(require("os").networkInterfaces()).some((name) => name !== "lo") ? "there" : "alone"'`;

/** What a check tries, each line by itself: the names of what it could do. */
const ATTEMPTS = `
try() { name=$1; shift; ("$@") >/dev/null 2>&1 && echo "could: $name"; }
try 'write in the worktree' sh -c 'echo 1 > made'
try 'write in /tmp' sh -c 'echo 1 > "$TMPDIR/made"'
try 'write in a home that is forgotten' sh -c 'echo 1 > ~/made'
try 'write beside the worktree, where it is forgotten' sh -c 'echo 1 > ../made'
try 'read the history' git log -1
try 'read another worktree' cat ../claude-2/theirs
try 'write the checkout' sh -c 'echo 1 > "$ROOT/made"'
try 'leave a hook' sh -c 'echo 1 > "$ROOT/.git/hooks/post-commit"'
try 'change the settings of git' git config core.fsmonitor /tmp/x
try 'commit' git -c user.name=a -c user.email=b commit --allow-empty -m x
try 'read a token' cat "$ROOT/.git/drover/instances/claude-1/token"
try 'read a key' cat ~/.ssh/id
try 'read the key to secrets' cat "$XDG_CONFIG_HOME/drover/secrets.key"
try 'read secrets' cat "$ELSEWHERE/data/drover/secrets/a"
try 'see the sockets of tmux' cat "$ELSEWHERE/tmux-0/default"
try 'read a password in the settings of git' grep password "$ROOT/.git/config"
try 'read what is set for git' test "$(git config user.name)" = Ada
try 'reach a service of the machine' node -e 'require("net").connect(+process.env.PORT,"127.0.0.1").on("connect",()=>process.exit(0)).on("error",()=>process.exit(1))'
`;

test.skipIf(noSandbox !== undefined)(
  `[SEC-9] a check in a sandbox writes in its worktree alone, and reaches nobody${noSandbox ? ` (skipped: ${noSandbox})` : ''}`,
  async () => {
    await using swarm = await stage({ mode: 'worktree' });
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { code, said } = await swarm.check(
      `ROOT='${swarm.world.root}' PORT=${port} ELSEWHERE='${swarm.elsewhere}' XDG_CONFIG_HOME='${swarm.elsewhere}'; export ROOT PORT${ATTEMPTS}exit 7`,
    );
    server.close();
    expect(said.trim().split('\n')).toEqual([
      'could: write in the worktree',
      'could: write in /tmp',
      'could: write in a home that is forgotten',
      'could: write beside the worktree, where it is forgotten',
      'could: read the history',
      'could: read what is set for git',
      `drover: ${WITHOUT_NETWORK}`,
    ]);
    expect(code).toBe(7);
    expect(readFileSync(`${swarm.cwd}/made`, 'utf8')).toBe('1\n');
    expect([`${swarm.world.home}/made`, swarm.world.at('made')].filter((path) => existsSync(path))).toEqual([]);
    expect(swarm.facts).toEqual([]);
  },
);

test.skipIf(noSandbox !== undefined)(
  `[SEC-9] without a word a check is shut in when the last agent that was is removed${noSandbox ? ` (skipped: ${noSandbox})` : ''}`,
  async () => {
    await using swarm = await stage({});
    const reads = async () => (await swarm.check('cat ~/.ssh/id')).said.startsWith('key');
    const asked: boolean[] = [await reads()];
    const place = { instance_id: 'claude-1', session: 's', pane: '%1', pid: 1 };
    const state = stateOf(
      instanceCreated('claude-1'),
      { type: 'instance.started', data: { ...place, sandbox: 'worktree' } },
      { type: 'instance.removed', data: { instance_id: 'claude-1' } },
    );
    Object.assign(swarm.services.store, { state });
    asked.push(await reads());
    expect(asked).toEqual([true, false]);
    expect((await swarm.check(LISTENED)).said.trim()).toBe('alone');
    Object.assign(swarm.services.settings.sandbox, { checks_network: 'on' });
    expect((await swarm.check(LISTENED)).said.trim()).toBe('there');
  },
);

test.skipIf(noSandbox !== undefined)(
  `[SEC-9] a check that failed without a network says that it had none, and how it gets one${noSandbox ? ` (skipped: ${noSandbox})` : ''}`,
  async () => {
    await using swarm = await stage({ mode: 'worktree' });
    const fetches = `node -e 'fetch("http://example.org/").catch(({ cause }) => { console.error(cause.message); process.exit(3); })'`;
    const hint = WITHOUT_NETWORK;
    const failed = await swarm.check(fetches);
    expect(failed).toMatchObject({ code: 3, said: expect.stringContaining(`\ndrover: ${hint}\n`) });
    expect(failed.problem).toMatch(/^".*" ended with 3: .*example\.org/u);
    expect(failed.problem).toContain(`(${hint})`);
    // What failed for another reason is told by that, and what went well by nothing.
    const other = await swarm.check('echo "Error: two is not one"; exit 4');
    expect([other.problem, other.said.endsWith(`drover: ${hint}\n`)]).toEqual([
      `"echo "Error: two is not one"; exit 4" ended with 4: Error: two is not one`,
      true,
    ]);
    expect((await swarm.check('echo fine')).said).toBe('fine\n');
    Object.assign(swarm.services.settings.sandbox, { checks_network: 'on' });
    expect((await swarm.check('echo no; exit 4')).said).toBe('no\n');
  },
);

const GET = (host: string) =>
  `node -e 'require("http").get({host:"127.0.0.1",port:new URL(process.env.HTTP_PROXY).port,path:"http://${host}/"},(r)=>r.on("data",(d)=>process.stdout.write(r.statusCode+" "+d)))'`;

test.skipIf(noSandbox !== undefined)(
  `[SEC-9] out of a sandbox with a list its hosts answer, and others are refused in a sentence${noSandbox ? ` (skipped: ${noSandbox})` : ''}`,
  async () => {
    await using outside = await openOutside({ 'example.org': PUBLIC, 'inner.example.org': '10.0.0.7' });
    const hosts = ['example.org', 'inner.example.org'];
    await using swarm = await stage({ mode: 'strict', checks_network: 'allow-list', hosts });
    waysOutOf(swarm.services, outside.world);
    const { said } = await swarm.check(`${GET('example.org')}; ${GET('pypi.org')}; ${GET('inner.example.org')}`);
    expect(said.trim().split('\n')).toEqual([
      '200 hello from example.org',
      '403 This sandbox does not reach pypi.org:80: it is not in sandbox.hosts, where a person can add it.',
      '403 This sandbox does not reach inner.example.org:80: the name leads to an address that is not on the internet.',
    ]);
    expect(swarm.facts.at(-1)).toMatchObject({ type: 'alert.raised', data: { id: 'network:checks', instance: null } });
  },
);

test('[SEC-9] where there is no sandbox, checks that must have one do not run, and others say that they have none', async () => {
  await using swarm = await stage({ mode: 'worktree' });
  const { settings } = swarm.services;
  Object.assign(swarm.services.home.processes, { find: async () => null });
  expect((await swarm.check('exit 3')).code).toBe(3);
  expect(swarm.facts).toMatchObject([
    {
      data: {
        id: 'sandbox:checks',
        text: expect.stringContaining('run without a sandbox, because this machine has none'),
      },
    },
  ]);
  Object.assign(settings.sandbox, { need: 'required' });
  await expect(swarm.check('exit 3')).rejects.toThrow('checks and gates are to run in a sandbox');
});

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address() as { port: number };
      probe.close(() => resolve(free));
    });
  });

test.each([
  ['forward.pl', PERL],
  ['forward.mjs', process.execPath],
])('the forwarder %s takes no key of the terminal, and leads to a socket with a long path', async (script, program) => {
  if (!existsSync(program)) return;
  using home = temporaryFolder('forward');
  const folder = `${home.path}/${'long/'.repeat(20)}`;
  mkdirSync(folder, { recursive: true });
  const cwd = process.cwd();
  const proxy = createServer((socket) => socket.end('hello'));
  process.chdir(folder);
  await new Promise<void>((resolve) => proxy.listen('net.sock', resolve));
  process.chdir(cwd);
  const port = await freePort();
  const forward = spawn(program, [...[`${assets}/${script}`, folder, 'net.sock', String(port), String(process.pid)]]);
  await new Promise((resolve) => forward.stdout.once('data', resolve));
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTSTP', 'SIGHUP'] as const) forward.kill(signal);
  const said = await new Promise<string>((resolve) =>
    connect(port, '127.0.0.1').on('data', (data) => resolve(`${data}`)),
  );
  expect(said).toBe('hello');
  const ended = new Promise((resolve) => forward.once('exit', resolve));
  forward.kill('SIGKILL');
  await ended;
  await new Promise((resolve) => proxy.close(resolve));
});

/** A package as it is, and one in which what perl would do is missing. */
test.skipIf(!existsSync('/proc/self')).each([
  ['as they are', ['with-network.sh', 'forward.mjs', 'forward.pl'], existsSync(PERL) ? 'forward.pl' : 'forward.mjs'],
  ['where perl does not do it', ['with-network.sh', 'forward.mjs'], 'forward.mjs'],
])(
  'the forwarder ends with the program beside which it was started, whatever became of the sandbox: scripts %s',
  async (_, scripts, wanted) => {
    using home = temporaryFolder('forward');
    for (const script of scripts) copyFileSync(join(assets, script), join(home.path, script));
    const proxy = createServer();
    await new Promise<void>((resolve) => proxy.listen(join(home.path, 'net.sock'), resolve));
    const words = [process.execPath, `${home.path}/forward.mjs`, home.path, 'net.sock', String(await freePort())];
    const beside = spawn('sh', [`${home.path}/with-network.sh`, ...words, 'cat'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    beside.stdin.write('here\n');
    expect(String(await new Promise((resolve) => beside.stdout.once('data', resolve)))).toBe('here\n');
    const children = readFileSync(`/proc/${beside.pid}/task/${beside.pid}/children`, 'utf8').trim();
    expect(children).toMatch(/^\d+$/u);
    const wordsOf = (): string => {
      try {
        return readFileSync(`/proc/${children}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    };
    expect(wordsOf()).toContain(`${home.path}/${wanted}`);
    const ended = new Promise((resolve) => beside.once('exit', resolve));
    beside.stdin.end();
    await ended;
    await vi.waitUntil(() => wordsOf() === '');
    await new Promise((resolve) => proxy.close(resolve));
  },
);
