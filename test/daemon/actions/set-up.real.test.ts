import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { instanceIs, instanceNamed, worktreeAt } from '../../commands/stage.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';

const openWith = (worktrees: object, more: object = {}, files: Record<string, string> = {}): Promise<Swarm> =>
  openSwarm({
    settings: { agent: 'rehearsal', worktrees, ...more },
    files: { '.gitignore': '.env\ncache/\nnode_modules/\n.ok\n*.log\n', ...files },
  });

const read = (swarm: Swarm, name: string, path: string): string =>
  readFileSync(join(worktreeAt(swarm, name), path), 'utf8');

/** Trusts all that the repository asks for, as its owner does who has seen it. */
const trustAll = async (swarm: Swarm): Promise<void> => {
  const { data } = await swarm.say('show trust');
  const { hash } = data as { hash: string };
  expect(await swarm.say(`trust config hash=${hash}`)).toMatchObject({ exit: 0 });
};

const dirty = (swarm: Swarm, name: string): string =>
  execFileSync('git', ['status', '--porcelain'], { cwd: worktreeAt(swarm, name), encoding: 'utf8' });

test('[WTR-2] a new worktree has its copies and what its set-up has made', async () => {
  await using swarm = await openWith({ copy: ['.env'], setup: 'touch .ok' });
  writeFileSync(join(swarm.root, '.env'), 'KEY=1\n', { mode: 0o600 });
  expect(await swarm.say('launch 2 instances')).toMatchObject({ exit: 0 });
  for (const name of ['rehearsal-1', 'rehearsal-2']) {
    expect([read(swarm, name, '.env'), read(swarm, name, '.ok')]).toEqual(['KEY=1\n', '']);
    expect(statSync(join(worktreeAt(swarm, name), '.env')).mode & 0o777).toBe(0o600);
    expect(dirty(swarm, name)).toBe('');
  }
});

test('no more set-ups run at once than worktrees.setups says', async () => {
  // Fails where another one is at it.
  const setup = 'mkdir "$DROVER_CHECKOUT/cache" && sleep 0.2 && rmdir "$DROVER_CHECKOUT/cache"';
  await using swarm = await openWith({ setup, setups: 1 });
  expect(await swarm.say('launch 3 instances')).toMatchObject({ exit: 0 });
});

test('[WTR-2] a set-up that fails leaves a failed instance, no worktree and no branch, and a restart tries again', async () => {
  const setup = 'echo half >half; echo "no such package" >&2; test -e "$DROVER_CHECKOUT/good"';
  await using swarm = await openWith({ setup, teardown: 'touch "$DROVER_CHECKOUT/torn"' });
  const reply = await swarm.say('launch 1 instance');
  expect([reply.exit, reply.message]).toEqual([1, expect.stringContaining('ended with 1')]);
  const failed = await instanceNamed(swarm);
  expect(failed.state).toMatchObject({ kind: 'failed', evidence: expect.stringContaining('no such package') });
  expect([existsSync(failed.workspace_path), swarm.git('branch', '--list', 'drover/*')]).toEqual([false, '']);
  expect(swarm.git('worktree', 'list').split('\n')).toHaveLength(1);
  expect(existsSync(join(swarm.root, 'torn'))).toBe(true);
  const alert = (await swarm.state()).alerts['instance:rehearsal-1']!;
  const log = join(swarm.paths.instances, 'rehearsal-1', 'setup.log');
  expect(alert).toMatchObject({ text: expect.stringContaining(log), suggestion: 'restart instance rehearsal-1' });
  expect(readFileSync(log, 'utf8')).toContain('no such package');
  writeFileSync(join(swarm.root, 'good'), '');
  expect(await swarm.say('restart instance rehearsal-1')).toMatchObject({ exit: 0 });
  expect([read(swarm, 'rehearsal-1', 'half'), (await swarm.state()).alerts]).toEqual(['half\n', {}]);
});

