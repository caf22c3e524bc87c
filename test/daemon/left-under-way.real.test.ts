import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { until } from './until.ts';
import { openSwarm, type Swarm } from '../helpers/swarm.ts';
import { doing as settings } from './doing-agent.ts';

const commit = (file: string, text = file) => `echo ${text} >${file}; git add ${file}; git commit -qm ${file}`;

/** Lets the agent do one thing after the other, each as a task of its own. */
const doAll = async (swarm: Swarm, works: Readonly<Record<string, string>>) => {
  for (const [id, work] of Object.entries(works)) {
    await swarm.say(`create task "Do ${id}" id=${id} check="true" description="DO<${work}; exit 0>"`);
    await swarm.say(`run task ${id} wait=true`);
  }
  return swarm.state();
};

const openOne = async (files: Record<string, string> = {}) => {
  const swarm = await openSwarm({ settings, files });
  await swarm.say('launch 1 instance');
  return swarm;
};

const CONFLICT = `${commit('f', 'ours')}; git checkout -q -b side HEAD~1; ${commit('f', 'theirs')}; git checkout -q -`;

test.each([
  { what: 'rebase', work: `${commit('a')}; git -c sequence.editor='sed -i s/^pick/edit/' rebase -qi HEAD~1` },
  { what: 'rebase', work: `${CONFLICT}; git rebase side; git checkout -q --ours f; git add f; git reset -q --hard` },
  { what: 'rebase', work: `${CONFLICT}; git rebase side` },
  { what: 'merge', work: `${CONFLICT}; git merge side` },
  { what: 'cherry-pick', work: `${CONFLICT}; git cherry-pick side` },
  { what: 'revert', work: `${commit('f', '1')}; ${commit('f', '2')}; git revert HEAD~1` },
  { what: 'bisect', work: `${commit('a')}; git bisect start` },
])(
  'a worktree in which an agent has left a $what by "$work" does the next tasks all the same',
  async ({ what, work }) => {
    await using swarm = await openOne();
    const { alerts, instances, tasks } = await doAll(swarm, { t1: work, t2: commit('k2'), t3: commit('k3') });
    expect(tasks['t1']!.run!.failure).toMatchObject({
      class: 'agent',
      message: `a ${what} is in the middle in the worktree: it is neither brought to its end nor given up`,
    });
    expect(['t2', 't3'].map((id) => [tasks[id]!.state, tasks[id]!.run!.failure])).toEqual([
      ['done', null],
      ['done', null],
    ]);
    expect(swarm.git('diff', '--name-only', 'main', tasks['t2']!.run!.branch)).toBe('k2');
    expect(instances['doing-1']!.state.kind).toBe('idle');
    const archived = swarm.git('for-each-ref', '--format=%(refname)', 'refs/drover/archive').split('\n');
    // A branch that was gone at some look at the refs is kept as well, and told of otherwise.
    const kept = archived.filter((ref) => ref !== '' && !ref.includes('/lost/'));
    const told = Object.values(alerts).filter(({ id }) => id.startsWith('kept:'));
    expect(told.map(({ id }) => id)).toEqual(kept.slice(0, 1).map((ref) => `kept:${ref}`));
    for (const ref of kept) expect(told[0]!.text).toContain(ref);
  },
);

test('what was uncommitted in a merge that is given up is in the archive, and its branch stays where it was', async () => {
  await using swarm = await openOne();
  const { alerts, tasks } = await doAll(swarm, { t1: `${CONFLICT}; git merge side; echo mine >new`, t2: commit('k2') });
  const ref = 'refs/drover/archive/doing-1';
  expect(swarm.git('show', `${ref}:f`)).toContain('<<<<<<<');
  expect(swarm.git('show', `${ref}:new`)).toBe('mine');
  expect(swarm.git('rev-parse', `${ref}^`)).toBe(swarm.git('rev-parse', tasks['t1']!.run!.branch));
  expect(alerts[`kept:${ref}`]).toMatchObject({
    severity: 'warning',
    text: `A merge was in the middle in the worktree of doing-1, and was given up for t2; what it had is kept as ${ref} (see it with: git log -p ${ref} --not --branches).`,
  });
  expect(swarm.git('log', '--format=%s', ref, '--not', '--branches')).toBe('WIP of doing-1 before t2');
});

test('a run that ends in the middle of a merge of which nothing is to be seen is not done', async () => {
  await using swarm = await openOne();
  const unseen = `${commit('a')}; git checkout -q -b side HEAD~1; ${commit('f')}; git checkout -q -; git merge -q --no-commit --no-ff side; git rm -q --cached f; rm f; git status --porcelain >../seen`;
  const { tasks } = await doAll(swarm, { t1: unseen });
  expect(tasks['t1']).toMatchObject({
    state: 'failed',
    run: { failure: { message: expect.stringContaining('a merge is in') } },
  });
});

