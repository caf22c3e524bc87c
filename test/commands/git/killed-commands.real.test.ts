import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { forgetEnd } from '../../daemon/forget-end.ts';
import { sayAs } from '../../daemon/process.ts';
import { openStage, type Stage } from '../../daemon/sagas/stage.ts';
import { openSwarm } from '../../helpers/swarm.ts';

type Tried = {
  /** Says a command that must succeed. */
  readonly need: Stage['need'];
  readonly git: Stage['git'];
  readonly place: (name: string) => string;
};

/** A command about a worktree of a name, what comes before it, and what is true after it. */
type Case = {
  readonly line: (name: string) => string;
  /** The steps before which the daemon dies, by how their names begin. */
  readonly steps: readonly string[];
  readonly before: (tried: Tried, name: string) => Promise<unknown> | unknown;
  readonly answer: (name: string) => string;
  readonly after: (tried: Tried, name: string) => Promise<unknown> | unknown;
};

const NAMES = 'alpha beta gamma delta epsilon zeta eta'.split(' ');

const withIdea = async ({ need, place }: Tried, name: string): Promise<void> => {
  await need(`create worktree ${name}`);
  writeFileSync(join(place(name), 'idea'), 'good');
};

const expectGone = ({ git, place }: Tried, name: string): void => {
  expect(existsSync(place(name))).toBe(false);
  expect(git('worktree', 'list', '--porcelain')).not.toContain(place(name));
};

const expectWhole = ({ git, place }: Tried, name: string): void => {
  expect(git('-C', place(name), 'status', '--porcelain', '--branch')).toContain(`## drover/${name}`);
  expect(git('branch', '--list', `drover/${name}*`)).toMatch(new RegExp(`^\\S+ drover/${name}$`, 'u'));
};

const CASES: Readonly<Record<string, Case>> = {
  'create worktree': {
    line: (name) => `create worktree ${name}`,
    steps: [
      'git update-ref',
      'git worktree_add',
      'git reset',
      'git worktree_unlock',
      'rm r/.git/drover/claims',
      'unlink r/.git/drover/instances',
    ],
    before: () => undefined,
    answer: (name) => `Created the worktree ${name} at `,
    after: (tried, name) => {
      expectWhole(tried, name);
      expect(tried.git('-C', tried.place(name), 'status', '--porcelain')).toBe('');
    },
  },
  'remove worktree': {
    line: (name) => `remove worktree ${name}`,
    steps: ['git update-ref', 'rename data/drover/worktrees', 'git worktree_remove'],
    before: withIdea,
    answer: (name) => `Removed 1 worktree: ${name}. Uncommitted work of ${name} is kept.`,
    after: async (tried, name) => {
      expectGone(tried, name);
      await tried.need(`restore worktree ${name}`);
      expect(existsSync(join(tried.place(name), 'idea'))).toBe(true);
    },
  },
  'remove worktree force': {
    line: (name) => `remove worktree ${name} force`,
    steps: ['rename data/drover/worktrees', 'git worktree_remove', 'rm data/drover/worktrees'],
    before: withIdea,
    answer: (name) => `Removed 1 worktree: ${name}. Uncommitted work of ${name} is kept.`,
    after: (tried, name) => {
      expectGone(tried, name);
      expect(tried.git('show', `refs/drover/archive/${name}:idea`)).toBe('good');
    },
  },
  'clean worktree': {
    line: (name) => `clean worktree ${name} older=0s`,
    steps: ['git update-ref', 'rename data/drover/worktrees', 'git worktree_remove'],
    before: ({ need }, name) => need(`create worktree ${name}`),
    answer: () => 'Removed 1 worktree.',
    after: async (tried, name) => {
      expectGone(tried, name);
      await tried.need(`restore worktree ${name}`);
      expectWhole(tried, name);
    },
  },
  'clean worktrees': {
    line: (name) => `clean worktrees ${name},${name}-too older=0s`,
    steps: ['rename data/drover/worktrees', 'git worktree_remove'],
    before: async ({ need }, name) => {
      for (const one of [name, `${name}-too`]) await need(`create worktree ${one}`);
    },
    // That the first is gone by then is no reason to leave the second.
    answer: () => 'Removed 2 worktrees.',
    after: (tried, name) => {
      for (const one of [name, `${name}-too`]) expectGone(tried, one);
    },
  },
  'restore worktree': {
    line: (name) => `restore worktree ${name}`,
    steps: ['git worktree_add', 'git reset', 'git worktree_unlock', 'git update-index'],
    before: async (tried, name) => {
      await withIdea(tried, name);
      await tried.need(`remove worktree ${name}`);
    },
    answer: (name) => `Restored ${name} (drover/${name}).`,
    after: (tried, name) => {
      expectWhole(tried, name);
      expect(existsSync(join(tried.place(name), 'idea'))).toBe(true);
    },
  },
};