test.each([
  ['stop', 'Stopped 1 instance: rehearsal-1.', 'stopped'],
  ['remove', 'Removed 1 instance: rehearsal-1.', 'removed'],
])('[INS-4] %s ends an instance that is being set up, which is not started after that', async (verb, answer, how) => {
  const setup = 'touch "$DROVER_CHECKOUT/begun.log"; until test -e "$DROVER_CHECKOUT/go.log"; do sleep 0.05; done';
  await using swarm = await openWith({ setup, setups: 1 });
  const launch = swarm.say('launch 2 instances');
  await vi.waitUntil(() => existsSync(join(swarm.root, 'begun.log')));
  expect(await swarm.say(`${verb} instance rehearsal-1`)).toMatchObject({ exit: 0, message: answer });
  writeFileSync(join(swarm.root, 'go.log'), '');
  expect(await launch).toMatchObject({
    exit: 1,
    message: `1 instance did not start: rehearsal-1: it was ${how} meanwhile.`,
  });
  const { instances } = await swarm.state();
  const states = Object.values(instances).map(({ instance_id: id, state }) => [id, state.kind]);
  expect(states).toEqual([...(verb === 'stop' ? [['rehearsal-1', 'stopped']] : []), ['rehearsal-2', 'idle']]);
  expect(swarm.tmux('list-sessions', '-F', '#S')).toBe(instances['rehearsal-2']!.session);
  expect(swarm.git('worktree', 'list').split('\n')).toHaveLength(2);
  if (verb === 'stop') expect(await swarm.say('restart instance rehearsal-1')).toMatchObject({ exit: 0 });
});

test('[GIT-4] what a failed set-up, or a person beside it, has left in its worktree is kept before that goes', async () => {
  const commit =
    'git commit -q --allow-empty -m aside && git switch -q --detach && git branch -q -f drover/rehearsal-1 main';
  const setup = `echo half >half; echo KEY=1 >.env; test -e "$DROVER_CHECKOUT/clean" && rm half .env; ${'test ! -e "$DROVER_CHECKOUT/commit" ||'} { ${commit}; }; exit 1`;
  await using swarm = await openWith({ setup });
  const kept = () => swarm.git('for-each-ref', '--format=%(refname)', 'refs/drover/archive/').split('\n');
  expect(await swarm.say('launch 1 instance')).toMatchObject({ exit: 1 });
  expect(swarm.git('worktree', 'list').split('\n')).toHaveLength(1);
  const [ref, ...others] = kept();
  expect([swarm.git('show', `${ref}:half`), swarm.git('rev-parse', `${ref}^`), others]).toEqual([
    'half',
    swarm.git('rev-parse', 'main'),
    [],
  ]);
  expect(swarm.log.some((line) => line.includes(ref!))).toBe(true);
  // Where nothing was left nothing is kept.
  writeFileSync(join(swarm.root, 'clean'), '');
  expect(await swarm.say('restart instance rehearsal-1')).toMatchObject({ exit: 1 });
  expect(kept()).toEqual([ref]);
  // A commit that no branch has is work as well.
  writeFileSync(join(swarm.root, 'commit'), '');
  expect(await swarm.say('restart instance rehearsal-1')).toMatchObject({ exit: 1 });
  expect(kept().map((one) => swarm.git('log', '-1', '--format=%s', one))).toContain('aside');
});

test('a worktree whose set-up has failed stays where nothing of it can be kept, and the set-up is what is told', async () => {
  await using swarm = await openWith({ setup: 'echo half >half; echo nowhere >.git; exit 3' });
  const reply = await swarm.say('launch 1 instance');
  expect([reply.exit, reply.message]).toEqual([1, expect.stringContaining('ended with 3')]);
  expect(read(swarm, 'rehearsal-1', 'half')).toBe('half\n');
  expect(swarm.log.some((line) => line.includes('the worktree of rehearsal-1 stays after its failed set-up'))).toBe(
    true,
  );
});

test('a set-up that fails again in a worktree in which work was done takes nothing away', async () => {
  await using swarm = await openWith({ setup: 'test ! -e "$DROVER_CHECKOUT/bad"' });
  await swarm.say('launch 1 instance');
  writeFileSync(join(worktreeAt(swarm, 'rehearsal-1'), 'work'), 'mine');
  writeFileSync(join(swarm.root, 'bad'), '');
  expect(await swarm.say('setup worktree rehearsal-1')).toMatchObject({ exit: 1, data: { code: 'worktree/set-up' } });
  expect(await swarm.say('restart instance rehearsal-1')).toMatchObject({ exit: 1 });
  expect(read(swarm, 'rehearsal-1', 'work')).toBe('mine');
  rmSync(join(swarm.root, 'bad'));
  expect(await swarm.say('restart instance rehearsal-1')).toMatchObject({ exit: 0 });
});

