import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm, type Swarm } from '../helpers/swarm.ts';

/** The environment that the launch script of an instance gives its program. */
const environmentOf = (swarm: Swarm, id: string): Record<string, string> => {
  const script = readFileSync(join(swarm.paths.instances, id, 'launch.sh'), 'utf8');
  const exports = [...script.matchAll(/^export (?<name>\w+)='(?<value>(?:[^']|'\\'')*)'$/gmu)];
  return Object.fromEntries(
    exports.map(({ groups }) => [groups!['name']!, groups!['value']!.replaceAll(String.raw`'\''`, "'")]),
  );
};

/** Runs a line of shell as the program of an instance would. */
const asAgent = (swarm: Swarm, id: string) => {
  const cwd = join(swarm.paths.worktrees, id);
  const env = { HOME: swarm.env['HOME']!, LANG: 'C.UTF-8', ...environmentOf(swarm, id) };
  return (line: string) => {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { cwd, env, encoding: 'utf8' });
    return { code: status, out: stdout.trim(), err: stderr.trim() };
  };
};

/** All that agents leave alone: refs, the entries of the stash, what is checked out where, and which worktrees there are. */
const belongings = ({ git, root }: Swarm): string =>
  [
    git('for-each-ref', '--format=%(refname) %(objectname)'),
    git('reflog', 'show', '--format=%H', 'refs/stash'),
    git('worktree', 'list', '--porcelain'),
    git('status', '--porcelain', '--untracked-files=no'),
    readFileSync(join(root, '.git/HEAD'), 'utf8'),
    git('reflog', 'show', '--format=%H %gs', 'main'),
  ].join('\n');

const ATTACKS = [
  'git branch -f topic main',
  'git branch -D topic',
  'git branch -M topic',
  'git branch -m topic other',
  'git branch -C main topic',
  'git update-ref refs/heads/topic HEAD',
  'printf "update refs/heads/topic HEAD\\n" | git update-ref --stdin',
  'git update-ref -d refs/heads/topic',
  'git push -q . HEAD:topic',
  'git push -q "$(git rev-parse --git-common-dir)" +HEAD:refs/heads/topic',
  'git fetch -q . HEAD:topic',
  'echo mine >mine; git add mine; git stash',
  'git stash drop',
  'git stash pop',
  'git stash clear',
  'git rebase --autostash HEAD',
  'git tag -d v1',
  'git tag v2',
  'git tag -f v1 HEAD',
  'git update-ref refs/drover/archive/x HEAD',
  'git update-ref refs/heads/drover/integration HEAD',
  'git notes add -m x HEAD',
  'git -C "$CHECKOUT" checkout -q topic',
  'git -C "$CHECKOUT" commit -q --allow-empty -m x',
  'cd "$CHECKOUT" && git reset -q --hard topic',
  'git --git-dir="$CHECKOUT/.git" symbolic-ref HEAD refs/heads/topic',
  'git symbolic-ref main-worktree/HEAD refs/heads/topic',
  'git update-ref main-worktree/HEAD HEAD',
  'git worktree remove --force "$OTHER"',
  'git worktree prune --expire=now',
  'git -C "$OTHER" checkout -q --detach',
  'git reflog expire --expire=now --all',
  'git reflog delete main@{0}',
  'git gc --prune=now',
  'git repack -a -d',
  'git prune --expire=now',
  'git pack-refs --all',
];

test('[WTR-3] git that an agent starts leaves alone what belongs to others, and says why in one sentence', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal' } });
  const { git, root } = swarm;
  git('commit', '-q', '--allow-empty', '-m', 'second');
  git('branch', 'topic', 'HEAD~1');
  git('tag', 'v1');
  for (const text of ['one', 'two']) {
    writeFileSync(join(root, '.drover/config.json.txt'), text);
    git('add', '-A');
    git('stash');
  }
  await swarm.say('launch 2 instances');
  const run = asAgent(swarm, 'rehearsal-1');
  const places = `CHECKOUT=${root} OTHER=${join(swarm.paths.worktrees, 'rehearsal-2')}`;
  const before = belongings(swarm);
  const gone = ATTACKS.flatMap((attack) => {
    const { code, err } = run(`${places}; ${attack}`);
    const said = err.split('\n').filter((line) => line.startsWith('drover: '));
    const refused = code !== 0 && said.length === 1 && /^drover: .* because .*: .*\.$/u.test(said[0]!);
    return refused && belongings(swarm) === before ? [] : [{ attack, code, err }];
  });
  expect(gone).toEqual([]);
});

