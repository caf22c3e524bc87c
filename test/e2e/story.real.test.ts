import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { alive, daemonRepository } from '../helpers/daemon.ts';
import { BIN, openDrover, openTerminal } from './terminal.ts';

const run = promisify(execFile);
const spec = fileURLToPath(new URL('../fixtures/spec', import.meta.url));
const PATIENCE = { timeout: 30_000 };

const world = (env: Record<string, string> = {}) => {
  const repository = daemonRepository({ env });
  const { root } = repository;
  const drover = async (...argv: readonly string[]) =>
    (await run(process.execPath, [BIN, ...argv], { cwd: root, env: repository.env })).stdout;
  return {
    ...repository,
    drover,
    state: async () => (JSON.parse(await drover('status', 'swarm', 'detailed', '--json')) as { state: State }).state,
    panePid: (session: string) => Number(repository.tmux('list-panes', '-t', `=${session}:`, '-F', '#{pane_pid}')),
  };
};
type State = {
  tasks: Record<string, { state: string; assignee: string | null }>;
  instances: Record<string, { instance_id: string; state: { kind: string } }>;
};

test('[TUI-1] [TUI-8] [TMX-1] [TMX-2] the whole story: from an empty repository to a merged plan, through kill -9 of all that is ours', async () => {
  await using repository = world({ DROVER_REHEARSAL_TASK_MS: '200..500' });
  const { root, env, tmux, drover, git, panePid } = repository;
  git('rm', '-q', '-r', '.drover');
  git('commit', '-q', '--allow-empty', '-m', 'empty');
  await drover('init');
  writeFileSync(repository.paths.config, '{ "agent": "rehearsal", "rehearsal": { "plans": true } }\n');
  cpSync(spec, join(root, '.kiro/specs/feature'), { recursive: true });
  git('add', '.kiro', '.drover');
  git('commit', '-q', '-m', 'plan');
  expect(await drover('import', 'spec', '.kiro/specs/feature')).toContain('33 tasks, 2 done, 31 to do, ');

  const first = openDrover([], { cwd: root, env });
  await first.see('no agent is here');
  expect(first.terminal.buffer.active.type).toBe('alternate');
  first.type('launch 3 instances agent=rehearsal\r');
  await first.see(/▶? ?rehearsal-3/);
  await first.see(/Launched 3 instances/i);
  // An agent that asks is at work for as long as nobody answers, however quick or slow the machine is.
  await drover('tasks', 'create', '--title', 'Ask', '--id', 'talk-1', '--description', 'rehearse: ask Shall I go on?');
  first.type('run task talk-1\r');
  await first.see('? Shall I go on?');
  first.type('run all ready tasks\r');
  await first.see(/\d+ follow as prerequisites finish/);
  const sessions = ['r-rehearsal-1', 'r-rehearsal-2', 'r-rehearsal-3'];
  const pids = sessions.map(panePid);
  const { assignee } = (await repository.state()).tasks['talk-1'] ?? {};

  await first.kill('SIGKILL');
  await repository.crash();
  tmux('send-keys', '-t', `=r-${assignee}:`, 'yes', 'Enter');
  // It works, commits and has its last words logged with nobody there but itself and tmux.
  const log = join(repository.paths.logs, assignee ?? '');
  const logged = () =>
    readdirSync(log).some((file) => readFileSync(join(log, file), 'utf8').includes('Task talk-1 is done'));
  await vi.waitUntil(logged, PATIENCE);
  expect(sessions.map(panePid)).toEqual(pids);
  expect(repository.pid()).toBeUndefined();

  const second = openDrover([], { cwd: root, env });
  const third = openDrover([], { cwd: root, env });
  for (const view of [second, third]) for (const n of [1, 2, 3]) await view.see(`rehearsal-${n}`);
  await vi.waitUntil(
    async () => Object.values((await repository.state()).tasks).every(({ state }) => state === 'done'),
    // Ten rounds of work, each with starts of programs and commits.
    { timeout: 120_000, interval: 500 },
  );
  for (const view of [second, third]) await view.see('34/34');
  expect(sessions.map(panePid)).toEqual(pids);
  third.hangUp();
  await third.ended();

  second.type('merge completed branches\r');
  await second.see('Merge 32 tasks?');
  second.type('y');
  await second.see(/32 branches|merged 32/i);
  const merged = git('log', '--merges', '--first-parent', '--format=%s', 'drover/integration').split('\n');
  expect(merged).toHaveLength(32);
  const ticked = git('show', 'drover/integration:.kiro/specs/feature/tasks.md');
  expect(ticked).toBe(readFileSync(join(spec, 'tasks.md'), 'utf8').replaceAll('[ ]', '[x]'));
  expect(git('status', '--porcelain')).toBe('');

  second.type('\u001B');
  await second.see('q leave');
  second.type('q');
  expect(await second.ended()).toBe(0);
  await second.see('3 agents keep running.');
  expect(second.terminal.buffer.active.type).toBe('normal');
  expect(sessions.map(panePid)).toEqual(pids);
  expect(await drover('down', '--yes')).toContain('Stopped 3 instances');
  expect([tmux('list-sessions'), repository.pid()]).toEqual(['', undefined]);
  await vi.waitUntil(() => pids.every((pid) => !alive(pid)), PATIENCE);
}, 300_000);

test('[TMX-4] [TUI-3] [TUI-5] an agent is reached by plain tmux and from the view, and what happens there is seen here', async () => {
  await using repository = world();
  const { root, env, drover } = repository;
  await drover('do', 'launch 2 instances agent=rehearsal');
  const view = openDrover([], { cwd: root, env });
  await view.see('rehearsal-2');

  const plain = openTerminal(['tmux', 'attach', '-t', '=r-rehearsal-1'], { cwd: root, env });
  await plain.see('[r-rehears');
  plain.type('say marker-from-outside\r');
  await plain.see('marker-from-outside');
  await view.see('marker-from-outside');
  plain.type('\u0002d');
  expect(await plain.ended()).toBe(0);

  view.type('\u001B');
  await view.see('q leave');
  view.type('l');
  await view.see('▶ rehearsal-2');
  view.type('a');
  await view.see('[r-rehears');
  expect(view.screen()).not.toContain('should be nested');
  view.type('marker-from-inside\r');
  await view.see('marker-from-inside');
  view.type('\u0002d');
  await view.see('▶ rehearsal-2');
  await view.see('marker-from-inside');
  expect(view.terminal.buffer.active.type).toBe('alternate');
  view.type('q');
  expect(await view.ended()).toBe(0);
});

test('drover attach hands the terminal over and comes back when it is detached', async () => {
  await using repository = world();
  const { root, env, drover } = repository;
  await drover('do', 'launch 1 instances agent=rehearsal');
  const attached = openDrover(['attach', 'rehearsal-1'], { cwd: root, env });
  await attached.see('[r-rehears');
  attached.type('\u0002d');
  expect(await attached.ended()).toBe(0);
  await attached.see('[detached');
});
