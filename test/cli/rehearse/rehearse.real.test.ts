import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { withCleanEnd } from '../../../src/cli/interrupt.ts';
import { openRehearsal, readPlan, runPlan } from '../../../src/cli/rehearse/rehearse.ts';
import { openScratch } from '../../../src/cli/rehearse/scratch.ts';
import { daemonGone } from '../../../src/client/gone.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { runMain, testIo } from '../../helpers/io.ts';

/** A command as it is said of the agent that is there. */
const said = (line: string | readonly string[]) =>
  typeof line === 'string' ? line : line.map((word) => (word === 'agent=other' ? 'agent=rehearsal' : word));

/** A plan of a few tasks, and a place to rehearse it. */
const place = (boxes = ['x', ' ', ' ']) => {
  const folder = temporaryFolder('plan');
  onTestFinished(() => folder[Symbol.dispose]());
  const spec = join(folder.path, 'my "plan"');
  mkdirSync(join(spec, 'not-a-file'), { recursive: true });
  writeFileSync(join(spec, 'tasks.md'), boxes.map((box, i) => `- [${box}] ${i + 1}. Task ${i + 1}\n`).join(''));
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder.path, LANG: 'C.UTF-8', GIT_DIR: '/nowhere' };
  return { path: folder.path, spec, at: { cwd: folder.path, env } };
};

const QUICK = ['--instances', '2', '--task-ms', '10..20'];

test('a rehearsal tells what happens on stderr and reports on stdout', async () => {
  const { spec, at, path } = place();
  const kept = join(path, 'kept');
  const { exit, stdout, stderr } = await runMain(['rehearse', join(spec, 'tasks.md'), '--keep', kept, ...QUICK], at);
  expect([exit, stdout]).toEqual([
    0,
    expect.stringMatching(
      /^2 of 2 open tasks done and verified, 0 failed \(3 in the plan\)\.\nWaves 1\/1 by kiro with barrier, 2 dependencies, 2 instances\.\nIt took [\s\S]*batch-1: 2 branches merged into drover\/integration in .*, 0 in conflict, gate passed\.\nKept in /,
    ),
  ]);
  expect(stderr).toMatch(/2 {2}\d +done by rehearsal-\d {2}Task \d\n/);
  expect(readdirSync(kept)).toEqual(expect.arrayContaining(['.git', '.kiro']));
});

const TASKMASTER = JSON.stringify({
  master: {
    tasks: [1, 2].map((id) => ({ id, title: `Task ${id}`, description: 'x', status: 'pending', dependencies: [] })),
  },
});

test.each([
  ['TODO.md', 'TODO.md', '- [ ] Write\n- [x] Think\n- [ ] Read\n', 'TODO.md'],
  ['plans/p.md', 'plans/p.md', '## Task 1: Write\n\n- [ ] it\n\n## Task 2: Read\n\n- [ ] it\n', 'p.md'],
  ['.taskmaster', '.taskmaster/tasks/tasks.json', TASKMASTER, '.taskmaster'],
])('what can be imported can be rehearsed: %s', async (said, file, text, kept) => {
  const { path, at } = place();
  mkdirSync(join(path, file, '..'), { recursive: true });
  writeFileSync(join(path, file), text);
  const { exit, stdout, stderr } = await runMain(['rehearse', said, '--keep', 'kept', '--needs', ...QUICK], at);
  expect([stderr, exit, stdout]).toEqual([expect.anything(), 0, expect.stringMatching(/^2 of 2 open tasks done/)]);
  expect(readdirSync(join(path, 'kept'))).toContain(kept);
});

test('a plan with nothing left to do is no failure', async () => {
  const { spec, at } = place(['x', 'x']);
  const { exit, stdout } = await runMain(['rehearse', spec, ...QUICK], at);
  expect([exit, stdout]).toEqual([
    0,
    expect.stringMatching(/^0 of 0 open tasks done[\s\S]*Waves none[\s\S]*Nothing was merged\.\n$/),
  ]);
});

test('failed tasks are named, and the exit code says that not all was done', async () => {
  const { spec, at } = place([' ']);
  const options = ['--fail-rate', '1', '--seed', '3', '--policy', 'none', '--barrier', '--json'];
  const { exit, stdout, stderr } = await runMain(['demo', spec, ...QUICK, ...options], at);
  expect([exit, stderr]).toEqual([1, '']);
  expect(JSON.parse(stdout)).toMatchObject({
    tasks: { total: 1, open: 1, done: 0, failed: 1 },
    policy: 'none',
    batch: null,
    failures: [{ task: '1', class: expect.any(String), message: expect.any(String) }],
  });
});

test('[TSK-10] with --needs a task fails before which the plan has work that is not there, and the order of its graph does not', async () => {
  const { spec, at } = place();
  const groups = ['1', '2', '3'].map((id) => `- [ ] ${id}. Group\n  - [ ] ${id}.1 First\n  - [ ] ${id}.2 Second\n`);
  const waves = ['1', '2', '3'].map((id, wave) => ({ id: wave, tasks: [`${id}.1`, `${id}.2`] }));
  const graph = `\n## Task Dependency Graph\n\n\`\`\`json\n${JSON.stringify({ waves })}\n\`\`\`\n`;
  writeFileSync(join(spec, 'tasks.md'), `${groups.join('')}${graph}`);
  const rehearsed = async (policy: string) => {
    const { exit, stdout } = await runMain(['rehearse', spec, ...QUICK, '--needs', '--policy', policy, '--json'], at);
    return { exit, report: JSON.parse(stdout) };
  };
  expect(await rehearsed('kiro')).toMatchObject({ exit: 0, report: { tasks: { done: 6, failed: 0 } } });
  const { exit, report } = await rehearsed('siblings');
  expect([exit, report.failures[0].message]).toEqual([
    1,
    expect.stringMatching(/builds on \d\.\d, and rehearsal\/\d\.\d\.md is not there/),
  ]);
});

