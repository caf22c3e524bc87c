import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Batch } from '../../../src/state/batches.ts';
import type { State } from '../../../src/state/index.ts';
import { testRepository } from '../../helpers/swarm.ts';
import { BUILT, sayAs, startDaemon } from '../process.ts';
import { until } from '../until.ts';

/** An agent that does in its worktree what is written in its task, and ends. */
const DOES = String.raw`brief=$(printf %s "$1" | grep -o '/[^ "]*task-[^ "]*[.]md' | head -1)
eval "$(sed -n 's/.*DO<\(.*\)>.*/\1/p' "$brief" | head -1)"`;
const settings = {
  agent: 'doing',
  agents: { doing: { command: ['bash', '-c', DOES, 'agent', '{prompt}'], prompt: 'argument' } },
};
const WORK =
  'for n in 1 2 3; do echo theirs >f$n.s; done; rm gone; mkdir new; echo theirs >new/n.s; git add -A; git commit -qm work';
const MINE = Object.fromEntries(['f1.s', 'f2.s', 'f3.s', 'gone'].map((name) => [name, 'mine\n']));

/** A repository whose checkout hangs once, in the middle of the files that are delivered to it. */
const openCut = async () => {
  const repository = testRepository({ settings, files: MINE });
  const { root, git, paths } = repository;
  const [once, hung, never] = ['once', 'hung', 'never'].map((name) => join(root, '..', name));
  execFileSync('mkfifo', [never!]);
  const isHere = `[ "$PWD" = '${root}' ] && [ %f = f2.s ] && rm '${once}' 2>/dev/null`;
  const hang = `echo $PPID $$ >'${hung}.new'; mv '${hung}.new' '${hung}'; read -r _ <'${never}'`;
  git('config', 'filter.cut.smudge', `if ${isHere}; then ${hang}; fi; cat`);
  git('config', 'filter.cut.clean', 'cat');
  writeFileSync(join(root, '.git/info/attributes'), '*.s filter=cut\n');
  writeFileSync(join(root, 'notes'), 'of the person\n');
  const say = (text: string) => sayAs(paths, '', text);
  return {
    ...repository,
    say,
    state: async () => ((await say('status swarm detailed'))!.data as { state: State }).state,
    /** Lets the git go on that hangs. */
    release: (): void => writeFileSync(never!, '\n'),
    /** Has a task done, delivers it, and kills the daemon over that, and its git as well where the machine dies. */
    cut: async (dies: 'daemon' | 'machine' = 'machine'): Promise<void> => {
      const daemon = await startDaemon(repository, ':', BUILT);
      await say(`create task "Work" id=t1 check="true" description="DO<${WORK}>"`);
      await say('launch 1 instance');
      expect(await say('run task t1 wait=true')).toMatchObject({ exit: 0 });
      writeFileSync(once!, '');
      const merging = say('merge completed branches to=main').catch(() => undefined);
      await vi.waitUntil(() => existsSync(hung!), { timeout: 60_000 });
      const killed = daemon.kill();
      const pids = dies === 'machine' ? readFileSync(hung!, 'utf8').trim().split(' ') : [];
      for (const pid of pids) process.kill(Number(pid), 'SIGKILL');
      await Promise.all([killed, merging]);
      expect([existsSync(join(root, '.git/index.lock')), existsSync(join(root, 'f2.s'))]).toEqual([true, false]);
      expect(readFileSync(join(root, 'f1.s'), 'utf8')).toBe('theirs\n');
    },
  };
};

const settled = async (swarm: { state: () => Promise<State> }): Promise<NonNullable<Batch['delivery']>> => {
  const { batches } = await until(swarm, (now) => now.batches['batch-1']?.state === 'finished');
  return batches['batch-1']!.delivery!;
};

test('[STO-7] a delivery over which the machine died comes to its end with the next daemon', async () => {
  using repository = await openCut();
  const { root, git } = repository;
  await repository.cut();
  await using daemon = await startDaemon(repository, ':', BUILT);
  expect(await settled(repository)).toMatchObject({ state: 'delivered', problem: null });
  expect(daemon.log()).toContain(`bringing main forward in ${root} was cut off`);
  expect([git('rev-parse', 'main'), git('status', '--porcelain')]).toEqual([
    git('rev-parse', 'drover/integration'),
    '?? notes',
  ]);
  expect([existsSync(join(root, '.git/index.lock')), readdirSync(join(root, '.git/drover/forwarding'))]).toEqual([
    false,
    [],
  ]);
  expect((await repository.state()).alerts).toEqual({});
});

test('[STO-7] what a person wrote where the machine died over a delivery stays and is named, and all else is put back', async () => {
  using repository = await openCut();
  const { root, git } = repository;
  await repository.cut();
  writeFileSync(join(root, 'f1.s'), 'of the person\n');
  await using _daemon = await startDaemon(repository, ':', BUILT);
  const why = `f1.s is changed in ${root}, and would be overwritten`;
  expect(await settled(repository)).toMatchObject({ state: 'refused', problem: why });
  expect(git('status', '--porcelain')).toBe('M f1.s\n?? notes');
  expect([readFileSync(join(root, 'f1.s'), 'utf8'), readFileSync(join(root, 'f3.s'), 'utf8')]).toEqual([
    'of the person\n',
    'mine\n',
  ]);
  expect([existsSync(join(root, 'new')), existsSync(join(root, '.git/index.lock'))]).toEqual([false, false]);
  expect((await repository.state()).alerts['cut-off:main']!.text).toContain(`look yourself at f1.s in ${root}.`);
  rmSync(join(root, 'f1.s'));
  git('checkout', '--quiet', '--', 'f1.s');
  expect(await repository.say('merge completed branches to=main')).toMatchObject({ exit: 0 });
  expect(git('rev-parse', 'main')).toBe(git('rev-parse', 'drover/integration'));
  expect((await repository.state()).alerts).toEqual({});
});

test('[STO-7] a delivery whose git goes on while one daemon died and the next one has begun is left to it', async () => {
  using repository = await openCut();
  const { root, git } = repository;
  await repository.cut('daemon');
  await using daemon = await startDaemon(repository, ':', BUILT);
  expect(readFileSync(join(root, 'f1.s'), 'utf8')).toBe('theirs\n');
  repository.release();
  expect(await settled(repository)).toMatchObject({ state: 'delivered', problem: null });
  expect(daemon.log()).not.toContain('was cut off');
  expect([git('rev-parse', 'main'), git('status', '--porcelain')]).toEqual([
    git('rev-parse', 'drover/integration'),
    '?? notes',
  ]);
  expect(readdirSync(join(root, '.git/drover/forwarding'))).toEqual([]);
});
