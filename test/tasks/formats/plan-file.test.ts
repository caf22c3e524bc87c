import { expect, test } from 'vitest';
import { planFile } from '../../../src/tasks/formats/plan-file.ts';

test('a plan is the file that is named, or the one in its folder', () => {
  const said = ['/a/TODO.md', '/a/.taskmaster', '/a/.beads', '/a/.kiro/specs/x', '/a/list.csv'];
  expect(said.map(planFile)).toEqual([
    '/a/TODO.md',
    '/a/.taskmaster/tasks/tasks.json',
    '/a/.beads/issues.jsonl',
    '/a/.kiro/specs/x/tasks.md',
    '/a/list.csv',
  ]);
});
