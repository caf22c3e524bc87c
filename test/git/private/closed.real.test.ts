import { execFileSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../helpers/folder.ts';
import { noSandbox } from '../../helpers/sandbox.ts';

const program = fileURLToPath(new URL('./closed.ts', import.meta.url));

/** Modes mean nothing to root: there it is somebody else who tries. */
const asPlain = (folder: string): { uid?: number; gid?: number } => {
  if (process.getuid?.() !== 0) return {};
  chownSync(folder, NOBODY, NOBODY);
  return { uid: NOBODY, gid: NOBODY };
};
const NOBODY = 65_534;

test.skipIf(noSandbox !== undefined).each([
  ['a folder of its worktree', 'chmod 0 d/e d'],
  ['its worktree', 'chmod 0 .'],
  ['a file', 'chmod 0 d/e/new readme.md'],
  ['a file with a long name', 'n=$(printf %0200d 0); mkdir -p $n/$n/$n; cp readme.md $n/$n/$n; chmod 0 $n/$n/$n/*'],
  [
    'the refs and objects of its git directory',
    'cd "$(git rev-parse --git-common-dir)"; chmod 0 objects/?? refs/heads/* refs',
  ],
  ['what git keeps of its worktree', 'chmod 0 "$(git rev-parse --absolute-git-dir)"'],
  ['its git directory', 'chmod 0 "$(git rev-parse --git-common-dir)"'],
])(
  `[SEC-9] whoever is shut in keeps nobody from their work by closing %s${noSandbox ? ` (skipped: ${noSandbox})` : ''}`,
  (_what, how) => {
    using folder = temporaryFolder('closed');
    const env = { PATH: process.env['PATH'], TMPDIR: folder.path };
    const args = ['--disable-warning=ExperimentalWarning', program, how];
    const said = execFileSync(process.execPath, args, {
      env,
      cwd: folder.path,
      encoding: 'utf8',
      ...asPlain(folder.path),
    });
    expect(JSON.parse(said)).toEqual({ isHarvested: true, isKept: true, left: [] });
  },
);
