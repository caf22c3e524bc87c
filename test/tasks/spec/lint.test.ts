import { expect, test } from 'vitest';
import { lintSpec } from '../../../src/tasks/spec/lint.ts';
import { requirementsText, tasksText } from '../source.ts';

const lint = (tasks: string, requirements?: string, isStrict = true) =>
  lintSpec(
    { tasksText: tasks, requirementsText: requirements, tasksFile: 'tasks.md', requirementsFile: 'req.md' },
    isStrict,
  );
const about = (findings: ReturnType<typeof lint>, rule: string): string[] =>
  findings.filter((one) => one.rule === rule).map((one) => one.id.slice(rule.length + 1));

const REQUIREMENTS = [
  '### Requirement 1: Parsing',
  '#### Acceptance Criteria',
  '1. WHEN a line is read THEN the parser SHALL build a tree',
  '2. WHEN a line is wrong THEN the parser SHALL refuse it',
  '### Requirement 2: Storage',
  '#### Acceptance Criteria',
  '1. WHEN a record is saved THEN the journal SHALL sync it to the disk',
].join('\n');

test('[TSK-8] in the real plan exactly 25 criteria have no task, one reference is stale and 4 tasks are for all requirements', () => {
  const findings = lint(tasksText, requirementsText);
  expect(about(findings, 'uncovered-criterion').join(' ')).toBe(
    '1.4 1.5 1.6 2.6 4.1 4.5 7.6 8.4 10.5 11.5 12.1 12.2 12.3 12.4 12.5 13.5 14.2 14.3 14.5 18.5 20.1 20.2 20.3 20.4 20.5',
  );
  expect(about(findings, 'all-requirements')).toEqual(['13.1', '13.2', '16.1', '16.2']);
  const [stale, ...more] = findings.filter((one) => one.rule === 'suspicious-reference');
  expect(more).toEqual([]);
  expect(stale).toMatchObject({ id: 'suspicious-reference:7.2:19', severity: 'warning', file: 'tasks.md', line: 114 });
  expect(stale?.message).toContain('refers to 19.1, 19.2, 19.3 of “IDE Window Management');
  expect(stale?.proposal).toContain('20.1, 20.2, 20.3 may be meant');
  expect(findings).toHaveLength(30);
  expect(findings.some((one) => one.severity === 'error')).toBe(false);
  // What is only doubtful is said to those who ask for it.
  expect(lint(tasksText, requirementsText, false)).toMatchObject([
    { id: 'uncovered-criteria:all', message: expect.stringMatching(/^no task names 25 of 115 criteria: 1\.4, 1\.5, /) },
  ]);
});

test('a clean plan has no findings', () => {
  expect(
    lint('- [ ] 1. Parse\n  - _Requirements: 1.1, 1.2_\n- [ ] 2. Store\n  - _Requirements: 2_\n', REQUIREMENTS),
  ).toEqual([]);
});

test('[TSK-8] references that lead nowhere are errors, and numbers that are there twice warnings, each with its line', () => {
  const findings = lint(
    '- [ ] 1. One\n  - _Requirements: 1.1, 7.1, 1.9_\n- [ ] 1. Two\n  - a point of the second\n  - _Requirements: 1.2_\n- [ ] 2. Three\n- [ ] 3. Four\n  - _Depends: 2, 9_\n- [ ] 4. A\n  - _Depends: 5_\n- [ ] 5. B\n  - _Depends: 4_\n- [ ] Nameless\n',
    `${REQUIREMENTS}\n2. WHEN it is said once THEN it SHALL be read\n2. WHEN it is said twice THEN it SHALL be seen\n`,
  );
  const placed = (severity: string) =>
    findings.filter((one) => one.severity === severity).map(({ id, file, line }) => `${file}:${line} ${id}`);
  expect(placed('error')).toEqual([
    'tasks.md:7 unknown-dependency:3:9',
    'tasks.md:9 dependency-cycle:4+5',
    'req.md:9 duplicate-criterion:2.2',
    'tasks.md:2 unknown-reference:1:1.9',
    'tasks.md:2 unknown-reference:1:7.1',
  ]);
  expect(placed('warning').filter((one) => one.includes('-task:'))).toEqual([
    'tasks.md:3 duplicate-task:1',
    'tasks.md:13 unnumbered-task:13',
  ]);
  const [first, second] = findings.filter((one) => one.rule === 'unknown-reference');
  expect([first?.proposal, second?.proposal]).toEqual([
    'Requirement 1 has 1.1, 1.2: name one of them.',
    'Requirements are 1, 2: name one of them.',
  ]);
  expect(about(findings, 'no-criteria')).toEqual(['2', '3', '4', '5', '5-2']);
  expect(about(findings, 'uncovered-criterion')).toEqual(['2.1', '2.2']);
});

