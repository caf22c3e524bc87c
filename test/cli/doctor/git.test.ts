import { describe, expect, test } from 'vitest';
import { judgeGit, parseConfig, type RepositoryFacts } from '../../../src/cli/doctor/git.ts';
import { exit, faults } from './findings.ts';

describe('git', () => {
  const repository: RepositoryFacts = {
    root: '/work/a b',
    answer: exit('false\n'),
    shallow: false,
    hasCommit: true,
    config: { 'user.name': 'Ada', 'user.email': 'a@b.c' },
    hooksFolder: '/work/a b/.git/hooks',
    hooksThere: true,
    commitHooks: [],
    worktrees: exit(''),
    branches: ['main'],
    prefixes: ['drover', 'feature'],
    base: undefined,
    sparse: { folders: ['apps'], missing: [] },
    locks: [{ path: '/work/a b/.git/index.lock', ageMs: 500 }],
  };
  const judge = (more: Partial<RepositoryFacts>) =>
    judgeGit({
      program: exit('git version 2.39.5'),
      install: 'brew install git',
      repository: { ...repository, ...more },
    });

  test('a repository that git works in has no fault', () => {
    expect(faults(judge({}))).toEqual([]);
    expect(judgeGit({ program: null, install: 'brew install git', repository })).toMatchObject([
      { id: 'git.missing', repair: 'brew install git' },
    ]);
  });

  test.each<[Partial<RepositoryFacts>, string, string]>([
    [
      { answer: exit('', { code: 128, stderr: "fatal: detected dubious ownership in repository at '/x'" }) },
      'error git.unsafe-owner',
      "git config --global --add safe.directory '/work/a b'",
    ],
    [{ answer: exit('', { code: 128, stderr: 'fatal: bad' }) }, 'error git.refused', "git -C '/work/a b' status"],
    [{ hasCommit: false }, 'error git.no-commit', "git -C '/work/a b' commit --allow-empty -m first"],
    [{ config: {} }, 'warning git.identity', 'git config --global user.name "Your Name" && git config'],
    [{ shallow: true }, 'warning git.shallow', "git -C '/work/a b' fetch --unshallow"],
    [{ branches: ['feature'] }, 'error git.branch-blocked', "git -C '/work/a b' branch -m feature feature-old"],
    [{ base: 'trunk' }, 'error git.no-base', "git -C '/work/a b' branch -- trunk"],
    [{ worktrees: exit('', { code: 128, stderr: 'no' }) }, 'error git.worktrees', "git -C '/work/a b' worktree repair"],
    [{ commitHooks: ['pre-commit'] }, 'note git.hooks', "ls -l '/work/a b/.git/hooks'"],
    [
      { config: { ...repository.config, 'core.hookspath': '.husky/_' }, hooksThere: true },
      'note git.hooks-path',
      "git -C '/work/a b' config core.hooksPath '/work/a b/.husky/_'",
    ],
    [
      { config: { ...repository.config, 'core.hookspath': '/gone' }, hooksThere: false },
      'note git.hooks-path',
      "git -C '/work/a b' config --unset-all core.hooksPath",
    ],
    [
      { config: { ...repository.config, 'core.fsmonitor': 'true' } },
      'note git.fsmonitor',
      "git -C '/work/a b' config core.fsmonitor false",
    ],
    [
      { sparse: { folders: ['apps', 'lib'], missing: ['lib'] } },
      'error git.sparse',
      'drover config set worktrees.sparse \'["apps"]\'',
    ],
    [{ locks: [{ path: '/r/.git/HEAD.lock', ageMs: 120_000 }] }, 'warning git.lock', 'rm /r/.git/HEAD.lock'],
  ])('each fault has one sentence and one command: %#', (more, fault, repair) => {
    const findings = judge(more);
    expect(faults(findings)).toEqual([fault]);
    expect(findings.at(-1)!.repair).toContain(repair);
  });

  test('its configuration is read without what we set for our own call', () => {
    const text = 'file:/x\0user.name\nAda\0file:.git/config\0core.bare\0command line:\0core.hookspath\n/dev/null\0';
    expect(parseConfig(text)).toEqual({ 'user.name': 'Ada', 'core.bare': 'true' });
  });
});
