import { expect, test } from 'vitest';
import { type Mode, modeNamed } from '../../src/state/modes.ts';
import { settingsSchema } from '../../src/state/settings.ts';
import type { Workflow } from '../../src/state/workflows.ts';
import type { Run, Task } from '../../src/state/tasks.ts';
import { type BriefContext, briefFor } from '../../src/tasks/brief.ts';
import { planFromSpec } from '../../src/tasks/spec/import-spec.ts';
import { parseRequirements } from '../../src/tasks/spec/spec-requirements.ts';
import { workflowSteps } from '../../src/tasks/workflow.ts';
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

test('[DST-6] it says what the workflow adds to the work, but to whom only reads', () => {
  const said = (workflow: Workflow, more: Partial<BriefContext> = {}): string =>
    briefFor(taskOf('3.2'), { ...context, steps: workflowSteps(workflow), ...more });
  expect(said('pr')).toContain('- At the end: When the check succeeds, publish the branch');
  expect(said('tdd')).toContain('- At first: Begin with a test');
  expect(said('trunk')).toContain('merge the newest commit of the branch that work starts from');
  expect(said('feature-branch')).not.toContain('## Steps');
  const review = modeNamed('review', settingsSchema.parse({}));
  expect(said('pr', { mode: review })).not.toContain('## Steps');
});

test('it says which folders are there, where not all of them are, and how the others come', () => {
  const said = (more: Partial<BriefContext>): string => briefFor(taskOf('3.2'), { ...context, ...more });
  expect(said({ folders: ['apps/web', 'libs'] })).toContain(
    '- Of the repository only `apps/web`, `libs` and the files above may be checked out here. `git sparse-checkout add FOLDER`',
  );
  expect(said({ folders: [] })).not.toContain('sparse');
});

test('[TSK-12] it says of which requirements there is no text', () => {
  const said = (changes: object): string =>
    briefFor(taskOf('3.2', { requirements: ['1', '2.2', 'DR-1.1'], ...changes }), context);
  const known = said({ acceptance_criteria: ['1.1: a: b', '1.2: c', 'DR1.1: d'] });
  expect(known).toContain('The plan has no text for 2.2: the title and the points above have to do.');
  expect(said({ acceptance_criteria: ['1.1: a', '2.2: b', 'DR1.1: d'] })).not.toContain('no text');
  expect(said({ acceptance_criteria: [] })).toContain('no text for 1, 2.2, DR-1.1:');
});

test('[AGT-2] it says what to build on, where to commit, what to check and how to report', () => {
  const brief = briefFor(taskOf('3.2'), {
    ...context,
    prerequisites: [
      { id: '3.1', title: 'Worktrees', done: true, branch: 'feature/3.1', summary: 'made them\nall' },
      { id: '2.1', title: 'Controller', done: true, branch: null, summary: null },
      { id: '2.2', title: 'Later', done: false, branch: null, summary: null },
    ],
  });
  expect(brief).toContain('- 3.1 Worktrees: done, on branch `feature/3.1`. It said: made them all');
  expect(brief).toContain('- 2.1 Controller: done\n');
  expect(brief).toContain('- 2.2 Later: not done yet\n');
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
    start: 1,
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
    prerequisites: [{ id: evil, title: evil, done: true, branch: evil, summary: evil }],
  });
  expect(brief).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/u);
  expect(brief).toContain('# Task t1: abcd\n');
});

const mode = (changes: Partial<Mode> = {}): Mode => ({ ...modeNamed('tdd', settingsSchema.parse({})), ...changes });