test('without requirements only the tasks are looked at, and that is said', () => {
  const without = lint('- [ ] 1. One\n  - _Requirements: 1.1_\nstray text\n');
  expect(without.map((one) => [one.id, one.severity])).toEqual([
    ['unclear-line:3', 'warning'],
    ['no-requirements:file', 'note'],
  ]);
  expect(about(lint('- [ ] 1. One\n  - _Requirements: 1.1_\n', '# nothing\n'), 'no-requirements')).toEqual(['file']);
});

test('what is no plan is one finding and no crash', () => {
  expect(lint('# nothing', REQUIREMENTS)[0]).toMatchObject({ id: 'no-tasks:plan', severity: 'error' });
  expect(lint('- [ ] 1. One\n\0\n')).toMatchObject([{ id: 'not-text:file', severity: 'error', line: 2 }]);
});

test('a doubt needs the same numbers and a requirement that no task covers', () => {
  const requirements = REQUIREMENTS.replace('### Requirement 2: Storage', '### Requirement 2: Journal and disk');
  const tasks = (refs: string) =>
    `- [ ] 1. Write the journal\n  - sync each record to the disk when it is saved\n  - _Requirements: ${refs}_\n`;
  expect(about(lint(tasks('1.1'), requirements), 'suspicious-reference')).toEqual(['1:1']);
  expect(about(lint(tasks('1.2'), requirements), 'suspicious-reference')).toEqual([]);
  expect(about(lint(tasks('1'), requirements), 'suspicious-reference')).toEqual([]);
  expect(about(lint(tasks('1.1, 2.1'), requirements), 'suspicious-reference')).toEqual([]);
});

test('[TSK-12] without --strict there are errors, what was read otherwise than it stands there, and one line for all criteria', () => {
  const tasks = '- [ ] 1. One\n  - _Requirements: speed_\n- [ ] 1. Two\n\n## Success criteria\n- [ ] All green\n';
  expect(lint(tasks, REQUIREMENTS, false).map(({ id, severity }) => [id, severity])).toEqual([
    ['uncovered-criteria:all', 'warning'],
    ['duplicate-task:1', 'warning'],
  ]);
  expect(lint(tasks, REQUIREMENTS).map(({ rule }) => rule)).toEqual([
    'uncovered-criterion',
    'uncovered-criterion',
    'uncovered-criterion',
    'duplicate-task',
    'no-criteria',
    'no-criteria',
    'unread-reference',
    'criteria',
  ]);
  const [found] = lint('- [ ] 1. One\n  - Dependencies: the old parser\n', undefined, false);
  expect(found).toMatchObject({ rule: 'unclear-dependency', severity: 'error', line: 2 });
});

test('[TSK-10] tasks that wait for each other by what stands in their own lines are a circle', () => {
  const findings = lint('- [ ] 1. A\n- [ ] 2. B _Depends: 3_\n- [ ] 3. C _Depends: 2_\n', undefined, false);
  expect(findings.map(({ id, line }) => `${line} ${id}`)).toEqual(['2 dependency-cycle:2+3']);
});

test('[TSK-8] a reference in the line of its task is found there, and an order that is not read is told without --strict', () => {
  const findings = lint('- [ ] 1. A _Requirements: 9.1_\n- [ ] 2. B, depends on 1\n', REQUIREMENTS, false);
  expect(findings.filter(({ file }) => file === 'tasks.md').map(({ id, line }) => `${line} ${id}`)).toEqual([
    '1 unknown-reference:1:9.1',
    '2 unread-order:2',
  ]);
});
