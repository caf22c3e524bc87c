import { expect, test } from 'vitest';
import { AppError } from '../../src/lib/errors.ts';
import { checkedSetting } from '../../src/state/setting-values.ts';
import { settingsSchema } from '../../src/state/settings.ts';

const issueOf = (key: string, text: string): string => {
  try {
    checkedSetting(key, text);
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
  return 'accepted';
};

test.each(['/scratch/{repo}-{hash}', '~/trees/{hash}', '../../{hash}/{repo}', '{data}/x/{hash}', '/a..b/{hash}'])(
  '[CFG-1] worktrees may be put into %s',
  (folder) => {
    expect(issueOf('worktrees.folder', folder)).toBe('accepted');
  },
);

test.each([
  ['/scratch/{repo}', 'it must hold {hash}, so that no two repositories share a folder'],
  ['trees/{hash}', 'it begins with /, ~/, {data}/, or ../ for beside the repository'],
  ['.worktrees/{hash}', 'it begins with /, ~/, {data}/, or ../ for beside the repository'],
  ['/x/{hash}/..', 'after its beginning there is no . or .. in it'],
  ['../x/../{hash}', 'after its beginning there is no . or .. in it'],
  ['/x/{hash}/{branch}', 'only {repo}, {hash} and, at its beginning, {data} stand for something in it'],
  ['/x/{data}/{hash}', 'only {repo}, {hash} and, at its beginning, {data} stand for something in it'],
])('[CFG-1] worktrees cannot be put into %s', (folder, why) => {
  expect(issueOf('worktrees.folder', folder)).toBe(`worktrees.folder cannot be "${folder}": ${why}.`);
});

test.each([
  ['communication.protocol', 'nats', 'there is only unix'],
  ['communication.protocol', 'pipe', 'there is only unix'],
  ['launch.target', 'cloud', 'there is only local'],
  ['launch.count', '0', 'it has to be at least 1'],
  ['plan.strategy', 'magic', 'it has to be one of critical-path, fifo, load-balance, spread-groups, manual'],
  ['integration.on_conflict', 'ask', 'it has to be one of go-on, stop'],
])('[CFG-1] %s cannot be %s, and is told what there is', (key, text, why) => {
  expect(issueOf(key, text)).toBe(`${key} cannot be "${text}": ${why}.`);
});

test('[CFG-1] a configuration that says nothing of the swarm is a whole one', () => {
  expect(settingsSchema.parse({})).toMatchObject({
    launch: { count: 1, target: 'local' },
    communication: { protocol: 'unix' },
    plan: { strategy: 'critical-path' },
    integration: { on_conflict: 'go-on', on_failed_check: 'go-on' },
    worktrees: { folder: '{data}/drover/worktrees/{repo}-{hash}' },
  });
});
