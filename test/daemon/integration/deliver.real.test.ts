import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

const env = { DROVER_REHEARSAL_TASK_MS: '20' };

test('[GIT-3] the user’s own branch moves only with to= and a yes, and their changed files stay as they are', async () => {
  await using swarm = await openSwarm({ env, files: { 'notes.txt': 'one\n' } });
  for (const id of ['t1', 't2']) await swarm.say(`create task "Task ${id}" id=${id}`);
  await swarm.say('run all tasks wait=true');
  writeFileSync(join(swarm.root, 'notes.txt'), 'mine\n');
  const before = swarm.git('rev-parse', 'main');
  const asked = await swarm.propose('merge branch t1 to=main');
  const first = 'This merges 1 task (t1) and then brings your branch main forward';
  expect([asked.exit, asked.message]).toEqual([5, expect.stringContaining(first)]);
  expect(asked.message).toContain(' 1 task that comes to main was not reviewed.');
  expect(asked.confirm?.targets).toEqual(['t1 Task t1']);
  expect(swarm.git('rev-parse', 'main')).toBe(before);

  const reply = await swarm.say('merge branch t1 to=main');
  expect([reply.exit, reply.message]).toEqual([0, expect.stringMatching(/main is at [0-9a-f]{10} as well\.$/u)]);
  const tip = swarm.git('rev-parse', 'drover/integration');
  expect([swarm.git('rev-parse', 'main'), swarm.git('status', '--porcelain')]).toEqual([tip, 'M notes.txt']);
  expect(readFileSync(join(swarm.root, 'notes.txt'), 'utf8')).toBe('mine\n');
  expect((await swarm.say('show integration batch-1')).message).toContain('delivered  main: delivered');

  await swarm.say('approve task t2');
  await swarm.say('merge branch t2');
  const now = (await swarm.propose('merge completed branches to=main')).message;
  expect(now).toContain('This brings your branch main forward');
  expect(now).not.toContain('reviewed');
  const changed = swarm.git('diff', '--name-only', 'main', 'drover/integration').split('\n');
  writeFileSync(join(swarm.root, changed[0]!), 'in the way\n');
  const refused = await swarm.say('merge completed branches to=main');
  const why = `main stays where it is: ${changed[0]} is changed in ${swarm.root}, and would be overwritten.`;
  expect([refused.exit, refused.message]).toEqual([6, expect.stringContaining(why)]);
  expect(swarm.git('rev-parse', 'main')).toBe(tip);
  expect(readFileSync(join(swarm.root, changed[0]!), 'utf8')).toBe('in the way\n');
});

test('a delivery that a lock is in the way of names it, and leaves the checkout as it was', async () => {
  await using swarm = await openSwarm({ env });
  await swarm.say('create task "One" id=t1');
  await swarm.say('run all tasks wait=true');
  const lock = join(swarm.root, '.git/refs/heads/main.lock');
  writeFileSync(lock, '');
  const reply = await swarm.say('merge completed branches to=main');
  const why = `main stays where it is: the lock ${lock} is in the way, and no program was seen that holds it`;
  expect([reply.exit, reply.message]).toEqual([6, expect.stringContaining(why)]);
  expect(swarm.git('status', '--porcelain')).toBe('');
  expect((await swarm.say('show integration batch-1')).message).toContain(`the lock ${lock} is in the way`);
  rmSync(lock);
  expect(await swarm.say('merge completed branches to=main')).toMatchObject({ exit: 0 });
});

test('a delivery that a file is in the way of is not proposed again until that is out of the way', async () => {
  await using swarm = await openSwarm({ env });
  await swarm.say('create task "One" id=t1');
  await swarm.say('run all tasks wait=true');
  await swarm.say('approve task t1');
  await swarm.say('merge completed branches');
  const [file] = swarm.git('diff', '--name-only', 'main', 'drover/integration').split('\n');
  const dry = 'merge completed branches to=main dry-run';
  const from = swarm.git('rev-parse', '--short=10', 'main');
  const forward = `Then main would be brought forward from ${from} to what is merged.`;
  expect((await swarm.say(dry)).message).toBe(`0 tasks would be merged into drover/integration: none.\n${forward}`);
  mkdirSync(dirname(join(swarm.root, file!)), { recursive: true });
  writeFileSync(join(swarm.root, file!), 'in the way\n');
  const why = `${file} is changed in ${swarm.root}, and would be overwritten`;
  const tells = async () => {
    expect((await swarm.say('status')).data).toMatchObject({
      next: [{ kind: 'look', why: `Not to be delivered to main: ${why}`, command: 'status git' }, {}],
    });
    const help = `main stays where it is: ${why}; when that is out of the way: merge completed branches to=main`;
    expect((await swarm.say('status git')).message).toContain(help);
    const stays = `As things are main stays where it is: ${why}.`;
    expect((await swarm.propose('merge completed branches to=main')).message).toContain(stays);
    const said = await swarm.say(dry);
    expect(said.message).toBe(`0 tasks would be merged into drover/integration: none.\n${forward} ${stays}`);
    expect(said.data).toMatchObject({ tasks: [], delivery: { branch: 'main', problem: why } });
  };
  await tells();
  expect(await swarm.say('merge completed branches to=main')).toMatchObject({ exit: 6 });
  await tells();
  rmSync(join(swarm.root, file!));
  expect((await swarm.say('status')).data).toMatchObject({
    next: [{ kind: 'deliver', command: 'merge completed branches to=main' }, {}],
  });
  expect(await swarm.say('merge completed branches to=main')).toMatchObject({ exit: 0 });
  const all = 'main has all that is merged. No finished branch waits to be merged.';
  expect((await swarm.say(dry)).message).toBe(`0 tasks would be merged into drover/integration: none. ${all}`);
});

