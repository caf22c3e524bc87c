import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { unitText } from '../../src/cli/setup/unit.ts';
import { presentLife, rememberedLives } from '../../src/client/lives.ts';
import { inPackage, versionOf } from '../../src/client/package.ts';
import { type Ask, ask } from '../../src/client/request.ts';
import { drover } from '../bad-input/program.ts';
import { BUILT } from '../daemon/process.ts';
import { daemonRepository } from '../helpers/daemon.ts';
import { runMain } from '../helpers/io.ts';

const cli = { actor: 'cli', view: { columns: 100, color: false } } as const;
const listing: Ask = { ...cli, text: 'list tasks' };
const OLD = '0.0.9';

type Repository = ReturnType<typeof daemonRepository>;

/** What systemd does by our unit: it starts the program again after the exit codes that the unit says, and not after others. */
const watchOver = (repository: Repository, firsts: readonly string[] = []) => {
  const { root, env, paths } = repository;
  const unit = unitText({ node: process.execPath, program: inPackage('bin/drover.js'), root, env: {} });
  const said = (key: string): string | undefined =>
    new RegExp(`^${key}=(?<value>.*)$`, 'mu').exec(unit)?.groups?.['value'];
  const runs = [process.execPath, inPackage('bin/drover.js'), 'daemon', 'run', root];
  /** What an older version runs: its daemon, which says so. */
  const older = (version: string) => [
    ...[process.execPath, BUILT, root],
    JSON.stringify({ paths, version, watched: true }),
  ];
  const exits: (number | null)[] = [];
  let isOver = false;
  let child: ReturnType<typeof spawn> | undefined;
  const watch = async (): Promise<void> => {
    for (let started = 0; !isOver; started += 1) {
      const version = firsts[started];
      const [file, ...args] = version === undefined ? runs : older(version);
      child = spawn(file!, args, { cwd: root, env, stdio: 'ignore' });
      const [code] = (await once(child, 'exit')) as [number | null];
      exits.push(code);
      const isFailed = code !== 0 && said('Restart') === 'on-failure' && String(code) !== said('SuccessExitStatus');
      if (!isFailed && String(code) !== said('RestartForceExitStatus')) return;
      // A quarter of it is long for whoever does not wait.
      await pause(250 * Number(said('RestartSec')));
    }
  };
  const over = watch();
  return {
    exits,
    over,
    there: () => vi.waitUntil(() => presentLife(paths) !== undefined),
    [Symbol.asyncDispose]: async () => {
      isOver = true;
      child?.kill('SIGTERM');
      await over;
    },
  };
};

const versions = ({ paths }: Repository) => rememberedLives(paths).map(({ version, watched }) => [version, watched]);

test('[INI-4] a watched daemon of an older version is replaced by one that is watched, and nobody starts another meanwhile', async () => {
  await using repository = daemonRepository({ env: { DROVER_REHEARSAL_TASK_MS: '3000' } });
  const { paths, env } = repository;
  await using unit = watchOver(repository, [OLD]);
  await unit.there();
  // An agent says nothing of versions: it is one of those who wait.
  const agent = { ...env, DROVER_TOKEN: 'x' };
  expect(await ask(paths, agent, { ...cli, text: 'create task "Later" id=idle-1' })).toMatchObject({ exit: 0 });
  const waiting = ask(paths, agent, { ...cli, text: 'run task idle-1 wait=true' });
  await vi.waitUntil(() => readFileSync(paths.communicationLog, 'utf8').includes('run task idle-1'));
  const told: string[] = [];
  const first = ask(paths, env, listing, { tell: (sentence) => void told.push(sentence), successorMs: 60_000 });
  await vi.waitUntil(() => unit.exits.length === 1);
  // Nobody is there now: who comes, comes to the one that the unit starts.
  const others = await Promise.all([first, ask(paths, env, listing), ask(paths, agent, listing)]);
  expect(others.map(({ exit }) => exit)).toEqual([0, 0, 0]);
  expect(told).toEqual([
    `The daemon of version ${OLD} was replaced by one of version ${versionOf()}; the agents go on.`,
  ]);
  expect((await waiting).message).toMatch(/begun before the daemon ended|task done/);
  expect(versions(repository)).toEqual([
    [OLD, true],
    [versionOf(), true],
  ]);
  expect(unit.exits).toEqual([75]);
  // What somebody ends stays so.
  expect((await drover(['daemon', 'stop'], { cwd: repository.root, env })).exit).toBe(0);
  await unit.over;
  expect([unit.exits, repository.pid()]).toEqual([[75, 0], undefined]);
});

test('a watched daemon that is restarted is watched as well, also when it is ended in between', async () => {
  await using repository = daemonRepository();
  const { root, env } = repository;
  await using unit = watchOver(repository);
  await unit.there();
  const restarted = await drover(['daemon', 'restart', '--json'], { cwd: root, env });
  expect(JSON.parse(restarted.stdout)).toMatchObject({ running: true, pid: repository.pid() });
  const restarting = runMain(['daemon', 'restart'], { cwd: root, env });
  await vi.waitUntil(() => unit.exits.length === 2);
  const stopped = await drover(['daemon', 'stop'], { cwd: root, env });
  expect([stopped.exit, stopped.stderr]).toEqual([0, '']);
  await unit.over;
  await restarting;
  expect(unit.exits).toEqual([75, 75, 0]);
  expect(versions(repository).slice(0, 3)).toEqual(Array.from({ length: 3 }, () => [versionOf(), true]));
});

test('a unit that starts an older version again does not keep a client, who is told what to do', async () => {
  await using repository = daemonRepository();
  const { paths, env } = repository;
  await using unit = watchOver(repository, [OLD, OLD]);
  await unit.there();
  const told: string[] = [];
  const tell = (sentence: string) => void told.push(sentence);
  expect(await ask(paths, env, listing, { tell })).toMatchObject({ exit: 0 });
  expect(told).toEqual([expect.stringContaining('starts the older one: drover daemon install')]);
  await unit.over;
  expect(unit.exits).toEqual([75, 0]);
  expect(presentLife(paths)).toMatchObject({ version: versionOf() });
  expect(presentLife(paths)).not.toHaveProperty('watched');
});
