import { expect, test } from 'vitest';
import { frozenTrouble, journalSums, releasedIn, releasedVersions } from './frozen-journals.ts';

test('[STO-3] each released version has a journal that nobody has changed since, and the one to come has its own', () => {
  expect(frozenTrouble(releasedVersions(), journalSums())).toEqual([]);
});

test('a version is released when the changelog has a heading of it', () => {
  const changelog = '# Changelog\n\n## Unreleased\n\n- 0.9.0 is meant.\n\n## [0.2.0] - 2026-12-01\n\n## 0.1.0\n';
  expect(releasedIn(changelog)).toEqual(['0.2.0', '0.1.0']);
});

test.each([
  ['no journal', { there: {}, noted: {}, current: '0.1.0' }, 'there is no journal of 0.1.0'],
  ['no sum', { there: { '0.1.0': 'a' }, noted: {}, current: '0.1.0' }, 'is to be noted: a'],
  ['another sum', { there: { '0.1.0': 'b' }, noted: { '0.1.0': 'a' }, current: '0.1.0' }, 'not the one that was noted'],
  ['a removed journal', { there: { '0.2.0': 'b' }, noted: { '0.1.0': 'a' }, current: '0.2.0' }, 'no journal of 0.1.0'],
])('of a released version with %s it is said', (_what, sums, words) => {
  expect(frozenTrouble(['0.1.0'], sums).join()).toContain(words);
});

test('of the version to come the journal may still change', () => {
  expect(frozenTrouble([], { there: { '0.1.0': 'a' }, noted: {}, current: '0.1.0' })).toEqual([]);
});
