import { expect, test } from 'vitest';
import type { SandboxSpec } from '../../src/ports/sandbox.ts';
import { gitArguments, sandboxArguments } from '../../src/sandbox/layout.ts';

const spec = (changes: Partial<SandboxSpec> = {}): SandboxSpec => ({
  mode: 'worktree',
  worktree: '/home/ada/.local/share/drover/worktrees/app-1/claude-1',
  root: '/home/ada/app',
  commonDir: '/home/ada/app/.git',
  git: { kind: 'private', folder: '/data/claude-1/git', admin: 'claude-1' },
  home: { at: '/home/ada', folder: '/data/claude-1/home' },
  hidden: ['/tmp', '/home', '/data'],
  read: ['/home/ada/.nvm/versions', '/usr/bin'],
  write: ['/home/ada/app/.git/drover/spool/claude-1'],
  network: 'shared',
  ...changes,
});

/** Where a mount stands in the list; -1 when there is none. */
const at = (words: readonly string[], ...mount: readonly string[]): number =>
  words.findIndex((_, n) => mount.every((word, m) => words[n + m] === word));

test('[SEC-9] what lies over something else is said later', () => {
  const words = sandboxArguments(spec(), []);
  const git = '/home/ada/app/.git';
  const order = [
    at(words, '--ro-bind', '/', '/'),
    at(words, '--tmpfs', '/tmp'),
    at(words, '--tmpfs', '/home'),
    at(words, '--tmpfs', '/home/ada'),
    at(words, '--bind', '/data/claude-1/home', '/home/ada'),
    at(words, '--ro-bind', '/home/ada/app', '/home/ada/app'),
    at(words, '--ro-bind-try', '/home/ada/.nvm/versions', '/home/ada/.nvm/versions'),
    at(words, '--bind', '/data/claude-1/git', git),
    at(words, '--bind', '/data/claude-1/git/objects', `${git}/objects`),
    at(words, '--bind', '/data/claude-1/git/objects/info', `${git}/objects/info`),
    at(words, '--bind', '/data/claude-1/git/worktrees/claude-1', `${git}/worktrees/claude-1`),
    at(words, '--ro-bind', '/data/claude-1/git/config', `${git}/config`),
    at(words, '--ro-bind', '/data/claude-1/git/worktrees/claude-1/commondir', `${git}/worktrees/claude-1/commondir`),
    at(words, '--ro-bind', '/data/claude-1/git/hooks', `${git}/hooks`),
    at(words, '--ro-bind-try', `${git}/hooks`, `${git}/hooks`),
    at(words, '--tmpfs', `${git}/drover`),
    at(words, '--ro-bind', `${git}/objects`, `${git}/drover/objects`),
    at(words, '--bind', spec().worktree, spec().worktree),
    at(words, '--ro-bind', `${spec().worktree}/.git`, `${spec().worktree}/.git`),
    at(words, '--bind-try', `${git}/drover/spool/claude-1`, `${git}/drover/spool/claude-1`),
  ];
  expect(order).not.toContain(-1);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(words.slice(-3)).toEqual(['--chdir', spec().worktree, '--']);
});

test('[SEC-9] a sandbox keeps its terminal and its network, gives no rights and hides nothing that is everything', () => {
  const words = sandboxArguments(spec({ hidden: ['/', '/tmp'] }), []);
  expect(words).not.toContain('--new-session');
  expect(words).not.toContain('--unshare-net');
  expect(words).not.toContain('/data');
  expect(at(words, '--tmpfs', '/')).toBe(-1);
  expect(at(words, '--cap-drop', 'ALL')).toBeGreaterThan(0);
  // What is to be seen anyhow needs no mount.
  expect(words).not.toContain('/usr/bin');
});

test('[SEC-9] a strict sandbox has no checkout, no network and, where none is given, no home that stays', () => {
  const [root, commonDir] = ['/srv/app', '/srv/app/.git'];
  const words = sandboxArguments(
    spec({
      ...{ mode: 'strict', root, commonDir },
      network: 'none',
      home: { at: '/home/ada', folder: null },
      git: { kind: 'read-only', config: '/c' },
    }),
    [],
  );
  expect(at(words, '--ro-bind', root, root)).toBe(-1);
  expect(at(words, '--tmpfs', root)).toBeGreaterThan(0);
  expect(words).toContain('--unshare-net');
  expect(at(words, '--tmpfs', '/home/ada')).toBeGreaterThan(0);
  expect(words).not.toContain('/data/claude-1/home');
  const order = [
    at(words, '--tmpfs', commonDir),
    at(words, '--ro-bind-try', `${commonDir}/refs`, `${commonDir}/refs`),
    at(words, '--ro-bind', '/c', `${commonDir}/config`),
    at(words, '--remount-ro', commonDir),
  ];
  expect(order).not.toContain(-1);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test('[SEC-9] with the repository at another path nothing but its objects is at its own, and what git runs is read-only', () => {
  const [root, git] = ['/srv/app', '/srv/app/.git'];
  const words = sandboxArguments(
    spec({
      mode: 'strict',
      root,
      commonDir: git,
      git: { kind: 'elsewhere', at: '/dev/x', admin: 'a', config: '/own', fixed: ['gitdir'] },
    }),
    [],
  );
  const order = [
    at(words, '--tmpfs', root),
    at(words, '--ro-bind', git, '/dev/x'),
    at(words, '--tmpfs', '/dev/x/drover'),
    at(words, '--ro-bind', '/own', '/dev/x/config'),
    at(words, '--bind', `${git}/worktrees/a`, '/dev/x/worktrees/a'),
    at(words, '--ro-bind-try', `${git}/worktrees/a/gitdir`, '/dev/x/worktrees/a/gitdir'),
    at(words, '--ro-bind', `${git}/objects`, `${git}/objects`),
    at(words, '--bind', spec().worktree, spec().worktree),
  ];
  expect(order).not.toContain(-1);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test('[SEC-9] git alone sees the system, its own git directory and the objects that it borrows, and nothing of a person', () => {
  const git = '/home/ada/app/.git';
  const folders = { root: '/home/ada/app', commonDir: git, folder: '/data/claude-1/git', home: '/home/ada' };
  const words = gitArguments({ ...folders, hidden: ['/tmp', '/home', '/'], read: ['/home/ada/bin'] });
  const order = [
    at(words, '--unshare-net'),
    at(words, '--ro-bind', '/', '/'),
    at(words, '--dev-bind', '/dev/null', '/dev/null'),
    at(words, '--dev-bind', '/dev/urandom', '/dev/urandom'),
    at(words, '--proc', '/proc'),
    at(words, '--tmpfs', '/tmp'),
    at(words, '--tmpfs', '/home'),
    at(words, '--tmpfs', '/home/ada'),
    at(words, '--tmpfs', '/home/ada/app'),
    at(words, '--ro-bind-try', '/home/ada/bin', '/home/ada/bin'),
    at(words, '--bind', '/data/claude-1/git', git),
    at(words, '--tmpfs', `${git}/drover`),
    at(words, '--ro-bind', `${git}/objects`, `${git}/drover/objects`),
    at(words, '--remount-ro', git),
  ];
  expect(order).not.toContain(-1);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(words.filter((word) => word === '--bind')).toHaveLength(1);
  expect(at(words, '--tmpfs', '/')).toBe(-1);
  expect(words.slice(-3)).toEqual(['--chdir', git, '--']);
});