test('.worktreeinclude copies what it names and git ignores, and nothing that leads out or is there', async () => {
  const include = '# what this project needs\ncache/\n*.log\n!no.log\nsecret\nreadme\nlink.log\n';
  await using swarm = await openWith({}, {}, { '.worktreeinclude': include, readme: 'tracked\n' });
  mkdirSync(join(swarm.root, 'cache', 'deep'), { recursive: true });
  for (const path of ['cache/deep/a', 'yes.log', 'no.log', 'secret', 'readme'])
    writeFileSync(join(swarm.root, path), 'changed\n');
  writeFileSync(join(swarm.root, '..', 'outside'), 'private\n');
  symlinkSync('../outside', join(swarm.root, 'link.log'));
  await trustAll(swarm);
  expect(await swarm.say('launch 1 instance')).toMatchObject({ exit: 0 });
  const at = (path: string) => join(worktreeAt(swarm, 'rehearsal-1'), path);
  expect([read(swarm, 'rehearsal-1', 'cache/deep/a'), read(swarm, 'rehearsal-1', 'yes.log')]).toEqual([
    'changed\n',
    'changed\n',
  ]);
  // Not named, not ignored, tracked, and a way out.
  expect(['no.log', 'secret', 'link.log'].map((path) => existsSync(at(path)))).toEqual([false, false, false]);
  expect([read(swarm, 'rehearsal-1', 'readme'), dirty(swarm, 'rehearsal-1')]).toEqual(['tracked\n', '']);
  const log = readFileSync(join(swarm.paths.instances, 'rehearsal-1', 'setup.log'), 'utf8');
  expect(log).toContain('left out: link.log');
});

test('a .worktreeinclude that nobody has trusted, or that has changed since, copies nothing', async () => {
  await using swarm = await openWith({}, {}, { '.worktreeinclude': '*.log\n' });
  for (const path of ['yes.log', '.env']) writeFileSync(join(swarm.root, path), 'KEY=1\n');
  const has = (name: string) => ['yes.log', '.env'].map((path) => existsSync(join(worktreeAt(swarm, name), path)));
  expect(await swarm.say('launch 1 instance')).toMatchObject({ exit: 0 });
  expect(has('rehearsal-1')).toEqual([false, false]);
  expect((await swarm.say('show trust')).text).toContain('worktrees.included');
  await trustAll(swarm);
  expect(await swarm.say('launch 1 instance')).toMatchObject({ exit: 0 });
  expect(has('rehearsal-2')).toEqual([true, false]);
  // As a delivery would: nobody has looked at the file since.
  writeFileSync(join(swarm.root, '.worktreeinclude'), '*\n');
  expect(await swarm.say('launch 1 instance')).toMatchObject({ exit: 0 });
  expect(has('rehearsal-3')).toEqual([false, false]);
});

test('a linked folder is a folder of links that git ignores as it does the folder', async () => {
  await using swarm = await openWith({ link: ['node_modules'] });
  mkdirSync(join(swarm.root, 'node_modules', 'left-pad'), { recursive: true });
  writeFileSync(join(swarm.root, 'node_modules', 'left-pad', 'index.js'), 'pad');
  await swarm.say('launch 1 instance');
  expect(read(swarm, 'rehearsal-1', 'node_modules/left-pad/index.js')).toBe('pad');
  expect(dirty(swarm, 'rehearsal-1')).toBe('');
});

test('setup worktree does it again and overwrites nothing; a worktree of a person is set up when it is made', async () => {
  await using swarm = await openWith({ copy: ['.env'], setup: 'echo run >>.ok' });
  writeFileSync(join(swarm.root, '.env'), 'KEY=1\n');
  await swarm.say('create worktree scratch');
  writeFileSync(join(worktreeAt(swarm, 'scratch'), '.env'), 'KEY=mine\n');
  expect(await swarm.say('setup worktree scratch')).toMatchObject({ exit: 0, data: [{ worktree: 'scratch' }] });
  expect([read(swarm, 'scratch', '.env'), read(swarm, 'scratch', '.ok')]).toEqual(['KEY=mine\n', 'run\nrun\n']);
});