test('an instance whose worktree stays in the middle of something is held, and others do the tasks', async () => {
  await using swarm = await openOne();
  await doAll(swarm, { t1: `${commit('a')}; git bisect start` });
  const admin = join(swarm.root, '.git', 'worktrees', 'doing-1', 'refs', 'bisect');
  // What nobody can remove, not even whoever may do everything.
  let deep = admin;
  for (let n = 0; n < 270; n += 1) deep = join(deep, 'd');
  mkdirSync(deep, { recursive: true });
  writeFileSync(join(deep, 'x'), '');
  await swarm.say('launch 1 instance');
  await swarm.say(`create task "Do t2" id=t2 check="true" description="DO<${commit('k2')}>"`);
  await swarm.say('run task t2 on=doing-1 wait=true');
  const { alerts, instances } = await swarm.state();
  expect(instances['doing-1']!.state).toMatchObject({
    kind: 'lost',
    evidence: expect.stringContaining('a bisect is in the middle in the worktree'),
  });
  expect(alerts['instance:doing-1']!.text).toContain('doing-1 is lost: a bisect is in the middle');
  // It was given to that instance by name, so that it waits for a word.
  expect((await swarm.state()).tasks['t2']).toMatchObject({ state: 'assigned', assignee: 'doing-1' });
  await swarm.say('reassign task t2 to=doing-2');
  await until(swarm, ({ tasks }) => tasks['t2']!.state === 'done');
  expect((await swarm.state()).tasks['t2']).toMatchObject({ state: 'done', run: { instance: 'doing-2' } });
  rmSync(admin, { recursive: true });
});

const detached = `git checkout -q --detach; ${commit('alone')}; ${commit('more')}`;

test.each([
  { what: 'says so in its failure', end: 'exit 0', isTold: true },
  { what: 'is told by an alert where nobody has looked before', end: 'exit 1', isTold: false },
])(
  'what an agent has committed on no branch stays when the next task begins there, and $what',
  async ({ end, isTold }) => {
    await using swarm = await openOne();
    const { alerts, tasks } = await doAll(swarm, { t1: `${detached}; ${end}`, t2: commit('k2') });
    const ref = 'refs/drover/archive/doing-1';
    const how = `kept as ${ref} (see it with: git log -p ${ref} --not --branches)`;
    const { branch, failure } = tasks['t1']!.run!;
    expect(tasks['t2']!.state).toBe('done');
    if (isTold)
      expect(failure!.message).toBe(
        `the worktree is on no branch, not on ${branch}; what was committed there is ${how}`,
      );
    expect(alerts[`kept:${ref}`]?.text).toBe(
      isTold ? undefined : `What was committed on no branch in the worktree of doing-1 is ${how}.`,
    );
    swarm.git('gc', '-q', '--prune=now');
    expect(swarm.git('log', '--format=%s', ref, '--not', '--branches')).toBe('more\nalone');
    expect((await swarm.say('remove instance doing-1')).exit).toBe(0);
  },
);

test('what an agent has committed on another branch needs no keeping', async () => {
  await using swarm = await openOne();
  const { tasks } = await doAll(swarm, { t1: `git checkout -q -b elsewhere; ${commit('a')}`, t2: commit('k2') });
  expect(tasks['t1']!.run!.failure!.message).toContain('the worktree is on elsewhere, not on');
  expect(tasks['t2']!.state).toBe('done');
  expect(swarm.git('for-each-ref', 'refs/drover/archive')).toBe('');
});

test.each(['--assume-unchanged', '--skip-worktree'])(
  'a change that an agent has hidden by %s is uncommitted, and comes into no other task',
  async (flag) => {
    await using swarm = await openOne({ x: 'as it was\n', y: 'y\n' });
    const { tasks } = await doAll(swarm, {
      t1: `${commit('a')}; git update-index ${flag} x; echo hidden >x`,
      t2: 'cat x >seen; git add seen; git commit -qm seen',
    });
    expect(tasks['t1']).toMatchObject({
      state: 'failed',
      run: { failure: { class: 'dirty', message: 'uncommitted: x' } },
    });
    expect(tasks['t2']!.state).toBe('done');
    expect(swarm.git('show', `${tasks['t2']!.run!.branch}:seen`)).toBe('as it was');
    expect(swarm.git('show', `${tasks['t1']!.run!.branch}:x`)).toBe('hidden');
  },
);
