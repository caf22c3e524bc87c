import { expect, test } from 'vitest';
import { encloseWith } from '../../../src/git/private/enclosure.ts';
import type { RunGit } from '../../../src/git/run.ts';
import type { GitSpec, SandboxSpec } from '../../../src/ports/sandbox.ts';

test('[SEC-9] git that reads sees no worktree and nothing of other instances, and one that writes what its owner sees', async () => {
  const asked: (GitSpec | SandboxSpec)[] = [];
  const sandbox = {
    gitWall: async (spec: GitSpec) => [`reading ${asked.push(spec)}`],
    wall: async (spec: SandboxSpec) => [`whole ${asked.push(spec)}`],
  };
  const run: RunGit = async (args, { wall = [], env = {} } = {}) => ({
    ...{ code: 0, signal: null, stderr: '', timedOut: false },
    stdout: [...wall, ...args, ...Object.keys(env)].join(' '),
  });
  const place = { root: '/srv/app', commonDir: '/srv/app/.git', home: '/home/ada', worktree: '/srv/data/a-1' };
  const folder = '/srv/data/sandboxes/a-1/git';
  const inside = await encloseWith(run, sandbox)({ ...place, admin: '/srv/app/.git/worktrees/a-1', folder });
  expect((await inside.run(['show-ref'])).stdout).toBe(
    'sh -c ulimit -d 4194304; exec "$@" sh reading 1 show-ref GIT_DIR GIT_COMMON_DIR',
  );
  expect(asked[0]).toMatchObject({ folder, hidden: ['/srv/data/sandboxes'] });
  expect(asked[0]).not.toHaveProperty('worktree');
  expect((await inside.runWhole(['update-ref'])).stdout).toBe(
    'sh -c ulimit -d 4194304; exec "$@" sh whole 2 update-ref GIT_DIR GIT_COMMON_DIR GIT_WORK_TREE',
  );
  expect(asked[1]).toMatchObject({
    mode: 'strict',
    network: 'none',
    worktree: '/srv/data/a-1',
    hidden: ['/srv/data/sandboxes'],
  });
});
