import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withOpenFolder } from '../../src/git/owner-rights.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const NOBODY = 65_534;
const module = new URL('../../src/git/owner-rights.ts', import.meta.url).href;

/** Opens up a folder as somebody for whom modes count. */
const openUpAsPlain = (path: string): string =>
  execFileSync(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      ...['--input-type=module', '-e'],
      `import { openUp } from ${JSON.stringify(module)}; console.log(await openUp(process.argv[1]));`,
      path,
    ],
    { cwd: '/', env: { PATH: process.env['PATH'] }, encoding: 'utf8', uid: NOBODY, gid: NOBODY },
  ).trim();

test.skipIf(process.getuid?.() !== 0)(
  '[SEC-9] what somebody has closed is opened also beside folders that are not theirs (only as root)',
  () => {
    using folder = temporaryFolder('rights');
    const names = Array.from({ length: 12 }, (_, n) => `folder-${n}`);
    chownSync(folder.path, NOBODY, NOBODY);
    for (const [n, name] of names.entries()) {
      mkdirSync(join(folder.path, name));
      // Every third one is somebody else's.
      if (n % 3 !== 0) chownSync(join(folder.path, name), NOBODY, NOBODY);
      chmodSync(join(folder.path, name), 0o000);
    }
    expect(openUpAsPlain(folder.path)).toBe('true');
    const modes = names.map((name) => statSync(join(folder.path, name)).mode & 0o777);
    expect(modes).toEqual(names.map((_, n) => (n % 3 === 0 ? 0o000 : 0o700)));
  },
);

test.each([
  ['git said so', new Error('"git update-index" failed: error: open("a"): Permission denied'), true],
  ['the system said so', Object.assign(new Error('no'), { code: 'EACCES' }), true],
  ['what caused it was', new Error('it stays', { cause: Object.assign(new Error('no'), { code: 'EPERM' }) }), true],
  ['nobody said so', new Error('the disk is full'), false],
])('a folder is gone through for what failed for want of rights alone: %s', async (_how, error, isTried) => {
  using folder = temporaryFolder('rights');
  mkdirSync(join(folder.path, 'closed'), { mode: 0o000 });
  let tries = 0;
  const work = async () => {
    tries += 1;
    if (tries === 1) throw error;
  };
  await withOpenFolder(folder.path, work).catch(() => undefined);
  expect([tries, statSync(join(folder.path, 'closed')).mode & 0o777]).toEqual(isTried ? [2, 0o700] : [1, 0o000]);
});