test('where nothing is to be merged, and a branch has all that is, that is said instead of a question', async () => {
  await using swarm = await openSwarm({ env });
  for (const id of ['t1', 't2']) await swarm.say(`create task "Task ${id}" id=${id}`);
  await swarm.say('run all tasks wait=true');
  await swarm.say('approve task t1');
  await swarm.say('merge branch t1');
  const asked = (await swarm.propose('merge completed branches to=main')).message;
  expect(asked).toContain('This merges 1 task (t2) and then brings your branch main forward');
  expect(asked).toContain(' 1 of the 2 tasks that come to main was not reviewed.');
  const { confirm } = await swarm.propose('merge completed branches to=main');
  expect(confirm?.targets).toEqual(['t1 Task t1', 't2 Task t2']);
  expect(await swarm.say('merge completed branches to=main')).toMatchObject({ exit: 0 });
  const nothing = 'main has all that is merged. No finished branch waits to be merged.';
  expect((await swarm.propose('merge completed branches to=main')).message).toBe(nothing);
  expect((await swarm.say('preview merge completed branches to=main')).message).toContain(nothing);
});

test('a branch that has gone its own way is not delivered to, and is told of', async () => {
  await using swarm = await openSwarm({ env });
  await swarm.say('create task "One" id=t1');
  await swarm.say('run all tasks wait=true');
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
  swarm.git('commit', '-q', '--allow-empty', '-m', 'mine');
  const mine = swarm.git('rev-parse', 'main');
  expect((await swarm.propose('merge completed branches to=main')).message).toContain(
    'It has commits that drover/integration has not: unless the merges bring them, it stays where it is. To bring them in before: sync branch drover/integration',
  );
  const reply = await swarm.say('merge completed branches to=main');
  expect([reply.exit, reply.message]).toEqual([
    6,
    expect.stringContaining('main stays where it is: it has commits that drover/integration has not; merge once more'),
  ]);
  expect(swarm.git('rev-parse', 'main')).toBe(mine);
  // What it says helps, and is what comes next.
  expect(reply.message).toContain('merge once more after this has brought them in: sync branch drover/integration');
  const next = { why: 'main has 1 commit that drover/integration lacks', command: 'sync branch drover/integration' };
  expect((await swarm.say('status')).data).toMatchObject({ next: [next, {}] });
  expect(await swarm.say('sync branch drover/integration')).toMatchObject({ exit: 0 });
  expect((await swarm.say('status')).data).toMatchObject({
    next: [{ command: 'merge completed branches to=main' }, {}],
  });
  expect(await swarm.say('merge completed branches to=main')).toMatchObject({ exit: 0 });
  expect(swarm.git('rev-parse', 'main')).toBe(swarm.git('rev-parse', 'drover/integration'));
  for (const [to, why] of [
    ['nowhere', 'there is no branch "nowhere"'],
    ['drover/integration', 'is where batches are merged in any case'],
  ])
    expect((await swarm.say(`merge completed branches to=${to}`)).message).toContain(why);
});

test('commits of a branch that conflict with what is merged are brought in by hand, as the refusal says', async () => {
  await using swarm = await openSwarm({ env });
  await swarm.say('create task "One" id=t1');
  await swarm.say('run all tasks wait=true');
  await swarm.say('merge completed branches');
  const [file] = swarm.git('diff', '--name-only', 'main', 'drover/integration').split('\n');
  mkdirSync(dirname(join(swarm.root, file!)), { recursive: true });
  writeFileSync(join(swarm.root, file!), 'mine\n');
  swarm.git('add', file!);
  swarm.git('commit', '-q', '-m', 'mine');
  expect((await swarm.say('status git')).data).toMatchObject({ delivery: { conflicts: [file] } });
  const reply = await swarm.say('merge completed branches to=main');
  const [, path] = /"git -C (\S+) merge main", then merge once more/u.exec(reply.message!)!;
  expect(await swarm.say('sync branch drover/integration')).toMatchObject({
    exit: 6,
    message: `Conflict, nothing was changed: integration (${file}).`,
  });
  // What a person has begun there is theirs to bring to its end, with its conflicts decided and without.
  expect(() => swarm.git('-C', path!, 'merge', '-q', 'main')).toThrow();
  const archived = () => swarm.git('for-each-ref', 'refs/drover/archive');
  const [before, alerts] = [
    archived(),
    Object.keys((await swarm.state()).alerts).filter((id) => id.startsWith('kept')),
  ];
  for (const words of [['add', '-A'], undefined]) {
    const held = await swarm.say('merge completed branches to=main');
    expect([held.exit, held.message]).toEqual([
      6,
      expect.stringContaining(`a merge is in the middle in the worktree "${path}"`),
    ]);
    expect(swarm.git('-C', path!, 'rev-parse', 'MERGE_HEAD')).toBe(swarm.git('rev-parse', 'main'));
    if (words) swarm.git('-C', path!, ...words);
  }
  expect([archived(), Object.keys((await swarm.state()).alerts).filter((id) => id.startsWith('kept'))]).toEqual([
    before,
    alerts,
  ]);
  swarm.git('-C', path!, 'merge', '--abort');
  swarm.git('-C', path!, 'merge', '-q', '-X', 'theirs', '-m', 'mine', 'main');
  expect(await swarm.say('merge completed branches to=main')).toMatchObject({ exit: 0 });
  expect(swarm.git('rev-parse', 'main')).toBe(swarm.git('rev-parse', 'drover/integration'));
});
