import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isFolder } from '../../src/files/is-folder.ts';
import { localFiles } from '../../src/files/open.ts';
import { openProcesses } from '../../src/process/broker.ts';
import { openSandbox } from '../../src/sandbox/open.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { noSandbox } from '../helpers/sandbox.ts';

/** What a program sees of these files, where the checkout, the home and the worktrees lie in each other in some way. */
const seen = async (places: Record<'root' | 'home' | 'worktree', string>, more: { hidden?: string; read?: string }) => {
  using folder = temporaryFolder('layers');
  const at = (path: string) => join(folder.path, path);
  await using processes = await openProcesses();
  const [root, home, worktree] = [at(places.root), at(places.home), at(places.worktree)];
  const files = [
    ...[
      `${root}/.git/config`,
      `${root}/.git/drover/x`,
      `${root}/readme`,
      `${home}/.ssh/id`,
      `${worktree}/.git`,
      `${worktree}/mine`,
    ],
    ...[`${dirname(worktree)}/other/file`, at('own/home/.rc'), `${home}/bin/tool`],
    ...(more.hidden === undefined ? [] : [`${at(more.hidden)}/key`]),
  ];
  for (const file of files) {
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file)) writeFileSync(file, 'x');
  }
  const env = { PATH: `${home}/bin:${process.env['PATH']}`, TMPDIR: tmpdir() };
  const sandbox = openSandbox({
    ...{ env, run: (trial) => processes.run(trial), find: async () => null },
    ...{ realPath: localFiles.realPath, isFolder, list: localFiles.list, sockets: () => [] },
  });
  const wall = await sandbox.wall({
    ...{
      mode: 'worktree',
      worktree,
      root,
      commonDir: `${root}/.git`,
      git: { kind: 'read-only', config: `${root}/.git/config` },
    },
    ...{ home: { at: home, folder: at('own/home') }, network: 'none' },
    hidden: [dirname(worktree), ...(more.hidden === undefined ? [] : [at(more.hidden)])],
    read: more.read === undefined ? [] : [at(more.read)],
    write: [],
  });
  const [program = '', ...words] = wall;
  const { stdout } = spawnSync(program, [...words, 'ls', ...files, `${home}/.rc`], { env, encoding: 'utf8' });
  return stdout
    .trim()
    .split('\n')
    .map((file) => file.slice(folder.path.length + 1))
    .toSorted();
};

describe.skipIf(noSandbox !== undefined)(`layers of a sandbox (${noSandbox ?? 'there is one'})`, () => {
  test('[SEC-9] worktrees in the checkout are hidden from each other', async () => {
    const places = { root: 'ada/app', home: 'ada', worktree: 'ada/app/.worktrees/one' };
    expect(await seen(places, {})).toEqual([
      ...['ada/.rc', 'ada/app/.git/config', 'ada/app/.worktrees/one/.git', 'ada/app/.worktrees/one/mine'],
      ...['ada/app/readme', 'ada/bin/tool'],
    ]);
  });

  test('[SEC-9] a checkout that is the home, or holds it, lays nothing of the home open', async () => {
    const inside = (root: string) => [
      ...['ada/.rc', `${root}/.git/config`, 'ada/bin/tool', 'data/w/one/.git', 'data/w/one/mine'],
    ];
    expect(await seen({ root: 'ada', home: 'ada', worktree: 'data/w/one' }, {})).toEqual(inside('ada').toSorted());
    const all = { root: 'all', home: 'all/ada', worktree: 'data/w/one' };
    expect(await seen(all, {})).toEqual([
      ...['all/.git/config', 'all/ada/.rc', 'all/ada/bin/tool', 'all/readme', 'data/w/one/.git', 'data/w/one/mine'],
    ]);
  });

  test('[SEC-9] what is laid open does not lay open what is hidden in it, and a worktree in the checkout hides no checkout', async () => {
    const places = { root: 'ada/app', home: 'ada', worktree: 'ada/app/one' };
    expect(await seen(places, { hidden: 'ada/shared/data', read: 'ada/shared' })).toEqual([
      ...['ada/.rc', 'ada/app/.git/config', 'ada/app/one/.git', 'ada/app/one/mine', 'ada/app/other/file'],
      ...['ada/app/readme', 'ada/bin/tool'],
    ]);
  });

  test('[SEC-9] what closes sockets without a path says nothing to the program, whatever language is set', async () => {
    using folder = temporaryFolder('scope');
    await using processes = await openProcesses();
    const env = { PATH: process.env['PATH'] ?? '', LC_ALL: 'xx_XX.UTF-8' };
    const sandbox = openSandbox({
      ...{ env, run: (trial) => processes.run(trial), find: async () => null },
      ...{ realPath: localFiles.realPath, isFolder, list: localFiles.list, sockets: () => [] },
    });
    const at = (name: string) => join(folder.path, name);
    for (const file of ['.git/config', 'w/.git', 'home/.rc']) {
      mkdirSync(dirname(at(file)), { recursive: true });
      writeFileSync(at(file), 'x');
    }
    const [program = '', ...words] = await sandbox.wall({
      ...{ mode: 'worktree', worktree: at('w'), root: at(''), commonDir: at('.git'), network: 'shared' },
      git: { kind: 'read-only', config: at('.git/config') },
      ...{ home: { at: at('home'), folder: null }, hidden: [], read: [], write: [] },
    });
    const { stdout, stderr, status } = spawnSync(program, [...words, 'env'], { env, encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('LC_ALL=xx_XX.UTF-8\n');
    expect(stdout).not.toContain('PERL');
    expect(spawnSync(program, [...words, 'sh', '-c', 'exit 7'], { env }).status).toBe(7);
  });
});