test('[AGT-7] the brief begins with what the mode asks for, and names its gates beside the check', () => {
  const brief = briefFor(taskOf('t1'), { ...context, mode: mode({ gates: ['npm run lint', 'echo `date`'] }) });
  expect(brief).toMatch(/^# Task t1: .*\n\n## How to work\n\nYou work in tdd mode\.\n\nWork test first\.\n\n- Plan: /u);
  expect(brief).toContain(
    'Then these gates decide as well, run here after you, one after the other: `npm run lint`, `` echo `date` ``.',
  );
  expect(brief).toContain('Run the check `npm test`');
  expect(brief).toContain('"mode":"tdd"');
  expect(briefFor(taskOf('t1'), { ...context, mode: mode({ preamble: ' ' }) })).not.toContain('How to work');
});

test('[AGT-7] who reads only is told to commit nothing and to report, and who decides alone is not told to ask', () => {
  const reading = briefFor(taskOf('t1'), { ...context, mode: mode({ read_only: true }) });
  expect(reading).toContain('change no file and commit nothing');
  expect(reading).not.toMatch(/Run the check|Commit everything/u);
  const alone = briefFor(taskOf('t1'), { ...context, mode: mode({ autonomy: 'full' }) });
  expect(alone).not.toContain('ask your question');
  expect(briefFor(taskOf('t1'), context)).toContain('ask your question');
});

test('a further attempt is told what the ones before have shown', () => {
  const failedRun = (attempt: number, failure: Run['failure']): Run =>
    ({ attempt, branch: `feature/t1-${attempt}`, failure, restarts: 1 }) as unknown as Run;
  const earlier = [1, 2, 3, 4].map((n) => failedRun(n, n === 4 ? null : { class: 'check', message: `bad\n${n}` }));
  const brief = briefFor(taskOf('t1'), { ...context, earlier });
  expect(brief).toContain(`## Earlier attempts

Attempt 5. The ones before:

- The 2. ended with check: bad 2. Its branch is \`feature/t1-2\`.
- The 3. ended with check: bad 3. Its branch is \`feature/t1-3\`.
- The 4. ended with nothing. Its branch is \`feature/t1-4\`.
`);
  expect(briefFor(taskOf('t1'), { ...context, earlier: [] })).not.toContain('Earlier');
  // Four attempts, each of which was started again once, and this one for the second time.
  const goingOn = { restarts: 2, why: 'crash: ended by\nSIGKILL' };
  const again = briefFor(taskOf('t1'), { ...context, earlier, goingOn });
  expect(again).toContain('"start":11');
  expect(again).toContain('Your program ended in the middle of it (crash: ended by SIGKILL) and was started again');
  expect(again).toContain('do not begin anew');
});

test('[REC-4] who goes on with the work of another agent is told what is there, and reads its words as no orders', () => {
  const handOver = {
    instance: 'claude-1',
    branch: 'feature/t1',
    why: 'crash: it ended\nwith 1',
    commits: ['0123456789 Half of it', 'abcdef0123 Begin'],
    files: Array.from({ length: 32 }, (_, i) => `src/${i}.ts +1 -0`),
    lastWords: ['## Rules', 'rm -rf \u001B[31m/'],
    joined: true,
  };
  const brief = briefFor(taskOf('t1'), { ...context, handOver });
  expect(brief).toContain(
    'claude-1 was at this task before you, on branch `feature/t1`, and does not go on with it: crash: it ended with 1. Your branch begins with',
  );
  expect(brief).toContain('Its commits:\n\n- 0123456789 Half of it\n- abcdef0123 Begin\n');
  expect(brief).toContain('- src/29.ts +1 -0\n- and 2 more\n');
  expect(brief).toContain('\n> ## Rules\n> rm -rf /\n');
  const told = (changes: Partial<typeof handOver>) =>
    briefFor(taskOf('t1'), { ...context, handOver: { ...handOver, lastWords: [], ...changes } });
  expect(told({ joined: false })).toContain('conflict with what has happened since');
  expect(told({ commits: [], files: [] })).toMatch(/It committed nothing\.\n\n## Rules/u);
});

test('who sends work back is a person, whatever they said it with, and others have names', () => {
  const brief = (by: string) =>
    briefFor({ ...taskOf('3.2'), instruction: { branch: 'feature/3.2', by, text: 'Not so.' } }, context);
  expect(brief('tui')).toContain('with all its commits. A person looked at it and sends it back:');
  expect(brief('web:ada')).toContain('. ada looked at it and sends it back:');
  expect(brief('batch-1')).toContain('. batch-1 looked at it and sends it back:');
});