test('an agent works on its branch as ever, on branches that it makes, and in other repositories', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal' } });
  const { git, root } = swarm;
  const hooks = join(root, '.git/hooks');
  mkdirSync(hooks, { recursive: true });
  for (const name of ['pre-commit', 'reference-transaction', 'post-commit']) {
    writeFileSync(join(hooks, name), `#!/bin/sh\necho "$(basename "$0") $1" >>'${root}/../ran'\n`);
    chmodSync(join(hooks, name), 0o755);
  }
  await swarm.say('launch 1 instance');
  const run = asAgent(swarm, 'rehearsal-1');
  const branch = run('git branch --show-current').out;
  const work = [
    'echo a >a && git add a && git commit -q -m one',
    'git commit -q --amend -m two',
    'git checkout -q --detach && git checkout -q -',
    'git branch aside && git branch -f aside HEAD~1 && git branch -D aside',
    'git checkout -q -b other && git commit -q --allow-empty -m x && git checkout -q - && git branch -D other',
    'echo b >>a && git stash create >/dev/null && git checkout -q a',
    'git commit -q --allow-empty -m three && git rebase -q --force-rebase HEAD~2',
    'git reset -q --hard HEAD~1 && git merge -q main && git bisect start && git bisect reset',
    'git fetch -q . main && git update-ref refs/worktree/mark HEAD && git cherry-pick --allow-empty --keep-redundant-commits HEAD',
    'git init -q ../other && cd ../other && git config user.name B && git config user.email b@x',
    'cd ../other && git commit -q --allow-empty -m x && git branch y && git branch -m y z && git gc -q && git tag v',
  ];
  expect(work.flatMap((line) => [{ line, ...run(line) }].filter(({ code }) => code !== 0))).toEqual([]);
  expect(run('git branch --show-current').out).toBe(branch);
  const ran = readFileSync(join(root, '../ran'), 'utf8');
  expect(new Set(ran.trimEnd().split('\n'))).toEqual(
    new Set([
      'pre-commit ',
      'post-commit ',
      ...['prepared', 'committed', 'aborted'].map((phase) => `reference-transaction ${phase}`),
    ]),
  );
  // The repository itself knows nothing of it.
  expect(git('config', '--local', '--list')).not.toMatch(/hookspath|include/iu);
  expect(existsSync(join(hooks, 'pre-push'))).toBe(false);
});

test('what an agent commits is on the disk when git says that it is made', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal' } });
  await swarm.say('launch rehearsal');
  const agent = asAgent(swarm, 'rehearsal-1');
  const trace = join(swarm.root, '..', 'synced');
  const { code } = agent(`echo x >x; git add x; GIT_TRACE2_PERF='${trace}' git commit -qm x`);
  const { flushes } = /hardware-flush:(?<flushes>\d+)/u.exec(readFileSync(trace, 'utf8'))?.groups ?? {};
  // The tree, the commit and the branch.
  expect([code, flushes]).toEqual([0, '3']);
});

test('hooks that lie in each worktree run there, also those that come to be later', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal' } });
  swarm.git('config', 'core.hooksPath', '.hooks/_');
  await swarm.say('launch 1 instance');
  const run = asAgent(swarm, 'rehearsal-1');
  const hook =
    'mkdir -p .hooks/_ && printf "#!/bin/sh\\nexit 1\\n" >.hooks/_/pre-commit && chmod +x .hooks/_/pre-commit';
  expect(run('git commit -q --allow-empty -m one')).toMatchObject({ code: 0 });
  expect(run(`${hook} && git commit -q --allow-empty -m two`)).toMatchObject({ code: 1 });
  expect(run('git tag v1')).toMatchObject({ code: 128 });
});

test('without the guard git does as it is told', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', git: { guard: 'off' } } });
  await swarm.say('launch 1 instance');
  const env = environmentOf(swarm, 'rehearsal-1');
  expect(env).not.toHaveProperty('DROVER_GUARD');
  expect(asAgent(swarm, 'rehearsal-1')('git tag v1')).toMatchObject({ code: 0 });
});

const BYPASS = '"$DROVER_GIT" -c core.hooksPath=/dev/null';

/** What goes around the guard, and the ref that it changes. */
const AROUND: readonly (readonly [line: string, ref: string])[] = [
  [`${BYPASS} branch -f a1 HEAD`, 'refs/heads/a1'],
  [`git -c core.hooksPath=/dev/null branch -D a2`, 'refs/heads/a2'],
  [`${BYPASS} update-ref refs/heads/a3 HEAD`, 'refs/heads/a3'],
  [`echo "update refs/heads/a4 $(git rev-parse HEAD)" | ${BYPASS} update-ref --stdin`, 'refs/heads/a4'],
  ['git push -q --no-verify . +HEAD:refs/heads/a5', 'refs/heads/a5'],
  [`${BYPASS} fetch -q . +HEAD:refs/heads/a6`, 'refs/heads/a6'],
  ['"$DROVER_GIT" branch -C main a7', 'refs/heads/a7'],
  ['env -u GIT_CONFIG_COUNT "$DROVER_GIT" branch -q -D a8', 'refs/heads/a8'],
  [`${BYPASS} tag -d v1`, 'refs/tags/v1'],
  [`${BYPASS} tag -f v2 HEAD`, 'refs/tags/v2'],
  [`${BYPASS} update-ref -d refs/drover/archive/x`, 'refs/drover/archive/x'],
  ['"$DROVER_GIT" stash drop -q', 'stash'],
  [`cd "$CHECKOUT" && ${BYPASS} commit -q --allow-empty -m x`, 'refs/heads/main'],
];