test('what a rehearsal agent asks is told and answered, and the plan goes on', async () => {
  const { spec, at } = place([' ']);
  writeFileSync(join(spec, 'tasks.md'), '- [ ] 1. Task 1\n  - rehearse: ask Which language?\n');
  const { exit, stdout, stderr } = await runMain(['rehearse', spec, ...QUICK], at);
  expect([exit, stdout]).toEqual([0, expect.stringContaining('1 of 1 open tasks done and verified')]);
  expect(stderr).toMatch(/^ +rehearsal-\d asks: Which language\? {2}answered "Choose yourself\."$/m);
});

test('a rehearsal that is ended before its time says how far it came and who waits', async () => {
  const { spec, at, path } = place([' ']);
  writeFileSync(join(spec, 'tasks.md'), '- [ ] 1. Task 1\n  - rehearse: ask Which language?\n- [x] 2. Task 2\n');
  const plan = { ...readPlan([spec, ...QUICK], spec), spec };
  const scratch = await openRehearsal(plan, { ...at.env, TMPDIR: path });
  const lines: string[] = [];
  const asked = Promise.withResolvers<void>();
  const tell = (line: string): void => {
    lines.push(line);
    if (line.includes('asks:')) asked.resolve();
  };
  // Of another agent than those of the rehearsal nobody answers the questions.
  const agents = { ...scratch, say: ((line, allowed) => scratch.say(said(line), allowed)) as typeof scratch.say };
  const ended = runPlan(agents, { ...plan, agent: 'other' }, tell).catch((reason: unknown) => reason);
  await asked.promise;
  await scratch.close();
  expect(await ended).toBeInstanceOf(Error);
  expect(lines.slice(-2)).toEqual([
    expect.stringMatching(/^ +rehearsal-\d asks: Which language\? {2}it waits; Ctrl-C ends all$/),
    expect.stringMatching(
      /^Ended early: 1 of 2 tasks done, 1 under way\.\nrehearsal-\d waits for an answer: Which language\?$/,
    ),
  ]);
});

test('a folder to keep that is not empty is left as it is', async () => {
  const { spec, at, path } = place();
  expect(await runMain(['rehearse', spec, '--keep', path], at)).toMatchObject({ exit: 6, stdout: '' });
  expect(readdirSync(path)).toEqual(['my "plan"']);
  const file = join(spec, 'tasks.md');
  expect(await runMain(['rehearse', spec, '--keep', file], at)).toMatchObject({
    exit: 6,
    stderr: expect.stringContaining(`${file} is there already and no empty folder.`),
  });
});

test('a scratch swarm whose daemon has ended says so, starts none, and can still be closed, twice', async () => {
  const { spec, at, path } = place();
  await using scratch = await openScratch({
    spec,
    settings: { agent: 'rehearsal' },
    env: { ...at.env, TMPDIR: path },
  }).then((opened) => Object.assign(opened, { [Symbol.asyncDispose]: () => opened.close() }));
  await scratch.say('stop daemon');
  await daemonGone(scratch.paths);
  const error: unknown = await scratch.say(['list', 'tasks']).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ exit: 7, message: expect.stringMatching(/^"list tasks" failed: .*it has ended\.$/) });
  expect(scratch.closing.aborted).toBe(false);
  await scratch.close();
  expect([scratch.closing.aborted, existsSync(scratch.paths.root)]).toEqual([true, false]);
});

test('whatever ends the work, what was opened is closed before the process ends', async () => {
  const { at } = place();
  const { io } = testIo(at);
  const exits: unknown[] = [];
  const exit = vi.spyOn(process, 'exit').mockImplementation(((code: number) => void exits.push(code)) as never);
  onTestFinished(() => exit.mockRestore());
  const closed: string[] = [];
  const opened = (name: string) => ({
    close: async () => {
      closed.push(name);
    },
  });
  expect(
    await withCleanEnd(
      io,
      async () => opened('done'),
      async () => 7,
    ),
  ).toBe(7);
  await expect(
    withCleanEnd(
      io,
      async () => opened('failed'),
      () => Promise.reject(new Error('no')),
    ),
  ).rejects.toThrow('no');
  await expect(
    withCleanEnd(
      io,
      () => Promise.reject(new Error('shut')),
      async () => 7,
    ),
  ).rejects.toThrow('shut');
  expect([closed, exits]).toEqual([['done', 'failed'], []]);

  const stop = new AbortController();
  const until = () =>
    new Promise<never>((_, reject) => stop.signal.addEventListener('abort', () => reject(new Error('gone'))));
  void withCleanEnd(io, async () => opened('interrupted'), until);
  process.emit('SIGTERM', 'SIGTERM');
  process.emit('SIGTERM', 'SIGTERM');
  stop.abort();
  await vi.waitUntil(() => exits.length > 0);
  expect([closed.at(2), exits]).toEqual(['interrupted', [143]]);

  void withCleanEnd(
    io,
    async () => opened('unread'),
    () => new Promise<never>(() => undefined),
  );
  io.stdout.emit('error', new Error('EPIPE'));
  await vi.waitUntil(() => exits.length > 1);
  expect([closed.at(-1), exits.at(-1)]).toEqual(['unread', 141]);
});
