import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm, type Swarm } from '../helpers/swarm.ts';
import { eventually } from './program.ts';

const put = (swarm: Swarm, content: string | Buffer, name = 'plan'): string => {
  const folder = join(swarm.root, 'specs', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'tasks.md'), content);
  return folder;
};

/** What every refusal has to be: nothing was taken over, one sentence, a way out. */
const refused = async (swarm: Swarm, folder: string): Promise<[number, string]> => {
  const before = (await swarm.state()).seq;
  const reply = await swarm.say(`import spec "${folder}"`);
  const after = await swarm.state();
  expect([Object.keys(after.tasks), Object.keys(after.specs), after.seq]).toEqual([[], [], before]);
  expect(reply.message).not.toContain('\n');
  expect(reply.hint).not.toBe('');
  return [reply.exit, reply.message];
};

test('a plan that cannot be a plan is refused in one sentence, with its line, and nothing of it is taken over', async () => {
  await using swarm = await openSwarm();
  const file = join(swarm.root, 'specs', 'plan', 'tasks.md');
  const said = async (content: string | Buffer) => refused(swarm, put(swarm, content));
  expect(await said('')).toEqual([2, `${file} has no tasks.`]);
  expect(await said('# Plan\n\nNothing to do.\n')).toEqual([2, `${file} has no tasks.`]);
  expect(await said('- [ ] 1. One\n  - _Depends: 3_\n- [ ] 2. Two\n')).toEqual([
    2,
    `${file}:1: task 1 depends on 3, which is not in the plan.`,
  ]);
  const circle = '- [ ] 1. One\n  - _Depends: 3_\n- [ ] 2. Two\n  - _Depends: 1_\n- [ ] 3. Three\n  - _Depends: 2_\n';
  const [exit, message] = await said(circle);
  expect(exit).toBe(6);
  expect(message).toMatch(/1 → 3 → 2 → 1|2 → 1 → 3 → 2|3 → 2 → 1 → 3/u);
  const binary = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe, 0x00, 0x0a]);
  expect(await said(binary)).toEqual([3, `${file} cannot be read: it is not text.`]);
  expect(await said('- [ ] 1. O\0ne\n')).toEqual([
    2,
    `${file}:1: there is a NUL character, so this is not a text file.`,
  ]);
});

test('numbers that are missing or there twice are given, and that is said', async () => {
  await using swarm = await openSwarm();
  const said = async (content: string) => (await swarm.say(`import spec "${put(swarm, content)}" dry-run`)).message;
  expect(await said('# Plan\n\n- [ ] Without a number\n')).toContain('1 warning: line 3: no task has a number');
  expect(await said('- [ ] 1. One\n- [ ] Two\n')).toContain('line 2: the task “Two” has no number and is called 1-2.');
  expect(await said('- [ ] 1. One\n- [ ] 2. Two\n- [ ] 1. Again\n')).toContain(
    'line 3: task 1 is there already in line 1, so this one is called 1-2.',
  );
});

test('a spec whose tasks.md is anything but a file is named with its path and what lies there, at once', async () => {
  await using swarm = await openSwarm();
  const folder = join(swarm.root, 'specs', 'plan');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'tasks.md');
  const lies: readonly [put: () => unknown, what: string][] = [
    [() => undefined, 'there is no such file'],
    [() => mkdirSync(file), 'it is a folder'],
    [() => symlinkSync('/nowhere/tasks.md', file), 'it is a link into nothing'],
    [() => symlinkSync('tasks.md', file), 'its links lead in a circle'],
    [() => execFileSync('mkfifo', [file]), 'it is a pipe'],
    [() => symlinkSync('/dev/zero', file), 'it is a device'],
    [() => writeFileSync(file, '') ?? truncateSync(file, 17 * 1024 * 1024), 'it is longer than 16 MB'],
  ];
  for (const [putThere, what] of lies) {
    putThere();
    expect(await refused(swarm, folder)).toEqual([3, `${file} cannot be read: ${what}.`]);
    rmSync(file, { recursive: true, force: true });
  }
  symlinkSync('loop', join(folder, 'loop'));
  const loop = join(folder, 'loop');
  expect(await refused(swarm, loop)).toEqual([3, `${loop}/tasks.md cannot be read: its links lead in a circle.`]);
  expect(await refused(swarm, '/dev/null')).toEqual([
    3,
    '/dev/null/tasks.md cannot be read: something in its path is no folder.',
  ]);
});