test('what goes around the guard is told with whose git did it, and can be put back', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal' } });
  const { git, root } = swarm;
  git('commit', '-q', '--allow-empty', '-m', 'second');
  const first = git('rev-parse', 'HEAD~1');
  for (const name of ['a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7', 'a8', 'a9', 'b1']) git('branch', name, first);
  for (const name of ['v1', 'v2']) git('tag', name, first);
  git('update-ref', 'refs/drover/archive/x', first);
  for (const text of ['older', 'newer']) {
    writeFileSync(join(root, '.drover/notes'), text);
    git('add', '-A');
    git('stash');
  }
  const stash = git('rev-parse', 'refs/stash');
  const main = git('rev-parse', 'main');
  await swarm.say('launch 2 instances');
  // What a person does in their checkout is theirs.
  git('checkout', '-q', '-b', 'mine');
  git('commit', '-q', '--allow-empty', '-m', 'third');
  git('branch', '-f', 'a9', 'HEAD');
  git('branch', '-q', '-D', 'b1');
  git('reset', '-q', '--hard', 'HEAD~1');
  git('checkout', '-q', 'main');
  const run = asAgent(swarm, 'rehearsal-2');
  const alerts = async () =>
    Object.fromEntries(Object.entries((await swarm.state()).alerts).filter(([id]) => id.startsWith('ref:')));
  for (const [line] of AROUND) expect([line, run(`CHECKOUT=${root}; ${line}`).code]).toEqual([line, 0]);
  writeFileSync(join(root, '.git/refs/heads/a9'), `${main}\n`);
  const ids = [...AROUND.map(([, ref]) => (ref === 'stash' ? `refs/stash@${stash}` : ref)), 'refs/heads/a9'];
  await expect
    .poll(async () => Object.keys(await alerts()).toSorted())
    .toEqual(ids.map((ref) => `ref:${ref}`).toSorted());
  const told = await alerts();
  expect(ids.map((ref) => [ref, told[`ref:${ref}`]!.instance])).toEqual(
    ids.map((ref) => [ref, ref === 'refs/heads/a9' ? null : 'rehearsal-2']),
  );
  expect(told['ref:refs/heads/a2']!.text).toBe(
    `a2, which was at ${first.slice(0, 10)}, was taken away past the guard: rehearsal-2 ran "git -c core.hooksPath=/dev/null branch -D a2"`,
  );
  expect(told['ref:refs/heads/a2']!.suggestion).toBe('restore ref a2');
  expect(told['ref:refs/heads/a9']!.text).toContain('nobody is known who did it');

  const back = ['a2', 'main', 'v1', `stash@${stash.slice(0, 10)}`];
  expect(await swarm.propose('restore ref main')).toMatchObject({ exit: 5 });
  for (const name of back) expect(await swarm.say(`restore ref ${name}`)).toMatchObject({ exit: 0 });
  expect(['a2', 'main', 'v1', 'refs/stash'].map((name) => git('rev-parse', name))).toEqual([first, main, first, stash]);
  expect(Object.keys(await alerts())).toHaveLength(ids.length - back.length);
  expect((await swarm.say('list refs')).data).toHaveLength(ids.length - back.length);
});

test('a branch that went by standard input has whose git it was, and the branch of the checkout moved by nobody is told of', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal' } });
  const { git } = swarm;
  const first = git('rev-parse', 'HEAD');
  git('commit', '-q', '--allow-empty', '-m', 'second');
  git('branch', 'b2', first);
  await swarm.say('launch 1 instance');
  const run = asAgent(swarm, 'rehearsal-1');
  const alert = async (ref: string) => (await swarm.state()).alerts[`ref:${ref}`];
  const told = (ref: string) => expect.poll(() => alert(ref));
  expect(run(`echo "delete refs/heads/b2" | ${BYPASS} update-ref --stdin`).code).toBe(0);
  await told('refs/heads/b2').toMatchObject({ instance: 'rehearsal-1' });
  // What a person does in the checkout is theirs.
  git('commit', '-q', '--allow-empty', '-m', 'third');
  expect(run(`env -i "$DROVER_GIT" update-ref refs/heads/main ${first}`).code).toBe(0);
  await told('refs/heads/main').toMatchObject({ instance: null });
  const { text } = (await alert('refs/heads/main'))!;
  expect(text).toContain(`to ${first.slice(0, 10)} past the guard: nobody is known who did it`);
  git('reset', '-q', '--hard');
});
