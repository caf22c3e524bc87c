import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Finding } from '../../../src/tasks/spec/lint-rule.ts';
import { runMain } from '../../helpers/io.ts';
import { openSwarm } from '../../helpers/swarm.ts';
import { history } from '../stage.ts';

test('[TSK-8] the plan of the sources is linted by path and by name: 25 uncovered criteria, one stale reference, 4 tasks for all', async () => {
  await using swarm = await openSwarm();
  cpSync(fileURLToPath(new URL('../../fixtures/spec', import.meta.url)), join(swarm.root, 'big'), { recursive: true });
  const none = await swarm.say('lint specs');
  expect([none.exit, none.message]).toEqual([6, 'No plan was imported.']);
  const before = await history(swarm);
  const linted = await runMain(['spec', 'lint', './big', '--strict', '--json'], { cwd: swarm.root, env: swarm.env });
  const findings = JSON.parse(linted.stdout) as Finding[];
  const count = (rule: string) => findings.filter((one) => one.rule === rule).length;
  expect([linted.exit, count('uncovered-criterion'), count('all-requirements')]).toEqual([0, 25, 4]);
  expect(findings.find((one) => one.rule === 'suspicious-reference')).toMatchObject({
    id: 'suspicious-reference:7.2:19',
    file: join(swarm.root, 'big/tasks.md'),
    line: 114,
    proposal: expect.stringContaining('20.1, 20.2, 20.3'),
  });
  expect(await history(swarm)).toEqual(before);
  await swarm.say('import spec ./big');
  const named = await swarm.say('lint spec big --strict');
  expect([named.exit, named.data]).toEqual([0, findings]);
  expect(named.text).toMatch(/tasks\.md:114 [\s\S]*0 errors, 26 warnings, 4 notes\.$/);
  expect((await swarm.say('validate specs --strict')).data).toEqual(findings);
  expect((await swarm.say('lint spec ./nowhere')).exit).toBe(3);
});

test('a plan with errors is answered with 1 and its errors, a clean one with nothing', async () => {
  const requirements = '### Requirement 1: A\n#### Acceptance Criteria\n1. WHEN a THEN b\n';
  await using swarm = await openSwarm({
    files: {
      'bad/tasks.md': '- [ ] 1. One\n  - _Requirements: 1.1, 9.9_\n- [ ] 1. Two\n',
      'bad/requirements.md': requirements,
      'good/tasks.md': '- [ ] 1. One\n  - _Requirements: 1.1_\n',
      'good/requirements.md': requirements,
    },
  });
  const bad = await swarm.say('lint ./bad');
  const file = join(swarm.root, 'bad/tasks.md');
  expect([bad.exit, bad.message.split('\n')]).toEqual([
    1,
    [
      '1 error, 1 warning, 0 notes:',
      `${file}:2: error: task 1 refers to requirement 9.9, which does not exist. Requirements are 1: name one of them.`,
      `${file}:3: warning: task 1 is there already in line 1, so this one is called 1-2. Give one of the two another number.`,
    ],
  ]);
  const shell = await runMain(['spec', 'lint', './bad', '--json'], { cwd: swarm.root, env: swarm.env });
  expect([shell.exit, JSON.parse(shell.stdout)]).toEqual([1, bad.data]);
  const good = await swarm.say('lint spec ./good');
  expect([good.exit, good.text]).toEqual([0, 'Nothing was found.\n0 errors, 0 warnings, 0 notes.']);
});

test('what an import warns of is found by lint as well, whatever the format', async () => {
  const plans = { 'LIST.md': '- [ ] Wash\n- [ ] Dry\n', 'PLAN.md': '# Plan\n\n## Task 1: Build\n\nIt.\n' };
  await using swarm = await openSwarm({ files: plans });
  for (const [file, said] of [
    ['LIST.md', 'no task has a number'],
    ['PLAN.md', 'no box can be ticked when this is done: 1'],
  ] as const) {
    expect((await swarm.say(`import spec ${file} --dry-run`)).message).toContain(said);
    const found = await swarm.say(`lint spec ${file}`);
    expect([found.exit, found.data]).toEqual([
      0,
      [expect.objectContaining({ message: expect.stringContaining(said) })],
    ]);
  }
});
