import { expect, test } from 'vitest';
import { openSandbox } from '../../src/sandbox/open.ts';
import { readsFor } from '../../src/sandbox/toolchains.ts';

const machine = (answers: readonly { code: number | null; stderr: string }[], installed = true) => {
  const asked: (readonly string[])[] = [];
  const sandbox = openSandbox({
    run: async ({ args }) => {
      asked.push(args);
      return answers[asked.length - 1]!;
    },
    env: {},
    find: async () => (installed ? '/usr/bin/bwrap' : null),
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
  expect(await sandbox.lack()).toBe('bwrap: Creating new namespace failed: No space left on device');
  expect(await sandbox.lack()).toBe('bwrap does not work');
  expect([await sandbox.lack(), await sandbox.lack()]).toEqual([null, null]);
  expect(asked).toHaveLength(3);
  expect(await machine([], false).sandbox.lack()).toBe('bwrap is not installed');
});

test('[SEC-9] only folders that are there are hidden, where they really are', async () => {
  const words = await machine([]).sandbox.wall({
    mode: 'worktree',
    worktree: '/w',
    root: '/r',
    commonDir: '/r/.git',
    git: { kind: 'read-only' },
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
  const reads = readsFor({ home: '/home/ada', path: '/usr/bin:/home:/home/ada/go/bin:bin:/', needed: ['/opt/drover'] });
  expect(reads).toContain('/home/ada/.nvm/versions');
  expect(reads).toContain('/home/ada/go/bin');
  expect(reads).toContain('/opt/drover');
  for (const folder of ['/home', '/', 'bin', '/home/ada', '/home/ada/.ssh', '/home/ada/.npmrc'])
    expect(reads).not.toContain(folder);
});
