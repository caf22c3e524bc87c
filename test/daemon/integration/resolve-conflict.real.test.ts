import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { markedCommits, openConflict } from '../../helpers/conflict-stage.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

test('of three conflicts those in a lock file and in blanks are solved, and the real one is set aside with whom and where', async () => {
  await using swarm = await openConflict(['package-lock.json', 'package.json', 'src/count.js', 'src/app.txt']);
  const reply = await swarm.say('merge completed branches');
  expect(reply.exit).toBe(6);
  const { batches, conflicts } = await swarm.state();
  const [first] = batches['batch-1']!.merged;
  const second = first!.task === 't1' ? 't2' : 't1';
  const record = conflicts[`batch-1/${second}`]!;
  expect(record.with).toEqual([first!.task]);
  const outcome = Object.fromEntries(record.files.map(({ path, solved, how }) => [path, [solved, how]]));
  expect(outcome).toEqual({
    'package-lock.json': [true, 'merged key by key'],
    'package.json': [true, 'merged key by key'],
    'src/count.js': [true, 'one side changed blanks alone'],
    'src/app.txt': [false, 'both sides changed the same lines'],
  });
  expect(batches['batch-1']!.set_aside).toMatchObject([
    { task: second, reason: 'conflict', message: `conflict with ${first!.task} in src/app.txt (1 line)` },
  ]);
  expect(markedCommits(swarm)).toEqual([]);
});

test('where nothing real is in conflict the batch goes through, and says how each file was resolved', async () => {
  const paths = ['package-lock.json', 'package.json', 'src/count.js', 'CHANGELOG.md'];
  await using swarm = await openConflict(paths);
  const reply = await swarm.say('merge completed branches');
  expect([reply.exit, reply.message]).toEqual([0, 'batch-1: 2 branches merged into drover/integration.']);
  const read = (path: string) => swarm.git('show', `drover/integration:${path}`);
  expect(JSON.parse(read('package.json'))).toMatchObject({
    dependencies: { base: '1.0.0', left: '1.2.0', right: '3.1.0' },
  });
  expect(Object.keys((JSON.parse(read('package-lock.json')) as { packages: object }).packages)).toHaveLength(4);
  expect(read('src/count.js')).toContain('item.price * item.number');
  expect(read('CHANGELOG.md')).toContain('- Items are counted');
  expect(read('CHANGELOG.md')).toContain('- Prices have numbers');
  expect(markedCommits(swarm)).toEqual([]);
});

test('the rules of the settings say whose side stands, and which program makes a file anew', async () => {
  const command =
    "node -e \"fs.writeFileSync('package-lock.json', JSON.stringify(Object.keys(require('./package.json').dependencies)))\"";
  const resolve = [
    { path: '*.txt', how: 'ours' },
    { path: 'src/app.txt', how: 'theirs' },
    { path: 'package-lock.json', how: 'regenerate', command },
  ];
  const paths = ['package-lock.json', 'package.json', 'src/app.txt'];
  await using swarm = await openConflict(paths, { integration: { resolve } });
  const reply = await swarm.say('merge completed branches');
  expect([reply.exit, reply.message]).toEqual([0, 'batch-1: 2 branches merged into drover/integration.']);
  const { batches, conflicts } = await swarm.state();
  const last = batches['batch-1']!.merged[1]!.task;
  expect(swarm.git('show', 'drover/integration:src/app.txt')).toContain(last === 't1' ? 'morning' : 'evening');
  expect((JSON.parse(swarm.git('show', 'drover/integration:package-lock.json')) as string[]).toSorted()).toEqual([
    'base',
    'left',
    'right',
  ]);
  const how = Object.fromEntries(conflicts[`batch-1/${last}`]!.files.map((file) => [file.path, file.how]));
  expect(how['src/app.txt']).toBe('the rule for src/app.txt says theirs');
  expect(how['package-lock.json']).toMatch(/^made anew by node -e/u);
});

test('[SEC-9] what a program makes anew is no file of the person to which it has a link lead', async () => {
  using outside = temporaryFolder('outside');
  writeFileSync(join(outside.path, 'app.txt'), 'of the person\n');
  const resolve = [{ path: 'src/app.txt', how: 'regenerate', command: `rm -rf src && ln -s ${outside.path} src` }];
  await using swarm = await openConflict(['src/app.txt'], { integration: { resolve } });
  expect((await swarm.say('merge completed branches')).exit).toBe(6);
  const { batches, conflicts } = await swarm.state();
  const { task } = batches['batch-1']!.set_aside[0]!;
  expect(conflicts[`batch-1/${task}`]!.files).toMatchObject([
    { solved: false, how: expect.stringContaining('is not read: a symbolic link leads to it') },
  ]);
});

test('a program that fails to make a file anew is told, and a gate that fails on what resolved a conflict leaves the work good', async () => {
  const resolve = [{ path: 'package-lock.json', how: 'regenerate', command: 'echo no network; exit 3' }];
  await using swarm = await openConflict(['package-lock.json'], { integration: { resolve } });
  const reply = await swarm.say('merge completed branches');
  expect(reply.exit).toBe(6);
  const { batches, conflicts } = await swarm.state();
  const { task } = batches['batch-1']!.set_aside[0]!;
  expect(conflicts[`batch-1/${task}`]!.files).toMatchObject([
    { solved: false, how: '"echo no network; exit 3" ended with 3: no network' },
  ]);

  await using other = await openConflict(['CHANGELOG.md'], {
    checks: { merge: '! grep -q Items CHANGELOG.md || ! grep -q Prices CHANGELOG.md' },
  });
  await other.say('merge completed branches');
  const state = await other.state();
  const aside = state.batches['batch-1']!.set_aside[0]!;
  expect(aside).toMatchObject({ reason: 'conflict', message: expect.stringContaining('what resolved it failed') });
  expect(state.tasks[aside.task]!.state).toBe('done');
});