test('a path with blanks and quotes is a path like any other', async () => {
  await using swarm = await openSwarm({ name: 'my repo ü' });
  const folder = put(swarm, '- [ ] 1. One\n', `it's a plan`);
  expect(await swarm.say(`import spec "${folder}"`)).toMatchObject({ exit: 0 });
  expect(Object.keys((await swarm.state()).specs)).toEqual([`it's a plan`]);
});

test('a plan with CRLF line ends is read, and only its boxes change in the file', async () => {
  const text = '# Plan\r\n\r\n- [ ] 1. One\r\n  - detail\r\n- [ ] 2. Two\r\n';
  await using swarm = await openSwarm({ files: { 'specs/plan/tasks.md': text } });
  expect(await swarm.say('import spec specs/plan')).toMatchObject({ exit: 0, data: { tasks: 2, warnings: [] } });
  expect((await swarm.state()).tasks['1']).toMatchObject({ title: 'One', details: ['detail'] });
  expect(await swarm.say('run all ready tasks wait=true')).toMatchObject({ exit: 0 });
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
  const merged = swarm.git('cat-file', 'blob', 'drover/integration:specs/plan/tasks.md');
  expect(merged).toBe(text.replaceAll('[ ]', '[x]').trim());
});

test('a second plan with the same numbers has ids of its own, also when its folder has blanks and quotes', async () => {
  const text = '- [ ] 1. One\n- [ ] 2. Two\n';
  const files = { 'specs/first/tasks.md': text, "specs/it's two/tasks.md": text };
  await using swarm = await openSwarm({ files });
  expect(await swarm.say('import spec specs/first')).toMatchObject({ exit: 0 });
  expect(await swarm.say(`import spec "specs/it's two" policy=none`)).toMatchObject({ exit: 0 });
  expect(Object.keys((await swarm.state()).tasks)).toEqual(['1', '2', 'it-s-two-1', 'it-s-two-2']);
  expect(await swarm.say('run task it-s-two-2 wait=true')).toMatchObject({ exit: 0 });
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
  expect(swarm.git('cat-file', 'blob', "drover/integration:specs/it's two/tasks.md")).toBe(
    '- [ ] 1. One\n- [x] 2. Two',
  );
  expect(swarm.git('cat-file', 'blob', 'drover/integration:specs/first/tasks.md')).toBe(text.trim());
  // Read again nothing is doubled.
  expect(await swarm.say(`import spec "specs/it's two"`)).toMatchObject({ data: { created: 0 } });
});

// On an idle machine no step takes 3 s; what grows with the square of the plan takes minutes there.
const SENSIBLE_MS = 50_000;

test('a plan of 10,000 tasks is imported, listed, planned and worked on in sensible time', async () => {
  await using swarm = await openSwarm();
  const groups = Array.from({ length: 100 }, (_, group) => {
    const tasks = Array.from({ length: 100 }, (_, n) => `  - [ ] ${group + 1}.${n + 1} Task ${n} of ${group}\n`);
    return `- [ ] ${group + 1}. Group\n${tasks.join('')}`;
  });
  const folder = put(swarm, groups.join(''));
  const took: Record<string, number> = {};
  const timed = async (text: string) => {
    const started = performance.now();
    const reply = await swarm.say(text);
    took[text.split(' ').slice(0, 2).join(' ')] = Math.round(performance.now() - started);
    return reply;
  };
  expect(await timed(`import spec "${folder}" policy=none`)).toMatchObject({ exit: 0, data: { tasks: 10_000 } });
  expect(await timed('list tasks')).toMatchObject({ exit: 0 });
  expect(await timed('plan all tasks')).toMatchObject({ exit: 0 });
  expect(await timed(`import spec "${folder}" policy=none`)).toMatchObject({ data: { created: 0, edited: 0 } });
  expect(await timed('launch 2 instances')).toMatchObject({ exit: 0 });
  expect(await timed('run all ready tasks')).toMatchObject({ exit: 0 });
  const started = performance.now();
  await eventually(async () => Number(/Tasks: (\d+) of/u.exec((await swarm.say('status swarm')).text)?.[1]) >= 10);
  took['ten done'] = Math.round(performance.now() - started);
  expect(await timed('status swarm')).toMatchObject({ exit: 0 });
  expect(await timed('stop all instances force')).toMatchObject({ exit: 0 });
  const before = performance.now();
  await swarm.reopen();
  took['reopen'] = Math.round(performance.now() - before);

  expect(Math.max(...Object.values(took))).toBeLessThan(SENSIBLE_MS);
}, 180_000);
