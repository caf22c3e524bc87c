import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SandboxSpec } from '../../src/ports/sandbox.ts';
import { openSandbox } from '../../src/sandbox/open.ts';
import { searchedFolders, toolchainsIn } from '../../src/sandbox/toolchains.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const AGENT = { what: 'agent' } as const;

const machine = (
  answers: readonly { code: number | null; stderr: string }[],
  options: { installed?: boolean; git?: string; path?: string; sockets?: string[]; more?: object } = {},
) => {
  const { git = '/usr/bin/git', path = '', sockets = [], more = {} } = options;
  const asked: (readonly string[])[] = [];
  const listed: string[] = [];
  const sandbox = openSandbox({
    run: async ({ args }) => {
      asked.push(args);
      if (answers[asked.length - 1]?.stderr === 'fails') throw new Error('it could not be run');
      return answers[asked.length - 1] ?? { code: 0, stderr: '' };
    },
    env: { PATH: path, ...more },
    find: async (program) => (program === 'git' ? git : options.installed === false ? null : '/usr/bin/bwrap'),
    realPath: async (path) => path.replace(/^\/run(?=\/|$)/u, '/var/run'),
    isFolder: async (path) => path !== '/mnt' && !path.startsWith('/home/eve'),
    list: async (path) => {
      listed.push(path);
      return [];
    },
    sockets: () => sockets,
  });
  return { sandbox, asked, listed };
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
  expect(await machine([], { installed: false }).sandbox.lack(AGENT)).toBe('bubblewrap is not installed');
});

test('[SEC-9] a sandbox that was there is not taken for there once its program is removed', async () => {
  const programs = { installed: true };
  const { sandbox, asked } = machine([], programs);
  expect(await sandbox.lack(AGENT)).toBe(null);
  programs.installed = false;
  expect(await sandbox.lack(AGENT)).toBe('bubblewrap is not installed');
  programs.installed = true;
  expect(await sandbox.lack(AGENT)).toBe(null);
  expect(asked).toHaveLength(1);
});

const SPEC: SandboxSpec = {
  ...{ mode: 'worktree', worktree: '/w', root: '/r', commonDir: '/r/.git', network: 'shared' },
  git: { kind: 'read-only', config: '/c' },
  home: { at: '/home/ada', folder: null },
  ...{ hidden: ['/data'], read: [], write: [] },
};

