import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openPlace, openStage } from './stage.ts';

const RULES = (check: string) => `\n## Rules\n\n- Run the check \`${check}\` here until it succeeds.\n`;

test('a task goes from its brief to a commit and a claim without a key', async () => {
  using place = openPlace();
  await using stage = openStage(place);
  stage.type(`${place.task('3.1', `# Task 3.1: Build it\n\nComplexity: 2\n${RULES('test -e rehearsal/3.1.md')}`)}\r`);
  await stage.see('is done');
  expect(place.git('log', '--format=%an %s', '-1')).toBe('Drover rehearsal Task 3.1: Build it');
  expect(place.git('status', '--porcelain')).toBe('');
  expect(place.signals()).toMatchObject([
    { kind: 'ready', conversation: 'rehearsal' },
    { kind: 'working' },
    { kind: 'progress', percent: 10, note: 'reading the brief' },
    { kind: 'progress', percent: 40, note: 'looking at the code' },
    { kind: 'progress', percent: 70, note: 'writing' },
    {
      kind: 'touched',
      path: join(place.work, 'rehearsal/3.1.md'),
      note: expect.stringMatching(/^Write: .*3\.1\.md$/u),
    },
    { kind: 'finished', summary: 'Task 3.1 is done: rehearsal/3.1.md' },
  ]);
});

test('a check that fails is shown and told, and the claim is made all the same', async () => {
  using place = openPlace();
  await using stage = openStage(place);
  stage.type(`${place.task('1', `- rehearse: fail-check\n${RULES('echo looked; ! test -e rehearsal/broken')}`)}\r`);
  await stage.see('the check failed (exit 1)');
  await stage.see('is done');
  expect(place.signals().at(-1)).toEqual({
    kind: 'finished',
    summary: 'Task 1 is done: rehearsal/1.md, rehearsal/broken, but the check still fails',
  });
  expect(place.git('status', '--porcelain')).toBe('');
});

test('tasks that come while one is at work are done one after the other', async () => {
  using place = openPlace();
  await using stage = openStage(place);
  stage.type(`${place.task('1', '')}\r${place.task('2', '')}\r`);
  await stage.see('Task 2 is done');
  expect(stage.shown()).toContain('queued');
  expect(place.git('log', '--format=%s')).toBe('Task 2\nTask 1\nstart');
});

test('a task done again adds to its file, so that there is something to commit', async () => {
  using place = openPlace();
  await using stage = openStage(place);
  for (let count = 2; count <= 3; count += 1) {
    stage.type(`${place.task('1', '')}\r`);
    await vi.waitUntil(() => place.git('rev-list', '--count', 'HEAD') === String(count));
  }
});

test('a lie is a claim without any work', async () => {
  using place = openPlace();
  await using stage = openStage(place);
  stage.type(`${place.task('1', 'rehearse: lie')}\r`);
  await stage.see('Task 1 is done');
  expect([place.git('log', '--format=%s'), place.git('status', '--porcelain')]).toEqual(['start', '']);
  expect(place.signals().at(-1)).toEqual({ kind: 'finished', summary: 'Task 1 is done' });
});

test('a crash ends the program without a word to the daemon', async () => {
  using place = openPlace();
  const stage = openStage(place);
  stage.type(`${place.task('1', 'rehearse: crash')}\r${place.task('2', '')}\r`);
  expect(await stage.exit).toBe(1);
  expect([place.signals().at(-1), place.git('log', '--format=%s')]).toEqual([
    { kind: 'progress', percent: 40, note: 'looking at the code' },
    'start',
  ]);
});

test('with a fail rate of one every task goes wrong', async () => {
  using place = openPlace();
  await using stage = openStage(place, { DROVER_REHEARSAL_FAIL_RATE: '1', DROVER_REHEARSAL_SEED: 'b' });
  stage.type(`${place.task('1', '')}\r`);
  await Promise.race([stage.exit, stage.see('Task 1 is done')]);
  expect(place.git('log', '--format=%s')).toBe('start');
});

test('a question waits for its answer, which goes into the work', async () => {
  using place = openPlace();
  await using stage = openStage(place);
  stage.type(`${place.task('1', '- rehearse: ask "Which colour?"')}\r`);
  await stage.see('? Which colour?');
  expect(place.signals().at(-1)).toMatchObject({ kind: 'waiting', question: 'Which colour?' });
  stage.type('deep blue\rand a remark\r');
  await stage.see('is done');
  expect(readFileSync(join(place.work, 'rehearsal/1.md'), 'utf8')).toContain('- answer: deep blue\n');
  expect(stage.shown()).toContain('heard: and a remark');
  expect(place.signals().map((signal) => signal?.kind)).toContain('working');
});

test('a task that hangs is given up by Ctrl-C, and the next one is done', async () => {
  using place = openPlace();
  await using stage = openStage(place);
  stage.type(`\u0003${place.task('1', 'rehearse: hang')}\r`);
  await stage.see('reading the brief');
  stage.type('\u0003');
  await stage.see('interrupted');
  expect(place.signals().at(-1)).toEqual({ kind: 'failed', class: 'stopped', message: 'interrupted' });
  stage.type(`${place.task('2', '')}\r`);
  await stage.see('Task 2 is done');
});

test('a question that is interrupted is no longer asked', async () => {
  using place = openPlace();
  await using stage = openStage(place);
  stage.type(`${place.task('1', 'rehearse: ask')}\r`);
  await stage.see('? Shall I go on?');
  stage.type('\u0003');
  await stage.see('interrupted');
  stage.type('hello\r');
  await stage.see('heard: hello');
});

test('what is told to it is heard, edited as typed, and logged once', async () => {
  using place = openPlace();
  await using stage = openStage(place);
  stage.type('wrong\u0015hellx\u007Fo \u001B[200~two\nlines\u001B[201~\r\r  \r');
  await stage.see('heard: hello two lines');
  expect(readFileSync(place.env.DROVER_REHEARSAL_INPUT_LOG, 'utf8')).toBe('hello two\nlines\n');
  expect(place.signals()).toHaveLength(1);
});

test('it can print a lot and things that a terminal would act on', async () => {
  using place = openPlace();
  await using stage = openStage(place);
  stage.type(`${place.task('1', 'rehearse: flood 300KB; escape; flood nonsense')}\r`);
  await stage.see('is done');
  expect(stage.shown().length).toBeGreaterThan(1_300_000);
  expect(stage.shown()).toContain('\u001B]52;c;');
});

test('a flood is stopped by Ctrl-C', async () => {
  using place = openPlace();
  await using stage = openStage(place);
  stage.type(`${place.task('1', 'rehearse: flood 1GB')}\r`);
  await stage.see('quick brown fox');
  stage.type('\u0003');
  await stage.see('interrupted');
});

test('it writes what directives name, but only in its worktree', async () => {
  using place = openPlace();
  await using stage = openStage(place);
  const brief = 'rehearse: write docs/a.md; write ../out.md; conflict shared.txt; dirty; env';
  stage.type(`${place.task('7', brief)}\r`);
  await stage.see('is done');
  expect(place.git('show', '--name-only', '--format=').split('\n')).toEqual([
    'docs/a.md',
    'rehearsal/7.env',
    'rehearsal/7.md',
    'shared.txt',
  ]);
  expect(place.git('status', '--porcelain')).toBe('?? rehearsal/7.left-over');
  expect([existsSync(join(place.path, 'out.md')), stage.shown().includes('will not write ../out.md')]).toEqual([
    false,
    true,
  ]);
  expect(readFileSync(join(place.work, 'shared.txt'), 'utf8')).toBe('This line belongs to task 7.\n');
});

test('its environment can be looked at, without its token', async () => {
  using place = openPlace();
  await using stage = openStage(place);
  stage.type(`${place.task('7', 'rehearse: env')}\r`);
  await stage.see('is done');
  const dump = readFileSync(join(place.work, 'rehearsal/7.env'), 'utf8');
  expect(dump).toContain('DROVER_TOKEN=(hidden)\n');
  expect(dump).toContain('DROVER_INSTANCE="rehearsal-1"\n');
  expect(dump.trimEnd().endsWith(`cwd ${place.work}`)).toBe(true);
});

test('what it cannot do is told as a failure: no brief, no repository', async () => {
  using place = openPlace();
  await using stage = openStage(place, { GIT_DIR: '/nowhere/at/all' });
  stage.type('Task 1: read /no such/brief.md and do what it says.\r');
  await stage.see('/no such/brief.md cannot be read');
  stage.type(`${place.task('2', '')}\r`);
  await stage.see('git: ');
  const failures = place.signals().filter((signal) => signal?.kind === 'failed');
  expect(failures).toEqual([
    { kind: 'failed', class: 'agent', message: 'unknown: /no such/brief.md cannot be read' },
    { kind: 'failed', class: 'agent', message: expect.stringContaining('git: ') },
  ]);
});

test('a file outside of the worktree is written only where that was allowed, and is told', async () => {
  using place = openPlace();
  const outside = join(place.path, 'checkout');
  mkdirSync(outside);
  const brief = 'rehearse: outside notes.md; outside ../escaped.md';
  {
    await using stage = openStage(place, { DROVER_REHEARSAL_OUTSIDE: outside });
    stage.type(`${place.task('1', brief)}\r`);
    await stage.see('Task 1 is done');
    await stage.see('will not write ../escaped.md');
  }
  expect(readFileSync(join(outside, 'notes.md'), 'utf8')).toBe('Written by task 1.\n');
  const touched = place.signals().flatMap((signal) => (signal?.kind === 'touched' ? [signal.path] : []));
  expect(touched).toContain(join(outside, 'notes.md'));
  await using stage = openStage(place);
  stage.type(`${place.task('2', brief)}\r`);
  await stage.see('will not write notes.md');
  await stage.see('Task 2 is done');
  expect(readFileSync(join(outside, 'notes.md'), 'utf8')).toBe('Written by task 1.\n');
});

test('a worktree that vanished is a failure and not the end', async () => {
  using place = openPlace();
  await using stage = openStage({ ...place, work: join(place.path, 'gone') });
  stage.type(`${place.task('1', '')}\r`);
  await stage.see('ENOENT');
  expect(place.signals().at(-1)).toMatchObject({ kind: 'failed', class: 'agent' });
});

test.each([
  ['/quit', 0, '/quit\r'],
  ['Ctrl-D', 0, '\u0004'],
])('%s leaves in good order, even in the middle of a task', async (_name, code, keys) => {
  using place = openPlace();
  const stage = openStage(place);
  stage.type(`${place.task('1', 'rehearse: hang')}\r`);
  await stage.see('reading the brief');
  stage.type(keys);
  expect(await stage.exit).toBe(code);
  expect(place.signals().slice(-2)).toEqual([
    { kind: 'failed', class: 'stopped', message: 'interrupted' },
    { kind: 'exiting' },
  ]);
});

test('it leaves when it is told to from outside, with that exit code', async () => {
  using place = openPlace();
  const stage = openStage(place);
  stage.stop.abort(143);
  expect(await stage.exit).toBe(143);
  expect(place.signals().at(-1)).toEqual({ kind: 'exiting' });
});

test('it goes on with a conversation, and may be given its prompt at the start', async () => {
  using place = openPlace();
  await using stage = openStage(place, { NO_COLOR: '1' }, [
    '--name',
    'r-2',
    '--resume',
    'c-7',
    '--',
    place.task('1', ''),
  ]);
  await stage.see('Task 1 is done');
  expect(stage.shown()).toContain('resumed conversation c-7');
  expect(place.signals()[0]).toEqual({ kind: 'ready', conversation: 'c-7' });
});

test('a commit that ends because the program is ended from outside has not failed', async () => {
  using place = openPlace();
  await using stage = openStage(place);
  const begun = join(place.path, 'begun');
  const hook = join(place.work, '.git', 'hooks', 'pre-commit');
  mkdirSync(dirname(hook), { recursive: true });
  writeFileSync(hook, `#!/bin/sh\n: > '${begun}'\nexec sleep 60\n`, { mode: 0o755 });
  stage.type(`${place.task('1', '# Task 1: Build it\n')}\r`);
  await vi.waitUntil(() => existsSync(begun), { timeout: 30_000, interval: 5 });
  stage.stop.abort(129);
  expect(await stage.exit).toBe(129);
  expect(place.signals().map((signal) => signal?.kind)).not.toContain('failed');
});
