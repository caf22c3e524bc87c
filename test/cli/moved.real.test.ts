import { cpSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { drover, eventually } from '../bad-input/program.ts';
import { alive, daemonRepository } from '../helpers/daemon.ts';

/** A repository with an agent that asks, and what is said in it wherever it is. */
const asking = async () => {
  const repository = daemonRepository({ name: 'old' });
  const { env, root: old } = repository;
  const moved = join(old, '..', 'new place');
  const said = (cwd: string, ...argv: readonly string[]) => drover(argv, { cwd, env });
  await said(old, 'do', 'launch 2 instances');
  await said(old, 'do', 'create task "Ask" description="rehearse: ask Which port?"');
  await said(old, 'do', 'run task t1');
  const isAsking = async () => (await said(old, 'status')).stdout.includes('Which port?');
  await vi.waitUntil(isAsking, { timeout: 30_000, interval: 100 });
  const programs = () => repository.tmux('list-panes', '-a', '-F', '#{session_name} #{pane_pid} #{pane_dead}');
  return { ...repository, old, moved, said, programs };
};

const REFUSAL = (from: string, to: string): string =>
  `drover: this repository was moved from ${from} to ${to}, and its 2 agents (rehearsal-1, rehearsal-2) can be reached only where it was.
Move it back: mv '${to}' ${from}. Nothing is lost, and they go on. To have it elsewhere, stop them there first: drover down.
`;

test.each(['while its daemon runs', 'while its daemon is down'])(
  'a repository that was moved %s is refused with the way back, where all goes on',
  async (when) => {
    await using swarm = await asking();
    const { old, moved, said, programs, pid, paths } = swarm;
    const [before, daemon] = [programs(), pid()!];
    if (when.endsWith('down')) await said(old, 'daemon', 'stop');
    renameSync(old, moved);
    await eventually(() => !alive(daemon));

    for (const words of [['status'], ['instances', 'list'], ['do', 'launch 1 instance'], ['down', '--yes']])
      expect(await said(moved, ...words)).toMatchObject({ exit: 6, stdout: '', stderr: REFUSAL(old, moved) });
    // The server with their sessions is not asked here: what is trusted of settings is so by its place.
    const elsewhere = { ...swarm.env, TMUX_TMPDIR: join(old, '..', 'data') };
    mkdirSync(elsewhere.TMUX_TMPDIR, { recursive: true });
    expect(await drover(['status'], { cwd: moved, env: elsewhere })).toMatchObject({ stderr: REFUSAL(old, moved) });
    const report = JSON.parse((await said(moved, 'doctor', '--fix', '--json', '--timeout', '20s')).stdout) as {
      findings: readonly { id: string; severity: string; cause: string; repair: string | null }[];
    };
    expect(report.findings.filter(({ id }) => id.startsWith('leftover.'))).toEqual([]);
    expect(report.findings.find(({ id }) => id === 'repository.moved')).toMatchObject({
      severity: 'error',
      cause: expect.stringContaining(`was moved from ${old} to ${moved}`),
      repair: `mv '${moved}' ${old}`,
    });
    expect([programs(), existsSync(old)]).toEqual([before, false]);

    renameSync(moved, old);
    expect(await said(old, 'do', 'answer rehearsal-1 "8080"')).toMatchObject({ exit: 0, stderr: '' });
    await vi.waitUntil(async () => (await said(old, 'tasks', 'list')).stdout.includes('done'), { interval: 100 });
    expect(programs()).toBe(before);
    const lost = readFileSync(`${paths.journal}/000000000001.jsonl`, 'utf8').match(/"kind":"lost"|"state":"lost"/gu);
    expect(lost).toBeNull();
  },
);

test('a moved repository of whose agents nothing goes on is at home, and finds them lost', async () => {
  await using swarm = await asking();
  const { old, moved, said, tmux } = swarm;
  await said(old, 'daemon', 'stop');
  // As a machine that is shut down leaves it.
  const pids = [...swarm.programs().matchAll(/ (?<pid>\d+) 0$/gmu)].map(({ groups }) => Number(groups!['pid']));
  expect(pids).not.toEqual([]);
  tmux('kill-server');
  await eventually(() => !pids.some(alive));
  renameSync(old, moved);
  expect(await said(moved, 'status')).toMatchObject({ exit: 0, stderr: '' });
  await vi.waitUntil(async () => / lost/u.test((await said(moved, 'status')).stdout), {
    timeout: 30_000,
    interval: 100,
  });
  expect(await said(moved, 'do', 'restart instance rehearsal-2')).toMatchObject({ exit: 0, stderr: '' });
  expect(tmux('list-sessions', '-F', '#{session_name}')).toContain('rehearsal-2');
  expect(await said(moved, 'down', '--yes')).toMatchObject({ exit: 0 });
  renameSync(moved, old);
});

test('what lies by then where a moved repository was is told with the way back', async () => {
  await using swarm = await asking();
  const { old, moved, said } = swarm;
  await said(old, 'daemon', 'stop');
  renameSync(old, moved);
  mkdirSync(old);
  expect((await said(moved, 'status')).stderr).toContain(
    `Move it back, once what is there now is out of the way: mv '${moved}' ${old}.`,
  );
  renameSync(old, `${old}-else`);
  renameSync(moved, old);
});

test('a copy of a repository leaves the agents to that, which goes on with them', async () => {
  await using swarm = await asking();
  const { old, moved, said, programs } = swarm;
  await said(old, 'daemon', 'stop');
  cpSync(old, moved, { recursive: true });
  const before = programs();
  const { exit, stderr } = await said(moved, 'status');
  expect([exit, stderr]).toEqual([
    6,
    `drover: this repository is a copy of ${old}, and its 2 agents (rehearsal-1, rehearsal-2) are those of that one.
Work with them there: cd ${old}. For a swarm of its own here, put the copied state aside: mv '${moved}/.git/drover' '${moved}/.git/drover-copied'
`,
  ]);
  renameSync(`${moved}/.git/drover`, `${moved}/.git/drover-copied`);
  expect(await said(moved, 'status')).toMatchObject({ exit: 0, stdout: expect.stringContaining('Instances: none.') });
  await said(moved, 'daemon', 'stop');
  expect(programs()).toBe(before);
  expect(await said(old, 'do', 'answer rehearsal-1 "8080"')).toMatchObject({ exit: 0, stderr: '' });
});

test('a repository that is moved when its agents are stopped is at home there, with their worktrees and their work', async () => {
  await using swarm = await asking();
  const { old, moved, said, tmux } = swarm;
  await said(old, 'do', 'answer rehearsal-1 "8080"');
  await vi.waitUntil(async () => (await said(old, 'tasks', 'list')).stdout.includes('done'), { interval: 100 });
  expect(await said(old, 'down', '--yes')).toMatchObject({ exit: 0 });
  renameSync(old, moved);

  const { stdout } = await said(moved, 'worktrees', 'list');
  expect(stdout.split('\n').filter((line) => line.startsWith('rehearsal-'))).toEqual([
    expect.stringMatching(/^rehearsal-1 +○ clean +t1 /u),
    expect.stringMatching(/^rehearsal-2 +○ clean /u),
  ]);
  expect(await said(moved, 'do', 'restart instance rehearsal-2')).toMatchObject({ exit: 0, stderr: '' });
  expect(await said(moved, 'do', 'merge completed branches')).toMatchObject({ exit: 0 });
  expect(tmux('list-sessions', '-F', '#{session_name}')).toContain('rehearsal-2');
  expect(await said(moved, 'down', '--yes')).toMatchObject({ exit: 0 });
  renameSync(moved, old);
});
