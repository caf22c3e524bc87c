import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instanceBranch, sessionName, taskBranch } from '../../src/state/names.ts';

const DEFAULT = 'feature/{task}-{slug}';

test.each([
  { template: DEFAULT, task: '12', title: 'Add: login~page', name: 'feature/12-add-login-page' },
  { template: DEFAULT, task: '2.1', title: 'Größe ändern', name: 'feature/2.1-gro-e-andern' },
  { template: DEFAULT, task: '7', title: '你好', name: 'feature/7' },
  { template: 'work/{slug}', task: '7', title: '', name: 'work' },
  { template: '{slug}', task: '7', title: '', name: 'task' },
  { template: '{slug}/{task}', task: 'HEAD', title: '!', name: 'task' },
  { template: 'x..y//.z/{task}.lock', task: 'a b', title: '', name: 'x.y/z/a-b' },
  { template: '-{task}@{', task: '$(id)', title: '', name: '$(id)' },
  { template: '{task}', task: '{slug}', title: 'no', name: '{slug}' },
])('[GIT-2] task $task "$title" gets the branch $name', ({ template, task, title, name }) => {
  expect(taskBranch(template, { task, title })).toBe(name);
});

test('[GIT-2] an instance has a branch of its own', () => {
  expect(instanceBranch('claude-1')).toBe('drover/claude-1');
});

const hostile = fc.string({
  unit: fc.constantFrom('a', '.', '-', '/', '@', '{', '}', ' ', '~', '\\', 'ü', '\n', '.lock', '\uD800'),
});

test('[GIT-2] whatever the template, id and title are, git accepts the name', () => {
  const names: string[] = [];
  fc.assert(
    fc.property(hostile, hostile, hostile, (template, task, title) => {
      names.push(taskBranch(`${template}{task}${template}-{slug}`, { task, title }));
    }),
    { numRuns: 60 },
  );
  const rejected = [...new Set(names)].filter((name) => {
    try {
      return execFileSync('git', ['check-ref-format', '--branch', name], { encoding: 'utf8' }) !== `${name}\n`;
    } catch {
      return true;
    }
  });
  expect(rejected).toEqual([]);
});

test.each([
  ['r', 'r-a-1'],
  ['my.app: new', 'my_app_-new-a-1'],
  ['x'.repeat(48), `${'x'.repeat(48)}-a-1`],
  ['x'.repeat(49), `${'x'.repeat(48)}-a1b2c3d4-a-1`],
  ['界'.repeat(85), `${'界'.repeat(48)}-a1b2c3d4-a-1`],
])('the session of an agent in %s is called %s', (name, session) => {
  expect(sessionName({ name, key: 'a1b2c3d4' }, 'a-1')).toBe(session);
});
