import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { daemonRepository } from '../helpers/daemon.ts';
import { BIN, openDrover } from './terminal.ts';

test('[GIT-11] a person reviews on the screen: comments on two lines, sends back, looks again, approves, merges', async () => {
  await using repository = daemonRepository({ settings: { agent: 'rehearsal', review: 'before-merge' } });
  const { root, env, git, paths } = repository;
  const drover = (...argv: readonly string[]): string =>
    execFileSync(process.execPath, [BIN, ...argv], { cwd: root, env, encoding: 'utf8' });
  const wordOf = (): string => drover('list', 'tasks');
  drover('instances', 'launch', '--agent', 'rehearsal');
  drover('do', 'create task "Sort. rehearse: write src/sort.ts"');
  drover('do', 'run task t1 and wait');
  await vi.waitUntil(() => wordOf().includes('done'), { timeout: 30_000, interval: 300 });

  const editor = `${root}.editor`;
  writeFileSync(editor, `#!/bin/sh\nprintf '%s\\n' "$@" > ${root}.editing && mv ${root}.editing ${root}.edited\n`);
  chmodSync(editor, 0o755);
  const view = openDrover(['review', 't1'], { cwd: root, env: { ...env, EDITOR: editor } });
  await view.see('0 of 2 seen');
  await view.see('Written by task t1.');
  // The first file, its first change, and the line in it.
  for (const key of [']', '}', 'j']) view.type(key);
  view.type('c');
  await view.see('line=1 ""');
  view.type('another heading\r');
  await view.see('▌c1 you: another heading');
  await view.see('S send back');
  for (const key of [']', '}', 'j']) view.type(key);
  view.type('e');
  await vi.waitUntil(() => existsSync(`${root}.edited`));
  expect(readFileSync(`${root}.edited`, 'utf8')).toMatch(/^\+1\n.*\/src\/sort\.ts\n$/u);
  await view.see('▌c1 you');
  view.type('c');
  await view.see('file=src/sort.ts line=1 ""');
  view.type('say more\r');
  await view.see('▌c2 you: say more');
  await view.see('S send back');
  view.type(' ');
  await view.see('1 of 2 seen');
  view.type('S');
  await view.see('sends t1 back to rehearsal-1 with 2 comments');
  view.type('\r');
  await view.see('with 2 comments, on');
  await view.see('attempt 2');
  await vi.waitUntil(() => wordOf().includes('done'), { timeout: 30_000, interval: 300 });

  const brief = readFileSync(join(paths.instances, 'rehearsal-1', 'task-t1.md'), 'utf8');
  for (const words of [
    'rehearsal/t1.md, line 1:',
    '# Task t1',
    'another heading',
    'src/sort.ts, line 1:',
    'Written by task t1.',
    'say more',
  ])
    expect(brief).toContain(words);

  view.type('m');
  await view.see('t1 is not approved');
  await view.see('done, not approved');
  view.type('A');
  await view.see('t1 is approved at');
  view.type('m');
  await view.see('merged in batch-1');
  expect(git('show', 'drover/integration:src/sort.ts')).toContain('Written by task t1.');
}, 120_000);

test('[GIT-11] without a terminal a review is printed', async () => {
  await using repository = daemonRepository();
  const { root, env } = repository;
  const drover = (...argv: readonly string[]): string =>
    execFileSync(process.execPath, [BIN, ...argv], { cwd: root, env, encoding: 'utf8' });
  drover('instances', 'launch', '--agent', 'rehearsal');
  drover('do', 'create task "One"');
  drover('do', 'run task t1 and wait');
  await vi.waitUntil(() => drover('list', 'tasks').includes('done'), { timeout: 30_000, interval: 300 });
  expect(drover('review', 't1')).toContain('The change itself: review task t1 detailed');
});