/** The words that bubblewrap is given where all is there that was there when they were found. */
const wordsOf = ([shell, option, text, ...more]: readonly string[]): readonly string[] => {
  using folder = temporaryFolder('words');
  writeFileSync(join(folder.path, 'bwrap'), `#!/bin/sh\nprintf '%s\\0' "$@"\n`, { mode: 0o700 });
  const env = { PATH: `${folder.path}:${process.env['PATH']}` };
  return execFileSync(shell!, [option!, `test() { :; }\n${text}`, ...more], { env, encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);
};

const over = (words: readonly string[], ...mount: readonly string[]): readonly (string | undefined)[] =>
  words.flatMap((_, n) => (mount.every((word, m) => words[n + m] === word) ? [words[n + mount.length]] : []));

test('[SEC-9] only folders that are there are hidden, where they really are', async () => {
  const hidden = over(wordsOf(await machine([], { more: { TMPDIR: '/scratch/ada' } }).sandbox.wall(SPEC)), '--tmpfs');
  for (const folder of ['/scratch/ada', '/var/lib/incus', '/var/snap', '/var/lib/docker'])
    expect(hidden).toContain(folder);
  expect(hidden).toContain('/data');
  expect(hidden).toContain('/var/run');
  expect(hidden).not.toContain('/run');
  expect(hidden).not.toContain('/mnt');
});

test('[SEC-9] a folder of the PATH that cannot be reached is not laid open', async () => {
  const { sandbox } = machine([], { path: '/home/ada/bin:/home/eve/bin:/usr/bin', git: '/home/ada/bin/git' });
  const filter = { ...SPEC, config: '/c', home: '/home/ada' };
  const place = { root: '/r', commonDir: '/r/.git', folder: '/g', home: '/home/ada', hidden: [] };
  const git = await sandbox.gitWall(place);
  for (const words of [wordsOf(await sandbox.wall(SPEC)), wordsOf(await sandbox.filterWall(filter)), git]) {
    expect(over(words, '--ro-bind-try')).toContain('/home/ada/bin');
    expect(over(words, '--ro-bind-try')).not.toContain('/home/eve/bin');
  }
});

test('[SEC-9] whether a folder is there is seen without a look at what is in it', async () => {
  const { sandbox, listed } = machine([], { sockets: ['/srv/db/s'] });
  await sandbox.wall(SPEC);
  await sandbox.gitWall({ root: '/r', commonDir: '/r/.git', folder: '/g', home: '/home/ada', hidden: [] });
  expect(listed).toEqual(['/srv/db']);
});

test('[SEC-9] many sockets in a folder are closed with it, also in a checkout that lies in a home, but not those in the checkout itself', async () => {
  const many = (folder: string, count: number) => Array.from({ length: count }, (_, n) => `${folder}/${n}`);
  const [few, own] = [many('/home/ada/app/few', 32), many('/home/ada/app', 33)];
  const { sandbox } = machine([], { sockets: [...few, ...own, ...many('/home/ada/app/run', 33)] });
  const wall = await sandbox.wall({ ...SPEC, root: '/home/ada/app', commonDir: '/home/ada/app/.git' });
  expect(over(wordsOf(wall), '--ro-bind', '/dev/null').toSorted()).toEqual([...few, ...own].toSorted());
  expect(over(wordsOf(wall), '--tmpfs')).toContain('/home/ada/app/run');
  const filter = { ...SPEC, config: '/c', home: '/home/ada', worktree: '/home/ada/app' };
  expect(over(wordsOf(await sandbox.filterWall(filter)), '--tmpfs')).toContain('/home/ada/app/run');
});

test('[SEC-9] sockets at which programs of the machine listen are closed, but those that are named', async () => {
  const sockets = [
    // Neither what is hidden nor what is its own is closed once more.
    ...['/run/docker.sock', '/home/ada/x.sock', '/tmp/tmux-1000/default', '/w/dev.sock', '/r/.git/drover/drover.sock'],
    ...[
      '/srv/db/.s.PGSQL.5432',
      '/r/app.sock',
      '/opt/engine.sock',
      '/srv/named/x.sock',
      '/srv/app/.git/drover/drover.sock',
    ],
  ];
  const { sandbox } = machine([], { sockets });
  const words = wordsOf(await sandbox.wall({ ...SPEC, read: ['/srv/named'], write: ['/opt/engine.sock'] }));
  expect(over(words, '--ro-bind', '/dev/null').toSorted()).toEqual(['/r/app.sock', '/srv/db/.s.PGSQL.5432']);
  // Of another swarm all is hidden.
  expect(over(words, '--tmpfs')).toContain('/srv/app/.git/drover');
  const strict = wordsOf(await sandbox.wall({ ...SPEC, mode: 'strict' }));
  expect(over(strict, '--ro-bind', '/dev/null').toSorted()).toEqual([
    ...['/opt/engine.sock', '/srv/db/.s.PGSQL.5432', '/srv/named/x.sock'],
  ]);
  const filter = { ...SPEC, config: '/c', home: '/home/ada', worktree: '/w' };
  expect(over(wordsOf(await sandbox.filterWall(filter)), '--ro-bind', '/dev/null')).toContain('/w/dev.sock');
});

test('[SEC-9] sockets without a path are closed where the kernel does it, which is tried once, and the network is that of the machine', async () => {
  const able = machine([]);
  for (const network of ['shared', 'none', 'shared'] as const) {
    const words = wordsOf(await able.sandbox.wall({ ...SPEC, network }));
    expect(words.includes('/usr/bin/perl')).toBe(network === 'shared');
  }
  expect(able.asked.map((args) => args.at(-1))).toEqual(['true', 'true']);
  const unable = machine([{ code: 1, stderr: '' }]);
  expect(wordsOf(await unable.sandbox.wall(SPEC)).at(-1)).toBe('--');
});

test('[SEC-9] calls of the kernel are closed where it takes a filter for them, which is tried once', async () => {
  const able = machine([]);
  const unable = machine([{ code: 1, stderr: '' }]);
  for (const _ of ['once', 'again']) {
    expect(wordsOf(await able.sandbox.wall({ ...SPEC, network: 'none' })).slice(0, 4)).toEqual([
      ...['--json-status-fd', '9', '--seccomp', '7'],
    ]);
    expect(wordsOf(await unable.sandbox.wall({ ...SPEC, network: 'none' }))).not.toContain('--seccomp');
  }
  expect([able.asked.length, unable.asked.length]).toEqual([1, 1]);
});

test('[SEC-9] what could not be tried is tried again, and nobody is shut in less meanwhile', async () => {
  const broken = machine([{ code: null, stderr: 'fails' }]);
  await expect(broken.sandbox.wall({ ...SPEC, network: 'none' })).rejects.toThrow('it could not be run');
  expect(wordsOf(await broken.sandbox.wall({ ...SPEC, network: 'none' }))).toContain('--seccomp');
});

test('[SEC-9] toolchains are to be seen, and never a folder that holds the home', () => {
  const path = '/usr/bin:/home:/home/ada/go/bin:bin:/:/home/ada/.local:/home/ada/.config';
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
