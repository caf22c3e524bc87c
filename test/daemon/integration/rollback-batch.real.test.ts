import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rollbackBatch } from '../../../src/daemon/integration/rollback-batch.ts';
import { asideFacts, type SetAside } from '../../../src/daemon/integration/set-aside.ts';
import type { DaemonServices } from '../../../src/daemon/services.ts';
import type { Git } from '../../../src/ports/index.ts';
import { type EventDraft, reduceAll, type State } from '../../../src/state/index.ts';
import { openWorld, type World } from '../../git/world.ts';
import { servicesOn } from '../../helpers/target.ts';
import { stateOf } from '../../state/fold.ts';
import { numbered, taskCreated } from '../../state/story.ts';
import { resultAt } from '../../tasks/journal.ts';

const target = 'drover/integration';

/** A repository with a merged task on the integration branch, and the state in which that batch is to be taken back. */
const stage = async (world: World, method: 'reset' | 'revert') => {
  const merged = world.commit(world.first, { 'one.txt': 'one\n' });
  await world.git.moveBranch(target, null, merged);
  const tip = method === 'reset' ? merged : world.commit(merged, { 'two.txt': 'two\n' });
  if (tip !== merged) await world.git.moveBranch(target, merged, tip);
  const to = method === 'reset' ? world.first : world.commit(tip, { 'one.txt': '' });
  const result = {
    ...{ head_commit: merged, commits: 1, files: 1, insertions: 1, deletions: 0, check_ms: 1, check_output: '' },
  };
  const run = { id: '1', instance: 'i', branch: 'feature/1', start_commit: world.first };
  const state = stateOf(
    taskCreated('1'),
    { type: 'run.started', data: run },
    { type: 'run.verified', data: { id: '1', result } },
    { type: 'batch.started', data: { id: 'batch-1', target, base_commit: world.first, tasks: ['1'] } },
    { type: 'batch.merged', data: { id: 'batch-1', task: '1', branch: 'feature/1', commit: merged } },
    { type: 'batch.finished', data: { id: 'batch-1' } },
    { type: 'task.archived', data: { id: '1', archived: true } },
    { type: 'batch.rollback_started', data: { id: 'batch-1', method, from_commit: tip, to_commit: to } },
  );
  return { state, tip, to };
};

/** A daemon that goes on from a state; with `steps` it is killed after so many calls of git. */
const daemonFrom = (world: World, first: State, steps = Number.POSITIVE_INFINITY) => {
  let state = first;
  let called = 0;
  const killed = new AbortController();
  const facts: EventDraft[] = [];
  const git = new Proxy(world.open(), {
    get: (real, name: keyof Git) => {
      const own = real[name];
      if (typeof own !== 'function') return own;
      return async (...args: never[]) => {
        if (called === steps) killed.abort();
        if (killed.signal.aborted) throw new Error('killed');
        called += 1;
        return (own as (...all: never[]) => unknown)(...args);
      };
    },
  });
  const services = {
    ...servicesOn({
      git,
      paths: { worktrees: world.at('').replace(/\/$/u, ''), key: 'k', instances: `${world.home}/instances` },
    }),
    store: {
      get state() {
        return state;
      },
    },
    decide: async (decided: (now: State) => readonly EventDraft[]) => {
      if (killed.signal.aborted) throw new Error('killed');
      const drafts = decided(state);
      facts.push(...drafts);
      state = reduceAll(state, numbered(drafts, state.seq + 1));
    },
    log: () => undefined,
    signal: killed.signal,
  } as unknown as DaemonServices;
  return {
    facts,
    rollBack: () => rollbackBatch(services, 'batch-1'),
    state: () => state,
    calls: () => called,
  };
};

const branch = (world: World) => world.user('rev-parse', target).trim();
const BACK = ['batch.rolled_back', 'task.reopened', 'task.archived'];

test.each(['reset', 'revert'] as const)(
  'a %s that is cut off after any of its steps is finished by the next daemon, once and whole',
  async (method) => {
    let isWhole = false;
    for (let steps = 0; !isWhole; steps += 1) {
      await using world = await openWorld();
      const { state, tip, to } = await stage(world, method);
      const first = daemonFrom(world, state, steps);
      const end = await first.rollBack().then(
        () => 'whole',
        (error: Error) => error.message,
      );
      isWhole = end === 'whole';
      if (!isWhole) {
        expect([end, first.facts]).toEqual(['killed', []]);
        expect([tip, to]).toContain(branch(world));
      }
      const next = daemonFrom(world, first.state());
      if (!isWhole) await next.rollBack();
      expect([...first.facts, ...next.facts].map(({ type }) => type)).toEqual(BACK);
      expect(branch(world)).toBe(to);
      expect(next.state().tasks['1']).toMatchObject({ state: 'open', batch: null, archived: false });
      expect(next.state().batches['batch-1']).toMatchObject({ state: 'rolled-back', rollback: { to_commit: to } });
      expect(world.user('-C', world.at('integration'), 'status', '--porcelain', '--branch')).toBe(`## ${target}\n`);
    }
  },
);

