import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { remove } from '../../src/files/remove.ts';
import { temporaryFolder } from '../helpers/folder.ts';

/** Puts a link in the place of a folder as soon as the first of its files goes. */
const SWAP = String.raw`
my ($folder, $to) = @ARGV; $| = 1;
my $fd = syscall(294, 0); syscall(254, $fd, $folder, 0x200);
open(my $in, '<&=', $fd); print "ready\n"; sysread($in, my $b, 64);
rename $folder, "$folder.real"; symlink $to, $folder; print "swapped\n";`;

test.runIf(process.platform === 'linux' && process.arch === 'x64')(
  '[SEC-9] what is removed is what was there, whatever comes in its place meanwhile',
  async () => {
    using folder = temporaryFolder('remove');
    const at = (...names: string[]) => join(folder.path, ...names);
    for (const name of ['odd.json/deep', 'person']) mkdirSync(at(name), { recursive: true });
    for (let n = 0; n < 800; n += 1) {
      writeFileSync(at('odd.json/deep', `f${n}`), '');
      if (n % 2 === 0) writeFileSync(at('person', `f${n}`), '');
    }
    const child = spawn('perl', ['-e', SWAP, at('odd.json/deep'), at('person')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const swapped = once(child.stdout, 'data');
    await remove(at('odd.json')).catch(() => undefined);
    await swapped;
    expect(readdirSync(at('person'))).toHaveLength(400);
  },
);

test('[SEC-9] a link is removed and not what it leads to, and what is not there is removed already', async () => {
  using folder = temporaryFolder('remove');
  const at = (...names: string[]) => join(folder.path, ...names);
  for (const name of ['tree/a/b', 'kept']) mkdirSync(at(name), { recursive: true });
  for (const name of ['tree/file', 'tree/a/b/file', 'kept/file', 'file']) writeFileSync(at(name), '');
  symlinkSync(at('kept'), at('tree/a/link'));
  symlinkSync(at('kept'), at('link'));
  for (const name of ['tree', 'link', 'file', 'nothing', 'nothing/there']) await remove(at(name));
  expect([readdirSync(folder.path), readdirSync(at('kept'))]).toEqual([['kept'], ['file']]);
});

test('[SEC-9] folders that nobody may write or read, as programs leave them, are removed', () => {
  using folder = temporaryFolder('remove');
  const at = (...names: string[]) => join(folder.path, ...names);
  mkdirSync(at('home/go/mod'), { recursive: true });
  mkdirSync(at('home/closed'));
  writeFileSync(at('home/go/mod/file'), '');
  for (const [name, mode] of [
    ['home/go/mod', 0o555],
    ['home/go', 0o555],
    ['home/closed', 0],
    ['.', 0o777],
  ] as const)
    chmodSync(at(name), mode);
  const source = fileURLToPath(new URL('../../src/files/remove.ts', import.meta.url));
  const script = `import(${JSON.stringify(source)}).then(({ remove }) => remove(${JSON.stringify(at('home'))}))`;
  // Root may do everything in any case.
  const user = process.getuid?.() === 0 ? { uid: 65_533, gid: 65_533 } : {};
  if ('uid' in user) spawnSync('chown', ['-R', '65533', at('home')]);
  const { status, stderr } = spawnSync(process.execPath, ['-e', script], { ...user, env: {}, encoding: 'utf8' });
  expect([status, existsSync(at('home'))], stderr).toEqual([0, false]);
});

test('[SEC-9] folders are removed however deep they lie, closed ones too', async () => {
  using folder = temporaryFolder('remove');
  const tree = join(folder.path, 'tree');
  mkdirSync(tree);
  const make = 'chdir $ARGV[0]; for (1..3000) { mkdir "d"; chdir "d" } open(F, ">file"); chmod 0, ".", ".."';
  expect(spawnSync('perl', ['-e', make, tree]).status).toBe(0);
  await remove(tree);
  expect(existsSync(tree)).toBe(false);
});
