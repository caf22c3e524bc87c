import { expect, test } from 'vitest';
import { openSandbox } from '../../src/sandbox/open.ts';
import { searchedFolders, toolchainsIn } from '../../src/sandbox/toolchains.ts';

const AGENT = { what: 'agent' } as const;

const machine = (
  answers: readonly { code: number | null; stderr: string }[],
  { installed = true, git = '/usr/bin/git', path = '' } = {},
) => {
  const asked: (readonly string[])[] = [];
  const sandbox = openSandbox({
    run: async ({ args }) => {
      asked.push(args);
      return answers[asked.length - 1]!;
    },
    env: { PATH: path },
    find: async (program) => (program === 'git' ? git : installed ? '/usr/bin/bwrap' : null),
    realPath: async (path) => (path === '/run' ? '/var/run' : path),
    list: async (path) => (path === '/mnt' ? null : []),
  });
  return { sandbox, asked };
};

test('[SEC-9] whether there is a sandbox is tried, and asked again only while there is none', async () => {
  const { sandbox, asked } = machine([
    { code: 1, stderr: 'bwrap: Creating new namespace failed: \nNo space left on device' },
    { code: null, stderr: '' },
    { code: 0, stderr: '' },
  ]);
  expect(await sandbox.lack(AGENT)).toBe('bwrap: Creating new namespace failed: No space left on device');
  expect(await sandbox.lack(AGENT)).toBe('bwrap does not work');
  expect([await sandbox.lack(AGENT), await sandbox.lack(AGENT)]).toEqual([null, null]);
  expect(asked).toHaveLength(3);
  expect(await machine([], { installed: false }).sandbox.lack(AGENT)).toBe('bwrap is not installed');
});

test('[SEC-9] only folders that are there are hidden, where they really are', async () => {
  const words = await machine([]).sandbox.wall({
    mode: 'worktree',
    worktree: '/w',
    root: '/r',
    commonDir: '/r/.git',
    git: { kind: 'read-only', config: '/c' },
    home: { at: '/home/ada', folder: null },
    hidden: ['/data'],
    read: [],
    write: [],
    network: 'shared',
  });
  const hidden = words.flatMap((word, n) => (word === '--tmpfs' ? [words[n + 1]] : []));
  expect(hidden).toContain('/data');
  expect(hidden).toContain('/var/run');
  expect(hidden).not.toContain('/run');
  expect(hidden).not.toContain('/mnt');
});

test('[SEC-9] toolchains are to be seen, and never a folder that holds the home', () => {
  const path = '/usr/bin:/home:/home/ada/go/bin:bin:/';
  expect(searchedFolders('/home/ada', path)).toEqual(['/usr/bin', '/home/ada/go/bin']);
  const reads = toolchainsIn('/home/ada');
  expect(reads).toContain('/home/ada/.nvm/versions');
  for (const folder of ['/home/ada', '/home/ada/.ssh', '/home/ada/.npmrc', '/home/ada/.config'])
    expect(reads).not.toContain(folder);
});

test('[SEC-9] git alone sees folders of programs only where its own lies in one that is hidden', async () => {
  const path = '/usr/bin:/home/ada/.linuxbrew/bin:/home/ada:/opt/bin:/r/env/bin';
  const place = { root: '/r', commonDir: '/r/.git', folder: '/g', home: '/home/ada', hidden: [] };
  const seen = async (git: string) => {
    const words = await machine([], { git, path }).sandbox.gitWall(place);
    return words.flatMap((word, n) => (word === '--ro-bind-try' ? [words[n + 1]] : []));
  };
  expect(await seen('/usr/bin/git')).toEqual([]);
  for (const git of ['/home/ada/.linuxbrew/bin/git', '/run/current-system/sw/bin/git', '/r/env/bin/git']) {
    const folders = await seen(git);
    expect(folders).toContain('/home/ada/.linuxbrew/bin');
    expect(folders).toContain('/r/env/bin');
    expect(folders).toContain('/run/current-system');
    expect(folders).not.toContain('/home/ada');
    expect(folders).not.toContain('/usr/bin');
  }
});