test('a branch that somebody moved meanwhile is left as they made it, and the batch stands with an alert', async () => {
  await using world = await openWorld();
  const { state, tip } = await stage(world, 'reset');
  const theirs = world.commit(tip, { 'theirs.txt': 'x\n' });
  await world.git.moveBranch(target, tip, theirs);
  const daemon = daemonFrom(world, state);
  await daemon.rollBack();
  expect(branch(world)).toBe(theirs);
  const problem = 'drover/integration was moved by somebody else while batch-1 was running';
  expect(daemon.state().batches['batch-1']).toMatchObject({ state: 'finished', rollback: { problem } });
  expect(daemon.state().tasks['1']).toMatchObject({ state: 'done', batch: 'batch-1' });
  expect(daemon.state().alerts['rollback:batch-1']?.suggestion).toBe('rollback integration batch-1');
});

test('where somebody went on from what takes the batch back, it is taken back', async () => {
  await using world = await openWorld();
  const { state, tip, to } = await stage(world, 'revert');
  const theirs = world.commit(to, { 'theirs.txt': 'x\n' });
  await world.git.moveBranch(target, tip, theirs);
  const daemon = daemonFrom(world, state);
  await daemon.rollBack();
  expect([branch(world), daemon.facts.map(({ type }) => type)]).toEqual([theirs, BACK]);
});

/** The integration worktree as a batch leaves it, in which somebody changes something. */
const checkedOut = async (world: World): Promise<string> => {
  const worktree = world.at('integration');
  await world.git.addWorktree(worktree, { branch: target });
  return worktree;
};

/** The ref under which changes were kept, and the words that tell of it. */
const keptBy = (daemon: ReturnType<typeof daemonFrom>): { ref: string; text: string } => {
  const [[id, { text }] = ['', { text: '' }]] = Object.entries(daemon.state().alerts).filter(([id]) =>
    id.startsWith('kept:'),
  );
  return { ref: id.slice('kept:'.length), text };
};

test('[STO-7] merges that somebody amended are not told as taken back, and what they changed there is kept', async () => {
  await using world = await openWorld();
  const { state, tip } = await stage(world, 'reset');
  const worktree = await checkedOut(world);
  writeFileSync(`${worktree}/one.txt`, 'amended\n');
  world.user('-C', worktree, 'commit', '-q', '--amend', '-a', '-m', 'amended');
  const amended = branch(world);
  writeFileSync(`${worktree}/one.txt`, 'not committed\n');
  const daemon = daemonFrom(world, state);
  await daemon.rollBack();
  expect([branch(world), tip === amended]).toEqual([amended, false]);
  expect(daemon.state().batches['batch-1']).toMatchObject({ state: 'finished' });
  expect(daemon.state().tasks['1']).toMatchObject({ state: 'done' });
  expect(world.user('show', `${keptBy(daemon).ref}:one.txt`)).toBe('not committed\n');
});

test('a rollback keeps what somebody has changed in the integration worktree, and tells where', async () => {
  await using world = await openWorld();
  const { state, to } = await stage(world, 'revert');
  const worktree = await checkedOut(world);
  writeFileSync(`${worktree}/two.txt`, 'not committed\n');
  writeFileSync(`${worktree}/new.txt`, 'untracked\n');
  const daemon = daemonFrom(world, state);
  await daemon.rollBack();
  expect([branch(world), daemon.state().batches['batch-1']!.state]).toEqual([to, 'rolled-back']);
  const { ref, text } = keptBy(daemon);
  expect(text).toContain(ref);
  expect(world.user('show', `${ref}:two.txt`, `${ref}:new.txt`)).toBe('not committed\nuntracked\n');
});

test('work that was set aside for what a batch had merged is so no more when that is taken back', async () => {
  const alertsAfter = async (others: readonly string[]): Promise<readonly string[]> => {
    await using world = await openWorld();
    const { state } = await stage(world, 'reset');
    const theirs = world.commit(world.first, { 'one.txt': 'two\n' });
    const id = '2';
    const run = { id, instance: 'i', branch: 'feature/2', start_commit: world.first };
    const result = resultAt(theirs);
    const aside: SetAside = {
      task: id,
      reason: 'conflict',
      message: 'conflict with 1',
      files: ['one.txt'],
      commit: theirs,
    };
    const examined = {
      batch: 'batch-2',
      task: id,
      ours: world.first,
      theirs,
      with: [...others],
      files: [],
      note: null,
    };
    const standing = reduceAll(
      state,
      numbered(
        [
          taskCreated('3'),
          taskCreated(id),
          { type: 'run.started', data: run },
          { type: 'run.verified', data: { id, result } },
          { type: 'batch.started', data: { id: 'batch-2', target, base_commit: world.first, tasks: [id] } },
          { type: 'batch.merged', data: { id: 'batch-2', task: '3', branch: 'feature/3', commit: theirs } },
          { type: 'conflict.examined', data: examined },
          ...asideFacts(state, 'batch-2', aside),
          { type: 'batch.finished', data: { id: 'batch-2' } },
        ],
        state.seq + 1,
      ),
    );
    expect(Object.keys(standing.alerts)).toEqual(['aside:2']);
    const daemon = daemonFrom(world, standing);
    await daemon.rollBack();
    return Object.keys(daemon.state().alerts);
  };
  expect(await alertsAfter(['1'])).toEqual([]);
  // What is merged still is in its way still.
  expect(await alertsAfter(['1', '3'])).toEqual(['aside:2']);
  expect(await alertsAfter(['3'])).toEqual(['aside:2']);
});
