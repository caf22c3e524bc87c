import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { understand } from '../../../src/commands/dispatch.ts';
import { commands } from '../../../src/commands/index.ts';
import { lackingFacts } from '../../../src/daemon/actions/tell-lacking.ts';
import { lackingWith } from '../../../src/git/lacking.ts';
import { languageOf } from '../../helpers/desk.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

test('submodules and large files that git leaves out of a new worktree are named, each with what helps', () => {
  const facts = lackingFacts({ submodules: ['lib', 'vendor/x'], lfs: true }, false);
  const alerts = facts.map(({ data }) => data as { text: string; suggestion: string });
  expect(alerts.map(({ text }) => text)).toEqual([
    '2 submodules (lib, vendor/x) of this repository are empty in new worktrees, as git leaves them; a set-up can fetch them there',
    'Files that git LFS keeps are only pointers in new worktrees, because its filter is not set up: install git-lfs and run "git lfs install"',
  ]);
  for (const { suggestion } of alerts)
    expect(() => understand(languageOf(commands), { text: suggestion })).not.toThrow();
  expect(lackingFacts({ submodules: ['lib'], lfs: false }, true)).toEqual([]);
  expect(lackingFacts({ submodules: [], lfs: false }, false)).toEqual([]);
});

test('what a worktree lacks is read from it, and git is asked only where large files are kept', async () => {
  using folder = temporaryFolder('lacking');
  const asked: string[][] = [];
  const look = (code: number) =>
    lackingWith(async (args) => {
      asked.push([...args]);
      return { code, stdout: '', stderr: '', signal: null, timedOut: false };
    })(folder.path);
  for (const path of ['lib/a b', 'c']) mkdirSync(`${folder.path}/${path}`, { recursive: true });
  expect([await look(1), asked]).toEqual([{ submodules: [], lfs: false }, []]);
  writeFileSync(
    `${folder.path}/.gitmodules`,
    '[submodule "a"]\n\tpath = lib/a b\n\turl = ../a\n[submodule "c"]\npath=c\n[submodule "d"]\npath = left/out\n',
  );
  writeFileSync(`${folder.path}/.gitattributes`, '*.bin filter=lfs diff=lfs merge=lfs -text\n');
  expect(await look(1)).toEqual({ submodules: ['lib/a b', 'c'], lfs: true });
  expect(await look(0)).toEqual({ submodules: ['lib/a b', 'c'], lfs: false });
});