test('each instance has ports of its own that it keeps, and agent, set-up and check know them', async () => {
  const tell = 'printf "%s %s %s\\n" "$DROVER_PORT" "$DROVER_PORT_1" "$WORD"';
  const agent = { command: ['sh', '-c', `${tell} >agent.log; exec cat`] };
  await using swarm = await openWith(
    { ports: { each: 2 }, env: { WORD: 'so' }, setup: `${tell} >setup.log` },
    { agent: 'talker', agents: { talker: agent } },
  );
  await swarm.say('launch 2 instances');
  const first = ['talker-1', 'talker-2'].map(async (id) => (await instanceNamed(swarm, id)).resource_allocation);
  const [a, b] = await Promise.all(first);
  expect([a!['ports'], Math.abs(a!['first_port']! - b!['first_port']!) >= 2]).toEqual([2, true]);
  const line = `${a!['first_port']} ${a!['first_port']! + 1} so\n`;
  await expect.poll(() => existsSync(join(worktreeAt(swarm, 'talker-1'), 'agent.log'))).toBe(true);
  await expect.poll(() => read(swarm, 'talker-1', 'agent.log')).toBe(line);
  expect(read(swarm, 'talker-1', 'setup.log')).toBe(line);
  // Somebody, perhaps it itself, listens there now: they stay its own.
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(a!['first_port'], '127.0.0.1', resolve));
  await swarm.say('restart instance talker-1');
  server.close();
  expect((await instanceNamed(swarm, 'talker-1')).resource_allocation['first_port']).toBe(a!['first_port']);
});

test('checks in a worktree and the gate of a batch find what the set-up has made', async () => {
  const check = 'test -e .ok && test -n "$DROVER_PORT"';
  await using swarm = await openWith(
    { setup: 'touch .ok', ports: { each: 1 } },
    { checks: { task: check, merge: check } },
  );
  await swarm.say('create task "One" id=t1');
  expect(await swarm.say('run task t1 wait=true')).toMatchObject({ exit: 0 });
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
});

test('a daemon that ends in the middle of a set-up has it done again by the next one', async () => {
  const setup = 'echo began >>.ok; until test -e "$DROVER_CHECKOUT/go"; do sleep 0.05; done; echo done >>.ok';
  await using swarm = await openWith({ setup });
  const launching = swarm.say('launch 1 instance').catch(() => undefined);
  await expect.poll(() => existsSync(join(worktreeAt(swarm, 'rehearsal-1'), '.ok'))).toBe(true);
  await swarm.reopen();
  writeFileSync(join(swarm.root, 'go'), '');
  await launching;
  await instanceIs(swarm, 'rehearsal-1', 'idle');
  expect(read(swarm, 'rehearsal-1', '.ok')).toBe('began\nbegan\ndone\n');
});

test('the teardown is run before an instance is removed with its worktree', async () => {
  await using swarm = await openWith({ teardown: 'pwd >"$DROVER_CHECKOUT/torn"; exit 3' });
  await swarm.say('launch 1 instance');
  const place = worktreeAt(swarm, 'rehearsal-1');
  expect(await swarm.say('remove instance rehearsal-1')).toMatchObject({ exit: 0 });
  expect([readFileSync(join(swarm.root, 'torn'), 'utf8'), existsSync(place)]).toEqual([`${place}\n`, false]);
  expect(swarm.log.some((line) => line.includes('the teardown of rehearsal-1 ended with 3'))).toBe(true);
});

test('[SEC-8] what nobody has trusted is neither copied nor run', async () => {
  await using swarm = await openSwarm({
    settings: { agent: 'rehearsal', worktrees: { copy: ['.env'], setup: 'touch ran' } },
    trusted: false,
    env: { DROVER_AGENT: 'rehearsal' },
  });
  writeFileSync(join(swarm.root, '.env'), 'KEY=1\n');
  expect(await swarm.say('launch 1 instance')).toMatchObject({ exit: 0 });
  const made = worktreeAt(swarm, 'rehearsal-1');
  expect([existsSync(join(made, '.env')), existsSync(join(made, 'ran'))]).toEqual([false, false]);
});
