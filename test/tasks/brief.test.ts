import { expect, test } from 'vitest';
import type { Task } from '../../src/state/tasks.ts';
import { type BriefContext, briefFor } from '../../src/tasks/brief.ts';
import { planFromSpec } from '../../src/tasks/import-spec.ts';
import { parseRequirements } from '../../src/tasks/spec-requirements.ts';
import { begin, created, imported } from './journal.ts';
import { requirementsText, source } from './source.ts';

const context: BriefContext = {
  prerequisites: [],
  branch: 'feature/3.1-worktrees',
  check: 'npm test',
  reportCommand: 'drover report done',
};
const taskOf = (id: string, changes = {}): Task => begin(created(id, changes)).tasks[id]!;

test('[AGT-2] the brief of task 3.1 has its bullets and the texts of criteria 1.1, 2.1, 2.2 and 2.3', () => {
  const planned = planFromSpec(source).plans.find((task) => task.id === '3.1')!;
  const state = begin(created('3.1', planned), imported('swarm', ['3.1']));
  const brief = briefFor(state.tasks['3.1']!, { ...context, spec: state.specs['swarm'] });
  const criteria = parseRequirements(requirementsText);
  for (const id of ['1.1', '2.1', '2.2', '2.3']) expect(brief).toContain(`- ${id}: ${criteria.get(id)!.text}`);
  for (const detail of planned.details) expect(brief).toContain(`- ${detail}`);
  expect(brief).toMatch(/^# Task 3\.1: Implement WorkspaceManager using git worktree for efficient isolation\n/);
  expect(brief).toContain('It serves requirements 1.1, 2.1, 2.2, 2.3.');
  expect(brief).toContain('The whole plan is `swarm`, read from `/repo/spec`.');
});

test('[AGT-2] it says what to build on, where to commit, what to check and how to report', () => {
  const brief = briefFor(taskOf('3.2'), {
    ...context,
    prerequisites: [
      { id: '3.1', title: 'Worktrees', branch: 'feature/3.1', summary: 'made them\nall' },
      { id: '2.1', title: 'Controller', branch: null, summary: null },
    ],
  });
  expect(brief).toContain('- 3.1 Worktrees: done, on branch `feature/3.1`. It said: made them all');
  expect(brief).toContain('- 2.1 Controller: done\n');
  expect(brief).toContain('on the branch `feature/3.1-worktrees`');
  expect(brief).toContain('Run the check `npm test`');
  expect(brief).toContain('say that you are done: `drover report done`');
});

test('the last line is for programs', () => {
  const task = taskOf('t1', { complexity_score: 7, dependencies: ['--><b>'] });
  const line = briefFor(task, context).trimEnd().split('\n').at(-1)!;
  const json = /^<!-- drover (?<json>[^<>]*) -->$/u.exec(line)?.groups?.['json'];
  expect(JSON.parse(json!)).toEqual({
    task: 't1',
    spec: null,
    branch: 'feature/3.1-worktrees',
    complexity_score: 7,
    requirements: [],
    dependencies: ['--><b>'],
  });
});

test('sections without content are left out', () => {
  const brief = briefFor(taskOf('t1'), { ...context, check: null });
  expect(brief).not.toMatch(/## (?:What|Req|Acc)/);
  expect(brief).toContain('Make sure that it works');
});

test('a task for all requirements says so, code stays in its bullet, commands stay code', () => {
  const task = taskOf('9', { barrier: true, description: 'Part of 2 B', details: ['run\n  ```\n  x\n  ```'] });
  const brief = briefFor(task, { ...context, check: 'echo `date`' });
  expect(brief).toContain('\n\nPart of 2 B\n');
  expect(brief).toContain('It concerns all requirements');
  expect(brief).toContain('- run\n    ```\n    x\n    ```\n');
  expect(brief).toContain('`` echo `date` ``');
});

test('nothing in it makes a terminal act', () => {
  const evil = 'a\u001B]0;title\u0007b\u001B[31mc\u0000\u009B2Jd\r';
  const task = taskOf('t1', { title: evil, description: evil, details: [evil], acceptance_criteria: [evil] });
  const brief = briefFor(task, {
    ...context,
    branch: evil,
    prerequisites: [{ id: evil, title: evil, branch: evil, summary: evil }],
  });
  expect(brief).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/u);
  expect(brief).toContain('# Task t1: abcd\n');
});