test.each(Object.keys(CASES))(
  '[CLI-8] "%s" is brought to its end when it is said again after the death of its daemon in the middle',
  async (kind) => {
    const { line, steps, before, answer, after } = CASES[kind]!;
    await using stage = openStage();
    const place = (name: string): string => join(stage.paths.worktrees, name);
    const tried: Tried = { need: stage.need, git: stage.git, place };
    await stage.start();
    for (const [n, at] of steps.entries()) {
      const name = NAMES[n]!;
      await before(tried, name);
      const { answered } = await stage.sayDying(line(name), { from: 'command.begun', at }, { id: name });
      expect([at, answered]).toEqual([at, false]);
      await stage.start();
      const reply = await sayAs(stage.paths, name, line(name));
      expect([at, reply?.exit, reply?.message]).toEqual([at, 0, expect.stringContaining(answer(name))]);
      await after(tried, name);
    }
  },
  120_000,
);

test('[STO-7] a restoring that nobody asks for again comes to its end, without a lock of the git that was killed over it', async () => {
  await using stage = openStage();
  const place = join(stage.paths.worktrees, 'alpha');
  const tried: Tried = { need: stage.need, git: stage.git, place: () => place };
  await stage.start();
  await withIdea(tried, 'alpha');
  await stage.need('remove worktree alpha');
  await stage.sayDying('restore worktree alpha', { from: 'command.begun', at: 'git update-index' });
  const lock = join(stage.root, '.git/worktrees/alpha/index.lock');
  writeFileSync(lock, '');
  await stage.start();
  expect([existsSync(lock), existsSync(join(place, 'idea'))]).toEqual([false, true]);
  expectWhole(tried, 'alpha');
  expect((await stage.say('restore worktree alpha'))?.exit).toBe(3);
});

test('[CLI-8] what was done when its daemon died before it had said so is not refused when it is said again', async () => {
  await using swarm = await openSwarm();
  const mine = join(swarm.root, '..', 'of-mine');
  swarm.git('worktree', 'add', '-q', '-b', 'hotfix', mine);
  const lines = [
    'create worktree alpha',
    'create worktree beta',
    'remove worktree alpha,beta',
    'restore worktree alpha',
    'remove worktree alpha force',
    `adopt worktree "${mine}"`,
    'create branch topic',
    `move worktree of-mine to "${mine}-moved"`,
    'lock worktree of-mine',
    'unlock worktree of-mine',
  ];
  for (const [n, line] of lines.entries()) {
    const id = `n${n}`;
    const first = await sayAs(swarm.paths, id, line);
    await swarm.close();
    forgetEnd(swarm, id);
    await swarm.reopen();
    const again = await sayAs(swarm.paths, id, line);
    expect([line, again?.exit, again?.message]).toEqual([line, 0, first?.message]);
    expect([line, again?.data]).toEqual([line, first?.data]);
  }
  // Said anew, and not again, it is refused.
  expect(await sayAs(swarm.paths, 'anew', 'create branch topic')).toMatchObject({ exit: 6 });
  expect(await sayAs(swarm.paths, 'newer', 'remove worktree alpha')).toMatchObject({ exit: 3 });
  expect((await sayAs(swarm.paths, 'last', 'unlock worktree of-mine'))?.message).toBe('None of them was locked.');
}, 120_000);
